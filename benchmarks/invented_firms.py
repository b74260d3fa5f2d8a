"""Invented firms, and how a sales office writes them: the labelled set on which likely duplicates are weighed and measured.

`firms(seed, number)` draws firms in families, as they are in a trade: beside a firm stand namesakes in other places, sister
firms of another trade at the same telephone, firms whose name sounds alike, subsidiaries, branches, and others in the same
building. `written(firm, rng)` writes one as people do: without its legal form or place, with the place in brackets, in
traditional characters, in Latin letters, with a slip, with its number in another form, another number, or none. Two writings
are the same customer where they are of the same firm; a branch is a customer of its own. Everything follows from the seed.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from coach.customers.described import Described, described
from coach.customers.lexicon import lexicon
from coach.customers.writing import spelt

_CHARACTERS = (
    "华信宏达恒泰鑫盛瑞丰金海龙腾飞东方天元博远明德正源永兴嘉和润康中科联创新锐智云启航星辰凯越卓众诚志同益民利安顺通广茂"
    "森林江河峰岳晨曦阳光蓝宇晟昊景辉耀佳禾雅美欣荣欧亚百奥亿万立本汇聚力拓捷迅合义尚品优特佰思睿立"
)
_ALIKE = (
    "华花", "信新欣鑫", "宏鸿弘红", "达大", "恒衡", "盛胜圣", "瑞锐睿", "丰峰锋", "海", "龙隆", "腾", "远源元园", "明铭",
    "德", "正", "永", "兴星", "嘉佳", "和禾合河", "康", "中众", "联", "创", "智志", "云", "启齐", "航", "诚成", "利立力",
)  # fmt: skip
_TRADES = (
    ("科技", "Technology"), ("贸易", "Trading"), ("电子", "Electronics"), ("机械", "Machinery"), ("实业", "Industrial"),
    ("商贸", "Trading"), ("科贸", "Technology Trading"), ("化工", "Chemical"), ("新材料", "New Materials"),
    ("医疗器械", "Medical Devices"), ("食品", "Food"), ("物流", "Logistics"), ("自动化", "Automation"),
    ("软件", "Software"), ("信息技术", "Information Technology"), ("建筑工程", "Construction"), ("环保", "Environmental"),
    ("能源", "Energy"), ("包装", "Packaging"), ("汽车零部件", "Auto Parts"), ("纺织", "Textile"),
    ("光电", "Optoelectronics"), ("通信", "Communications"), ("农业", "Agriculture"), ("电气", "Electric"),
    ("生物科技", "Biotech"), ("文化传媒", "Media"), ("家具", "Furniture"), ("智能科技", "Intelligent Technology"),
    ("模具", "Mould"),
)  # fmt: skip
_PLACES = (
    "北京", "上海", "深圳", "广州", "苏州", "杭州", "成都", "武汉", "南京", "天津", "西安", "青岛", "宁波", "东莞", "无锡",
    "长沙", "郑州",
)  # fmt: skip
_FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "")
_AREA = {
    "北京": "010", "上海": "021", "深圳": "0755", "广州": "020", "苏州": "0512", "杭州": "0571", "成都": "028",
    "武汉": "027", "南京": "025", "天津": "022", "西安": "029", "青岛": "0532", "宁波": "0574", "东莞": "0769",
    "无锡": "0510", "长沙": "0731", "郑州": "0371",
}  # fmt: skip
_SYLLABLES = (
    "al", "ber", "cor", "dan", "el", "fen", "gar", "hol", "in", "jan", "kol", "lin", "mar", "nor", "or", "pra", "ren",
    "sol", "tar", "ul", "ver", "wes", "zan", "bri", "ste", "mon",
)  # fmt: skip
_WESTERN = (("Maschinenbau", "Technik", "Handels", "Elektronik", "Logistik", "Software", "Kunststoff"),
            ("Industries", "Technology", "Trading", "Electronics", "Logistics", "Systems", "Plastics"))  # fmt: skip
_WESTERN_FORMS = (("GmbH", "GmbH & Co. KG", "AG"), ("Inc.", "LLC", "Ltd.", "Corp.", "S.A.", "S.p.A."))
_ABROAD = {"GmbH": "B.V.", "GmbH & Co. KG": "S.p.A.", "AG": "S.A.", "Inc.": "GmbH", "LLC": "Ltd.", "Ltd.": "GmbH",
           "Corp.": "AG", "S.A.": "Ltd.", "S.p.A.": "AG"}  # fmt: skip
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
_BRANCHES = ("分公司", "分公司", "办事处", "分厂")


class Firm(NamedTuple):
    """An invented firm; a writing is of it or of another."""

    number: int
    place: str
    brand: str
    trade: tuple[str, str]
    form: str
    tax_number: str
    phone: str
    domain: str
    branch: str = ""

    @property
    def name(self) -> str:
        """As it is registered."""
        if self.is_person:
            return self.brand
        if not self.place:
            return f"{self.brand} {self.trade[0]} {self.form}"
        return f"{self.place}{self.brand}{self.trade[0]}{self.form}{self.branch}"

    @property
    def is_person(self) -> bool:
        """Whether it is a person who buys, under a name that others have too."""
        return not self.form and not self.trade[0]


def firms(seed: int, number: int) -> list[Firm]:
    """So many firms, in families of up to six."""
    rng, found = random.Random(seed), list[Firm]()
    while len(found) < number:
        found += _family(rng, len(found))
    return found[:number]


def _family(rng: random.Random, first: int) -> Iterator[Firm]:
    kind = rng.random()
    head = _western(rng, first) if kind < 0.15 else _person(rng, first) if kind < 0.2 else _chinese(rng, first)
    yield head
    number = first
    if head.is_person:
        for _ in range(rng.randrange(3)):  # namesakes
            number += 1
            yield head._replace(number=number, phone=f"139{rng.randrange(10_000_000, 99_999_999)}")
        return
    if not head.place:
        if rng.random() < 0.3:
            number += 1
            yield head._replace(number=number, trade=_other_trade(rng, head), tax_number=_vat(rng))
        if rng.random() < 0.1:  # of the same group, in another country
            number += 1
            form = _ABROAD[head.form]
            yield head._replace(number=number, form=form, tax_number=_vat(rng), phone=_western(rng, 0).phone)
        if rng.random() < 0.3:
            number += 1
            near = _other_letter(rng, head.brand)
            yield head._replace(
                number=number, brand=near, tax_number=_vat(rng), phone=_western(rng, 0).phone, domain=f"{near.lower()}.de"
            )
        return
    kin: list[Callable[[], dict[str, Any]]] = [
        lambda: {"place": rng.choice(_PLACES), "phone": _phone(rng, head.place)},
        lambda: {"trade": rng.choice(_TRADES)},
        lambda: {"brand": _sounding_like(rng, head.brand), "phone": _phone(rng, head.place), "domain": _domain(rng, "")},
        lambda: {"form": "有限公司", "branch": rng.choice(_PLACES) + rng.choice(_BRANCHES), "phone": _phone(rng, head.place)},
        lambda: {"form": "有限公司", "trade": rng.choice(_TRADES), "place": rng.choice(_PLACES)},  # a subsidiary
        lambda: {"brand": _brand(rng), "trade": rng.choice(_TRADES), "domain": _domain(rng, "")},  # in the same building
        lambda: {
            "brand": head.brand + rng.choice(_CHARACTERS),
            "trade": rng.choice(_TRADES),
            "phone": _phone(rng, head.place),
            "domain": _domain(rng, ""),
        },
    ]
    for make in kin:
        if rng.random() < 0.35:
            other = head._replace(number=number + 1, tax_number=_credit_code(rng), **make())
            if other.name != head.name:
                number += 1
                yield other
    if rng.random() < 0.1:  # the same characters in another order
        number += 1
        yield head._replace(
            number=number, brand=head.brand[-1] + head.brand[:-1], tax_number=_credit_code(rng),
            phone=_phone(rng, head.place), domain=_domain(rng, ""),
        )  # fmt: skip
    if rng.random() < 0.03:  # the same name at another registry
        yield head._replace(
            number=number + 1, tax_number=_credit_code(rng), phone=_phone(rng, head.place), domain=_domain(rng, "")
        )


def _chinese(rng: random.Random, number: int) -> Firm:
    brand, place = _brand(rng), rng.choice(_PLACES)
    trade, form = rng.choice(_TRADES), rng.choice(_FORMS)
    return Firm(number, place, brand, trade, form, _credit_code(rng), _phone(rng, place), _domain(rng, spelt(brand)))


def _person(rng: random.Random, number: int) -> Firm:
    name = rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2))))
    return Firm(number, "", name, ("", ""), "", "", f"138{rng.randrange(10_000_000, 99_999_999)}", "")


def _brand(rng: random.Random) -> str:
    return "".join(rng.sample(_CHARACTERS, rng.choice((2, 2, 2, 3, 4))))


def _domain(rng: random.Random, sound: str) -> str:
    return f"{sound or ''.join(rng.choices('abcdefghklmnprstxyz', k=6))}{rng.choice(('.com', '.cn', '.com.cn', '-group.com'))}"


def _western(rng: random.Random, number: int) -> Firm:
    brand = "".join(rng.choices(_SYLLABLES, k=rng.choice((2, 3, 3)))).title()
    kind = rng.randrange(2)
    trade, form = rng.choice(_WESTERN[kind]), rng.choice(_WESTERN_FORMS[kind])
    phone = f"+49 30 {rng.randrange(1_000_000, 9_999_999)}"
    return Firm(number, "", brand, (trade, trade), form, _vat(rng), phone, f"{brand.lower()}.de")


def _other_trade(rng: random.Random, firm: Firm) -> tuple[str, str]:
    kind = 0 if firm.trade[0] in _WESTERN[0] else 1
    word = rng.choice([each for each in _WESTERN[kind] if each != firm.trade[0]])
    return word, word


def _other_letter(rng: random.Random, brand: str) -> str:
    at = rng.randrange(len(brand))
    letter = rng.choice([each for each in "bdfghklmnprstvwz" if each != brand[at].lower()])
    return (brand[:at] + letter + brand[at + 1 :]).title()


def _credit_code(rng: random.Random) -> str:
    from stdnum.cn import uscc

    digits = f"91{rng.choice(('110108', '310115', '440305', '330106', '320505'))}MA{rng.choice('0123456789')}"
    digits += "".join(rng.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=6))
    return digits + uscc.calc_check_digit(digits)


def _vat(rng: random.Random) -> str:
    return f"DE{rng.randrange(100_000_000, 999_999_999)}"


def _phone(rng: random.Random, place: str) -> str:
    if rng.random() < 0.5:
        return f"1{rng.choice((38, 39, 36, 50, 58, 86))}{rng.randrange(10_000_000, 99_999_999)}"
    area = _AREA[place]
    return f"{area}-{rng.choice('268')}{rng.randrange(1_000_000, 9_999_999)}"


def _sounding_like(rng: random.Random, brand: str) -> str:
    at = rng.randrange(len(brand))
    alike = next((each for each in _ALIKE if brand[at] in each and len(each) > 1), None)
    other = rng.choice([each for each in alike if each != brand[at]]) if alike else rng.choice(_CHARACTERS)
    return brand[:at] + other + brand[at + 1 :]


class Writing(NamedTuple):
    """A firm as somebody wrote it."""

    name: str
    tax_number: str
    phone: str
    address: str

    def description(self) -> Described:
        """What can be compared of it."""
        return described(self.name, self.tax_number, self.phone, self.address)


def registered(firm: Firm) -> Writing:
    """A firm as it is registered, with its numbers."""
    return Writing(firm.name, firm.tax_number, firm.phone, f"info@{firm.domain}" if firm.domain else "")


def written(firm: Firm, rng: random.Random) -> Writing:
    """A firm as somebody types it in a hurry."""
    tax = firm.tax_number if rng.random() < 0.25 else ""
    if tax and rng.random() < 0.1:
        at = rng.randrange(9, len(tax))
        tax = tax[:at] + rng.choice("0123456789") + tax[at + 1 :]
    phone = _phone_as_typed(firm.phone, rng) if rng.random() < 0.6 else ""
    if phone and not firm.is_person and rng.random() < 0.4:  # another desk, or whoever called
        phone = _phone(rng, firm.place or "北京") if firm.place else f"+4930{rng.randrange(1_000_000, 9_999_999)}"
    address = f"{rng.choice(('sales', 'wang.wei', 'office'))}@{firm.domain}" if firm.domain and rng.random() < 0.2 else ""
    return Writing(_name_as_typed(firm, rng), tax, phone, address)


def _name_as_typed(firm: Firm, rng: random.Random) -> str:
    if firm.is_person:
        return firm.brand
    return _chinese_name(firm, rng) if firm.place else _western_name(firm, rng)


def _chinese_name(firm: Firm, rng: random.Random) -> str:
    place, brand, trade, form = firm.place, firm.brand, firm.trade[0], firm.form
    turn = rng.random()
    if turn < 0.15 and not firm.branch:
        form = rng.choice((" Co., Ltd.", " Co.,Ltd", " Ltd", ""))
        return f"{spelt(place).title()} {spelt(brand).title()} {firm.trade[1]}{form}"
    if rng.random() < 0.1 and len(brand) > 1:
        brand = _sounding_like(rng, brand)
    if rng.random() < 0.3:
        form = rng.choice(("", "有限公司", "公司")) if "集团" not in form else "集团"
    shape = rng.random()
    name = f"{place}{brand}{trade}{form}"
    if shape < 0.15:
        name = f"{brand}{rng.choice(('（', '('))}{place}{rng.choice(('）', ')'))}{trade}{form}"
    elif shape < 0.35:
        name = f"{brand}{trade}{form}"
    elif shape < 0.45:
        name = f"{place}市{brand}{trade}{form}"
    elif shape < 0.5:
        name = f"{brand}{trade}"
    elif shape < 0.53:
        name = f"{place}{brand}"
    elif shape < 0.55:
        name = brand
    elif shape < 0.58:
        name = f"{place}{brand}{trade}{rng.choice(('发展', '实业'))}{form}"
    elif shape < 0.61:
        name = f"{lexicon().within.get(place, '')}{place}{brand}{trade}{form}"
    name += firm.branch
    return _traditional(name) if rng.random() < 0.05 else f" {name} " if rng.random() < 0.05 else name


def _traditional(name: str) -> str:
    import opencc

    return str(opencc.OpenCC("s2t").convert(name))


def _western_name(firm: Firm, rng: random.Random) -> str:
    brand, form = firm.brand, firm.form
    if rng.random() < 0.1:
        at = rng.randrange(1, len(brand))
        brand = brand[:at] + rng.choice(("", brand[at] * 2)) + brand[at + 1 :]
    form = rng.choice((form, form, "", form.replace(".", ""), form.upper()))
    name = " ".join(filter(None, (brand, firm.trade[0] if rng.random() < 0.85 else "", form)))
    return name.upper() if rng.random() < 0.15 else name


def _phone_as_typed(phone: str, rng: random.Random) -> str:
    if phone.startswith("+"):
        return phone.replace(" ", "")
    if phone.startswith("1"):
        return rng.choice((phone, f"+86{phone}", f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"86-{phone}"))
    area, _, line = phone.partition("-")
    shapes = (
        phone,
        f"({area}){line}",
        f"+86-{area[1:]}-{line}",
        f"{phone}转{rng.randrange(100, 999)}",
        line,
        f"{area} {line[:4]} {line[4:]}",
    )
    return rng.choice(shapes)
