"""What a firm's name consists of: whose name it is, its trade, its place, its legal form, and which branch it means.

A Chinese name is made of place, proper name, trade and legal form, in this order (Provisions on the Administration of the
Registration of Enterprise Names, State Council Order 734); other languages have the same parts.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from coach.customers.lexicon import Lexicon, lexicon
from coach.customers.writing import CHINESE, folded, spelt

_BRACKETS = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]*)[)）\]】〕]")
_SINGLE = re.compile(r"\b(?:[a-zа-я] ){1,4}[a-zа-я]\b")
_CONNECTING = ("and", "und", "y", "e", "of", "the", "de", "co", "и", "et", "og", "och", "fur")
_DIVISION = re.compile(r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市)")
_AREA = "新区|工业园区|高新技术开发区|经济技术开发区|开发区|高新区|园区|区|县"
_DISTRICT = re.compile(rf"(?:工业园区|[\u4e00-\u9fff]{{2,4}}?(?:{_AREA}))(?=[\u4e00-\u9fff]{{4,}})")
_SUBSIDIARY = "子公司"
_ZONES = ("新区", "开发区", "园区", "高新区")


class Name(NamedTuple):
    """A name taken apart; every part folded.

    `full`: all of it without spaces, `whole` the same without its legal form; `brand`: what is left when all else is taken
    away, and `sound` the same in Latin letters; `trades`, `places`, `form` in the words of the lexicon; `form_told` as it is
    written; `branch`: None for the firm itself, else which branch of it, "" where that is not said.
    """

    told: str
    full: str
    whole: str
    brand: str
    sound: str
    trades: tuple[str, ...]
    places: frozenset[str]
    form: str
    form_told: str
    group: bool
    branch: str | None
    chinese: bool

    @property
    def is_bare(self) -> bool:
        """Whether it is a proper name and nothing else, as a person's is."""
        return not (self.trades or self.places or self.form or self.group)


@lru_cache(maxsize=4096)
def name_of(told: str) -> Name | None:
    """A name taken apart; None for a text without a letter."""
    if not any(letter.isalpha() for letter in told):
        return None
    known = lexicon()
    return _chinese(told, known) if CHINESE.search(told) else _latin(told, known)


def _chinese(told: str, known: Lexicon) -> Name | None:
    full = folded(told).replace(" ", "")
    inside = [folded(each).replace(" ", "") for each in _BRACKETS.findall(unicodedata.normalize("NFKC", told))]
    places, groups, form = set(), False, ""
    for each in inside:
        if each in known.places or each.removesuffix("市") in known.places:
            places.add(known.places.get(each) or known.places[each.removesuffix("市")])
        elif each in known.group:
            groups = True
        elif each in known.forms:
            form = each
        elif not full.endswith(each) or len(full) <= len(each) + 1:
            continue  # ABC(新)科技: part of the name; behind it stands a desk or a remark
        full = full.replace(each, "", 1) if each not in known.forms or not full.endswith(each) else full
    rest, branch = _without_branch(full, known)
    rest, ending = _without_ending(rest, known.forms, known.longest["forms"])
    form = ending or form
    rest, group = _without_ending(rest, known.group, 4)
    found, rest = _places_before(rest, known)
    trades, brand = _trades_behind(rest, known)
    if not brand:  # 中国科技: what it is called is all that there is
        brand, trades = rest or full, ()
    brand = _once(brand)
    whole = full.replace(form, "", 1) if form else full
    return Name(
        told, full, whole, brand, spelt(brand), trades, frozenset(places | found), known.forms.get(form, ""), form,
        groups or bool(group), branch, True,
    )  # fmt: skip


def _once(brand: str) -> str:
    """A brand that is told in both writings (HUAXIN华信) is told once."""
    latin = "".join(each for each in brand if not CHINESE.match(each))
    chinese = "".join(each for each in brand if CHINESE.match(each))
    return chinese if latin and len(chinese) > 1 and spelt(chinese) == latin else brand


def _without_branch(text: str, known: Lexicon) -> tuple[str, str | None]:
    """The firm, and which branch of it a name means."""
    word = next((each for each in known.branches if _ends_in_branch(text, each, known)), None)
    if word is None:
        return text, None
    head = text.removesuffix(word)
    for form in sorted((each for each in known.forms if CHINESE.match(each)), key=len, reverse=True):
        at = head.rfind(form)
        if at > 1:
            return head[: at + len(form)], head[at + len(form) :].removesuffix("市")
    for length in range(min(4, len(head) - 2), 1, -1):
        if head[-length:].removesuffix("市") in known.places:
            return head[:-length], head[-length:].removesuffix("市")
    return head, ""


def _ends_in_branch(text: str, word: str, known: Lexicon) -> bool:
    """Whether a branch stands at the end. 子公司 needs a firm before it: 王子公司 and 电子公司 are none."""
    head = text.removesuffix(word)
    if head == text or len(head) <= 2:
        return False
    if word != _SUBSIDIARY:
        return True
    if _without_ending(f"{head}子", known.trades, known.longest["trades"])[1]:
        return False
    whole = (known.trades, known.places, known.group)
    return "公司" in head or any(_without_ending(head, words, known.longest["trades"])[1] for words in whole)


