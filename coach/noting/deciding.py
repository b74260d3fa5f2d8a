"""Who decides, by a note: whoever stands right beside the words for it, else who the words of the decision chain (S14) say.

Titles and names are open: besides those that S14 knows, whatever stands between where a name may begin and *decides*, *signs*,
拍板 or 签字 is taken, unless the note denies it of that person.
"""

import re
from typing import NamedTuple

from policies.scores.decision_chain import PERSON, Chain, read_chain

_LABELLED = re.compile(
    r"(?:决策人|决策者|拍板人|关键人)\s*(?:是|为|:)\s*(?:他们的?|我们的?)?(?P<zh>[一-鿿]{2,8}"
    r"|[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?)(?=[，。；,;\s]|$)"
    r"|\b(?:decision[- ]maker|DM|EB|economic buyer)\s*(?:is|:|=)\s*(?:the )?(?P<en>[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)
_UNKNOWN = re.compile(r"不明|不清楚|未定|没定|待定|未知|没有|暂无|unknown|TBD|none|nobody", re.IGNORECASE)
_CUE_ZH = (
    r"(?:自己|本人|一个人|亲自|当场|出差|休假|回来|回国|回公司|出面|到场|来|去|最后|最终|就|才|还|同意|也|都|必须|可以|能|要|得|也要|一句话){0,3}"
    r"(?:拍板|说了算|做主|作主|点(?:了|过)?头|签(?:批|了字|字(?!权限|流程|环节)|(?=$|[，。；,;才]))"
    r"|终审|审批|批准|定夺|拿主意|当家|一票否决|管钱|管着钱|有决定权|决定(?!了)|定(?=$"
    r"|[，。；,;但不]|了算|供应商|品牌|型号|方案|谁)|批(?=$|[，。；,;才]))"
)
_LEFT_ZH = (
    r"(?:^|(?<=[，。；、,;:：\s\d万元块的由得要须等是让请找给跟报但而和与到说过上]))(?:最后"
    r"|最终|还是|应该|肯定|必须|需要|都|也|还要|还|得|要|由|等|让|是|就|他们|她们|我们|老"
    r"|反正|其实|真正|实际){0,4}?"
)
_OPEN_ZH = re.compile(
    rf"(?=(?P<told>{_LEFT_ZH}(?P<name>(?!最后|最终|还是|应该|肯定|必须|需要|反正|其实)[一-鿿]{{1,7}}?"
    rf"|[A-Z][A-Za-z]+){_CUE_ZH}))"
)
_NO_NAME_ZH = re.compile(
    r"[不没未无别谁我你您哪啥么吗呢吧了着的就才还要得也都再很太等让给把被对看说想去来跟和与或但而因为如果需必须先后最其]"
    r"|客户|对方|项目|预算|合同|价格|方案|大家|他们|她们|他$|她$|它|这|那|[今明]天|月"
    r"|周|号"
    r"|自己|当场|当天|只|万|亿|千|会议|下单|^(?:人|钱|字|能|可以|名|一|两|几|年|会|现在"
    r"|目前|单子|东西)|新的|流程|搞|块|吃饭|领导$|口头|电话|采购$"
)
_CUE_EN = (
    r"(?:decides?|approves?|signs?(?: (?:off|everything|it|contracts?))?|makes? (?:the"
    r"|all|every) (?:\w+ )?(?:call|decisions?|choice)|ha(?:s|ve) (?:the )?(?:final|last) (?:say"
    r"|word|call)"
    r"|(?:has|have|needs?) to (?:approve|agree|sign)|must (?:approve|agree|sign)|is the (?:real "
    r"|actual )?(?:decision[- ]maker|decider)|calls the shots|picks|chooses|selects|votes? on"
    r"|will (?:decide|sign|approve)"
    r"|holds the purse|controls the budget|owns the budget|gives? (?:the )?(?:final|green))"
)
_NP_EN = r"(?P<name>(?:[A-Za-z][\w'’\-]*\s){0,3}?[A-Za-z][\w'’\-]*)"
_BEFORE_EN = ("and", "but", "the", "our", "that", "only", "their", "then", "says", "said", "company")
_AFTER_EN = "|".join(rf"(?<=\b{word} )" for word in _BEFORE_EN)
_NO_APPROVER = "her|his|my|your|its|a|an|any|some|more|final|formal|written|internal|further|official|customer|budget"
_OPEN_EN = re.compile(
    rf"(?:^|(?<=[.;,:\n]\s)|{_AFTER_EN})(?=(?P<told>{_NP_EN}\s+(?:really\s|then\s|also\s"
    rf"|finally\s|always\s|ultimately\s|alone\s)?{_CUE_EN}\b))"
    rf"|(?=(?P<told2>\b(?:approvals? (?:comes|is|needed)? ?(?:from|by)|decision (?:is "
    rf"|lies |rests |sits )?(?:with|by|from)|(?:goes|went) (?:up )?to|up to|sign-?off (?:from"
    rf"|by))\s+(?:the |their )?(?P<name2>[A-Za-z][\w'’\-]*(?:\s(?:of\s)?[A-Za-z][\w'’\-]*)?)(?=[.,;]"
    rf"|\s+(?:in|at|on|who|and|for|before|first)\b|$)))"
    rf"|(?=(?P<told3>\b(?:needs?|requires?|awaits?|pending|subject to)\s+(?:the |their )?(?P<name3>(?!(?:{_NO_APPROVER})\b)"
    rf"[A-Za-z][\w\-]*)(?:['’]s?)?\s+(?:approval|sign-?off|signature|consent)\b))",
    re.IGNORECASE,
)
_NO_NAME_EN = re.compile(
    r"\b(?:he|she|it|they|we|i|you|who|which|that|this|nobody|no one|noone|somebody|someone"
    r"|everybody|not|never|no|n['’]t|cannot|can|does|do|will|would|to|if|whether|when"
    r"|what|how|is|are|was|be|or|as"
    r"|purchasing|procurement|budget|price|contract|quote|next|before|until|tomorrow|wants?"
    r"|likes?|yet|them|us|nothing|everything|also|just|only|formality|fifty|\w*\d\w*|month"
    r"|week|year|end|find|out)\b|^(?:and|but|then|so|really)\b",
    re.IGNORECASE,
)


class Decider(NamedTuple):
    """Who decides, as the note calls that person, and from where to where the words reach that say so."""

    name: str
    start: int
    end: int


def decider_in(note: str) -> Decider | None:
    """Who decides by a note; None where it does not say, or says that nobody does."""
    for match in _LABELLED.finditer(note):
        group = "zh" if match["zh"] else "en"
        if not _UNKNOWN.search(match[group]):
            return Decider(match[group], match.start(), match.end(group))
    chain = read_chain([note])
    denied = {person for person, weight in chain.weights.items() if weight <= 0}
    beside = [each for each in _beside(note) if not any(_same(each.name, person) for person in denied)]
    if beside and not denied:
        return _fullest(note, beside[-1])
    return _of_chain(note, chain) or (beside[-1] if beside else None)


def _beside(note: str) -> list[Decider]:
    """Names that stand right before words for deciding, or behind those for whose approval it is."""
    found: dict[int, Decider] = {}
    for match in _OPEN_ZH.finditer(note):
        if not _NO_NAME_ZH.search(match["name"]) and len(match["name"]) > 1:
            found.setdefault(match.end("name"), Decider(match["name"], match.start("name"), match.end("told")))
            if PERSON.fullmatch(match["name"]):
                found[match.end("name")] = Decider(match["name"], match.start("name"), match.end("told"))
    for match in _OPEN_EN.finditer(note):
        more = next(each for each in ("", "2", "3") if match[f"name{each}"])
        group, told = f"name{more}", f"told{more}"
        if not _NO_NAME_EN.search(match[group]):
            name = re.sub(r"['’]s$", "", match[group])
            found[match.end(group)] = Decider(name, match.start(told), match.end(told))
    return [found[place] for place in sorted(found)]


def _fullest(note: str, told: Decider) -> Decider:
    """The whole of a title or name that S14 knows, where the words have only its end."""
    for match in PERSON.finditer(note):
        place = note.find(told.name, told.start)
        if match.end() == place + len(told.name) and len(match.group()) != len(told.name):
            return told._replace(name=match.group(), start=min(match.start(), told.start))
    return told


def _of_chain(note: str, chain: Chain) -> Decider | None:
    if chain.decides is None:
        return None
    said = max((each for each in chain.said if each.person == chain.decides), key=lambda each: each.weight)
    begin = max(0, note.find(said.words))
    named = [match for match in PERSON.finditer(note) if _same(match.group(), chain.decides)]
    person = next((match for match in named if match.start() >= begin), named[0] if named else None)
    if person is None:
        return None
    return Decider(person.group(), *_shortened(note, person.start(), person.end(), begin, begin + len(said.words)))


def _shortened(note: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """The clause around a person, or no more than its nearest part where it is long."""
    if not first <= start < last:
        return start, end
    first, last = max(first, start - 12), max(end, min(last, end + 24))
    text = note[first:last]
    return first + len(text) - len(text.lstrip()), last - len(text) + len(text.rstrip())


def _same(told: str, person: str) -> bool:
    return _plain(told) == _plain(person)


def _plain(name: str) -> str:
    return re.sub(r"\W", "", re.sub(r"^the ", "", name.casefold()))
