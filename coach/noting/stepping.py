"""The next step that a note names: the first day that comes, of which it says no more than what we do then.

A day is left out where the note speaks of the past, of what the customer does by itself (gets back, decides, is away), or of
when a contract or budget runs. Where no day is named, words for a task of ours make a step without one.
"""

import re
from datetime import date, datetime, time
from typing import NamedTuple

from coach.noting.days import Day, days
from coach.noting.hours import hour_at

_ENDS = re.compile(r"[。；;!！?？\n]|\.(?=\s|$)")
_CLAUSE = re.compile(r"[，,。；;!！?？\n]|\.(?=\s|$)|但是|不过|\bbut\b|\band (?=they|he|she|we|i)\b", re.IGNORECASE)
_NOT_OURS = re.compile(
    r"给(?:我)?(?:们)?(?:答复|回话|回复|消息|准信)|回话|他.{0,4}才?回来|出差|放假|到期"
    r"|过期|续约|没批|才批|再说(?!一次)|到任|上任|到岗|截止|交付|搬家|开学|完工|竣工|投产"
    r"|就黄|说要买|才有|再定|交货期"
    r"|\bget(?:s|ting)? back to us\b|\bruns? out\b|\bexpires?\b|\brenewal\b|\bcontract up\b"
    r"|\bdecides? (?:in|by|on)\b|\bwants? to decide\b|\bmeets on\b|\breturns?\b"
    r"|\bback (?:on|from)\b|\bon (?:holiday|(?:\w+ )?leave)\b|\bout of office\b|\bfiscal\b"
    r"|\bgo[- ]?live\b|\bfirst order\b|\bstarts? (?:on|in)\b|\bnurture\b|\bdeadline\b"
    r"|\bmust be running\b|\bnot (?:in|un)?til\b|\btender next\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"^.{0,8}(?:再?(?:约|谈|拜访|回访|见|联系|沟通|碰)|我(?:们)?(?:再)?(?:去|来|给|打)"
    r"|过去)|^[^.;,]{0,12}\b(?:call|meet|visit|demo|follow)", re.IGNORECASE
)
"""What we do on a day, right behind it."""
_PAST_BEHIND = re.compile(
    r"^[^，。；,;]{0,6}(?:已经|了(?!解)|过(?!去|来|目|程))|^\s*(?:we |i )?(?:ran|met|went"
    r"|sent|had|visited|was|were|did|showed|saw|spoke)\b", re.IGNORECASE
)
_PAST_AHEAD = re.compile(
    r"\b(?:met|went|sent|had|visited|ran|was|were|since|last|spoke|saw)\b[^.;,]{0,18}$|(?:上次"
    r"|自从|从|已于)$", re.IGNORECASE)
_UNDATED = re.compile(
    r"(?:下一步|下步|接下来|待办|下次)(?:的?(?:工作|计划|安排|动作))?(?:是|要|：|:)?(?!.{0,3}(?:不清楚"
    r"|没定))|(?:我们?|还)(?:要|需要|得)(?:再)?(?:准备|发|寄|送|补|安排|整理|约|联系|做)"
    r"|回头(?:给|发|再)|尽快(?:给|发|安排|准备|联系|约)"
    r"|\bnext steps?\b(?:\s*(?:is|are|=|:|-|–))?|\bto[- ]?do\b\s*:?|\b(?:need|have|remember"
    r"|must|promised|agreed|going) to (?:send|get|prepare|e?-?mail|call|book|arrange|redo"
    r"|submit|schedule|provide|share|set up|follow up|draft|update|write)\b|\b(?:will"
    r"|i['’]ll|we['’]ll) (?:send|prepare|e?-?mail|call|book|arrange|share|follow up|draft)\b"
    r"|\baction:\s*",
    re.IGNORECASE,
)
_WEEKDAY_END = re.compile(r"[前止]|\b(?:by|before|until)\b", re.IGNORECASE)


class Step(NamedTuple):
    """What is done next, in the note's words at `[start, end)`, and when. `at`: None where no day is said; `clock`: whether the
    time of day was said too; `rough`: a week or month was said."""

    at: datetime | None
    clock: bool
    rough: bool
    start: int
    end: int


def step_in(note: str, today: date, opens: time = time(9)) -> Step | None:
    """The next step that a note names, as a local time; None for none. `opens`: taken where no time of day is said."""
    dated = [(day, *hour_at(note, day.start, day.end)) for day in days(note, today)]
    coming = [each for each in dated if each[0].day > today or _is_still_today(each[0], each[1], note, today)]
    coming = [each for each in coming if not _is_past_or_theirs(note, each[0])]
    if coming:
        day, said, part, start, end = min(coming, key=lambda each: (each[0].rough and _is_vague(note, each[0]), each[0].day))
        first, last = _clause(note, start, end)
        return Step(datetime.combine(day.day, said or part or opens), said is not None, day.rough, first, last)
    for match in _UNDATED.finditer(note):
        first, last = _clause(note, match.start(), match.end())
        if last > match.end() and re.search(r"\w", note[match.end() : last]):
            return Step(None, False, False, first, last)
    return None


def _is_still_today(day: Day, said: time | None, note: str, today: date) -> bool:
    """The end of a month that ends today, or an hour of today that is to come by its words."""
    ends = day.rough and day.day == today
    return ends or (day.day == today and said is not None and bool(re.search(r"再|要|will|going to", note[day.start :][:30])))


def _is_vague(note: str, day: Day) -> bool:
    """A week or month by which nothing has to be done."""
    return not _WEEKDAY_END.search(note[max(0, day.start - 8) : day.start] + note[day.end : day.end + 2])


def _is_past_or_theirs(note: str, day: Day) -> bool:
    first, last = _clause(note, day.start, day.end)
    behind, ahead = note[day.end : last], note[first : day.start]
    theirs = _NOT_OURS.search(note[first:last]) is not None and not _OURS.match(behind)
    past = _PAST_BEHIND.match(behind) or _PAST_AHEAD.search(ahead)
    return theirs or past is not None or _is_undecided(note, day)


def _is_undecided(note: str, day: Day) -> bool:
    """Money or a purchase that is put off to then: 要等明年三月再说, no budget until."""
    first = max((each.end() for each in _ENDS.finditer(note[: day.start])), default=0)
    return bool(re.search(
        r"(?:没有?|无)(?:预算|钱|计划)[^。]*$|(?:要|得)?等(?:到)?$|\b(?:no|without) (?:budget"
        r"|money|funding)[^.]*$", note[first : day.start], re.I))


def _clause(note: str, start: int, end: int) -> tuple[int, int]:
    """From where to where the clause of a place reaches."""
    first = max((each.end() for each in _CLAUSE.finditer(note[:start])), default=0)
    last = next((end + each.start() for each in _CLAUSE.finditer(note[end:])), len(note))
    text = note[first:last]
    return first + len(text) - len(text.lstrip()), last - len(text) + len(text.rstrip())