def _without_ending(text: str, words, longest: int) -> tuple[str, str]:
    for length in range(min(longest, len(text) - 1), 1, -1):
        if text[-length:] in words:
            return text[:-length], text[-length:]
    return text, ""


def _places_before(text: str, known: Lexicon) -> tuple[set[str], str]:
    found: set[str] = set()
    while True:
        length = next((size for size in (4, 3, 2) if text[:size] in known.places and len(text) - size >= 2), 0)
        if not length or not _lies_with(known.places[text[:length]], found, known):
            return found, text
        found.add(known.places[text[:length]])
        text = text[length:]
        division = _DIVISION.match(text)
        if division and len(text) - division.end() >= 2:
            text = text[division.end() :]
        if (district := _DISTRICT.match(text)) and (division or district.group().endswith(_ZONES)):
            text = text[district.end() :]


def _lies_with(place: str, found: set[str], known: Lexicon) -> bool:
    """Whether a place may follow those before it: 大连泰安雅 is 泰安雅 in 大连, since 泰安 lies elsewhere."""
    around = {place, known.within.get(place, place)}
    return not found or "中国" in found or any(each in around or known.within.get(each) in around for each in found)


def _trades_behind(text: str, known: Lexicon) -> tuple[tuple[str, ...], str]:
    found: list[str] = []
    while text:
        rest, word = _without_ending(text, known.trades, known.longest["trades"])
        if not word and text in known.trades:
            return (known.trades[text], *found), ""
        if not word or len(rest) < 1:
            word = text[-1:] if text[-1:] in known.trades and len(text) > 2 else ""
            rest = text[:-1]
        if not word:
            break
        found.insert(0, known.trades[word])
        text = rest
    return tuple(dict.fromkeys(found)), text


def _latin(told: str, known: Lexicon) -> Name | None:
    full = _SINGLE.sub(lambda found: found.group().replace(" ", ""), folded(told))
    tokens = full.split()
    form, rest = _form_of(tokens, known)
    branch, rest = _branch_of(rest, known)
    if not form:  # Siemens GmbH, Niederlassung Berlin
        form, rest = _form_of(rest, known)
    group = any(each in known.group for each in rest) and len(rest) > 1
    rest = [each for each in rest if each not in known.group] or rest
    places, trades, brand = _sorted_out(rest, known)
    if not brand:
        brand, trades, places = rest or tokens, [], set()
    joined = " ".join(brand)
    full = "".join(each for each in tokens if each not in _CONNECTING)
    return Name(
        told, full, _whole(tokens, form), joined, spelt(joined), tuple(dict.fromkeys(trades)), frozenset(places),
        known.forms.get(form, ""), form, group, branch, False,
    )  # fmt: skip


def _form_of(tokens: list[str], known: Lexicon) -> tuple[str, list[str]]:
    form = ""
    rest = list(tokens)
    for size in (4, 3, 2, 1) * 2:
        word = " ".join(rest[-size:])
        if len(rest) > size and word in known.forms:
            form, rest = (f"{word} {form}" if f"{word} {form}".strip() in known.forms else form or word), rest[:-size]
    if not form and len(rest) > 1 and rest[0] in known.forms and len(rest[0]) > 1:
        form, rest = rest[0], rest[1:]  # ООО Ромашка
    return form.strip(), rest


def _branch_of(tokens: list[str], known: Lexicon) -> tuple[str | None, list[str]]:
    for place, token in enumerate(tokens):
        if place and token in known.branches and not CHINESE.search(token):
            near = [place - 1, place + 1] if place + 1 < len(tokens) else [place - 1]
            of = next((each for each in near if tokens[each] in known.places), None)
            left = [each for at, each in enumerate(tokens) if at not in (place, of) and each not in ("representative", "rep")]
            return ("" if of is None else known.places[tokens[of]]), left
    return None, tokens


def _sorted_out(tokens: list[str], known: Lexicon) -> tuple[set[str], list[str], list[str]]:
    """Places, trades and what is left, in the longest pieces that are known."""
    places: set[str] = set()
    trades: list[str] = []
    brand: list[str] = []
    spare = ""
    at = 0
    while at < len(tokens):
        for size in (3, 2, 1):
            word = " ".join(tokens[at : at + size])
            if at + size <= len(tokens) and word in known.places:
                spare = word if places else spare
                places.add(known.places[word])
                break
            trade = _trade_of(word, known) if at + size <= len(tokens) and (at or len(tokens) > size) else None
            if trade is not None:
                trades.append(trade)
                break
        else:
            size = 1
            if tokens[at] not in _CONNECTING:
                brand.append(tokens[at])
        at += size
    if not brand and spare:  # Xiamen Luzhou Trading: the second place is what it is called
        return places - {known.places[spare]}, trades, [spare]
    return places, trades, brand


def _whole(tokens: list[str], form: str) -> str:
    left = [each for each in tokens if each not in _CONNECTING and each not in form.split()]
    return "".join(left or tokens)


def _trade_of(word: str, known: Lexicon) -> str | None:
    """The trade that a word names, in the singular or the plural."""
    return known.trades.get(word) or known.trades.get(f"{word}s") or known.trades.get(word.removesuffix("s"))
