"""Why two descriptions are, or are not, of the same customer, in words."""

from coach.customers.described import Described
from coach.customers.names import Name

_WORDS = {
    "tax.same": ("the same tax number", "税号相同"),
    "tax.slip": ("tax numbers that differ in one character, one of them faulty", "税号仅差一个字符，其中一个校验不符"),
    "tax.differ": ("different tax numbers", "税号不同"),
    "phone.mobile": ("the same mobile number", "手机号相同"),
    "phone.line": ("the same telephone number", "电话相同"),
    "phone.exchange": ("the same telephone number but for its extension or area code", "电话相同，仅分机或区号不同"),
    "phone.differ": ("different telephone numbers", "电话不同"),
    "domain.same": ("mail or web addresses of the same firm", "邮箱或网址域名相同"),
    "domain.differ": ("mail or web addresses of different firms", "邮箱或网址域名不同"),
    "name.whole": ("the same whole name", "全称相同"),
    "name.same": ("the same name: {one}", "字号相同：{one}"),
    "name.same_bare": ("the same name: {one}", "名称相同：{one}"),
    "name.romanised": ("the same name in Latin letters: {one}, {other}", "拼音相同：{one}、{other}"),
    "name.sound": ("names that sound alike: {one}, {other}", "字号同音：{one}、{other}"),
    "name.slip": ("names that differ in a letter or two: {one}, {other}", "字号仅差一两个字：{one}、{other}"),
    "name.turned": ("the same characters in another order: {one}, {other}", "字相同而顺序不同：{one}、{other}"),
    "name.letter": ("names with another letter: {one}, {other}", "字号有一个字母不同：{one}、{other}"),
    "name.part": ("one name holds the other: {one}, {other}", "字号互为包含：{one}、{other}"),
    "name.differ": ("different names: {one}, {other}", "字号不同：{one}、{other}"),
    "trade.same": ("the same trade", "行业相同"),
    "trade.missing": ("only one names a trade", "仅一方写明行业"),
    "trade.soft": ("trades that differ in a general word only", "行业仅差通用词"),
    "trade.more": ("one names a further trade", "一方另有行业"),
    "trade.differ": ("different trades", "行业不同"),
    "place.same": ("the same place", "地区相同"),
    "place.missing": ("only one names a place", "仅一方写明地区"),
    "place.within": ("one place lies in the other", "一地在另一地之内"),
    "place.differ": ("different places", "地区不同"),
    "form.same": ("the same legal form", "组织形式相同"),
    "form.alike": ("legal forms of one kind: {form_one}, {form_other}", "组织形式同类：{form_one}、{form_other}"),
    "form.abroad": (
        "legal forms of different countries: {form_one}, {form_other}",
        "不同国家的组织形式：{form_one}、{form_other}",
    ),
    "form.differ": ("different legal forms: {form_one}, {form_other}", "组织形式不同：{form_one}、{form_other}"),
    "group.same": ("both a group", "均为集团"),
    "group.differ": ("only one calls itself a group", "仅一方为集团"),
    "branch.same": ("the same branch", "同一分支机构"),
    "branch.differ": ("one is another branch, or a branch of the other", "一方是另一方的分支机构，或为不同分支"),
}
_FORM_ONLY = ("names differ in ‘{form}’ only", "名称仅差“{form}”")


def worded(one: Described, other: Described, respect: str, level: str) -> tuple[str, str]:
    """A reason in English and in Chinese, with the names that it is about."""
    if respect == "name" and one.name is not None and other.name is not None:
        return _of_names(one.name, other.name, level)
    forms = {
        "form_one": one.name.form_told if one.name else "", "form_other": other.name.form_told if other.name else "",
    }  # fmt: skip
    if (respect, level) == ("form", "same") and forms["form_one"] != forms["form_other"]:
        level = "alike"
    en, zh = _WORDS[f"{respect}.{level}"]
    return en.format(**forms), zh.format(**forms)


def _of_names(one: Name, other: Name, level: str) -> tuple[str, str]:
    form = _form_only(one, other)
    if form:
        return _FORM_ONLY[0].format(form=form), _FORM_ONLY[1].format(form=form)
    en, zh = _WORDS[f"name.{level.removesuffix('_long')}"]
    return en.format(one=one.brand, other=other.brand), zh.format(one=one.brand, other=other.brand)


def _form_only(one: Name, other: Name) -> str:
    """The legal form by which alone two names differ; empty where they differ in more, or in nothing."""
    differ = one.whole == other.whole and one.form_told != other.form_told and one.branch == other.branch
    return " / ".join(filter(None, (one.form_told, other.form_told))) if differ else ""
