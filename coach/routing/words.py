"""Why somebody got a lead, in words."""

from collections.abc import Mapping
from typing import Any

ROUTING = "lead routing"
"""What stands in place of a rule where somebody is told of a lead; no rule can be called so."""
PASSED_ON = "passed on: "
"""What stands before the rule where somebody is told that it gave them a record; no rule can be called so."""
TAKEN = "taken by: "
"""The same where somebody is told that it gave their record to somebody else."""
_HOW = {
    "round_robin": ("In turn, among {among} who are there and have room.", "按轮流分配：在岗且有余量的共 {among} 人。"),
    "best_suited": (
        "Best suited of {among} who are there and have room: {deals}, {open_leads} open leads in hand.",
        "在岗且有余量的 {among} 人中最合适：{deals}，手上未结线索 {open_leads} 条。",
    ),
    "nearest": (
        "In the region of the lead; of those, who has waited longest for a lead.", "与线索同一区域，且其中等待新线索时间最长。"
    ),
    "random": ("Drawn by chance among {among} who are there and have room.", "在岗且有余量的 {among} 人中随机抽取。"),
    "manual": ("Given by {by}.", "由 {by} 指派。"),
    "pool": ("Taken from the pool by {by}.", "由 {by} 从公共池领取。"),
}
_CLOSED = ("{won} of {closed} closed deals{industry} won", "{industry}已结商机 {closed} 个、赢单 {won} 个")
_NONE_CLOSED = ("no closed deals{industry} yet", "{industry}尚无已结商机")
_NOBODY_NEAR = (
    "Nobody of the lead's region is there with room; who has waited longest for a lead.",
    "线索所在区域无人在岗且有余量，由等待新线索时间最长者接收。",
)
_INDUSTRY = (" of this industry", "该行业")
_BEFORE = ("The one before went to {before}.", "上一条分给 {before}。")
_ABSENT = ("Absent: {names}.", "缺勤：{names}。")
_CLOSED_NOW = ("Outside their opening hours: {names}.", "不在营业时间：{names}。")
_FULL = ("With as many leads as allowed: {names}.", "线索已满：{names}。")
_TAKEN = (
    "Taken from {taken_from}, who had not taken it up in time (rule '{rule}').",
    "{taken_from} 未按时跟进，依规则“{rule}”收回后重新分配。",
)
_MOVED = (
    "It would have gone to {moved_from}; {moved_by} moved leads from there to this unit.",
    "原应分给 {moved_from}；{moved_by} 已决定由该单位向本单位调配线索。",
)
_WITHOUT = ("Not counted among them: {without}.", "以上人数不含{without}。")
_SCORE = ("Score of the lead: {score:.0f} of 100.", "线索评分：{score:.0f}（满分 100）。")
_WAITS = {
    "coach": ("Waits to be given out.", "等待分配。"),
    "tried": ("Nobody who is there has room; it is tried again.", "在岗人员均无余量，稍后重试。"),
    "manual": ("Waits until a manager gives it to somebody.", "等待经理指派。"),
    "pool": ("Waits in the pool until a rep takes it.", "在公共池中等待领取。"),
    "source": ("Nobody's; the coach does not give it out.", "无人负责；教练不分配该线索。"),
}


def why_words(how: str, by: str | None, why: Mapping[str, Any], language: str) -> str:
    """Why somebody got a lead: how it was chosen, and what was recorded then."""
    zh = language == "zh"
    comma = "、" if zh else ", "
    told = _NOBODY_NEAR if how == "nearest" and not why.get("near") else _HOW[how]
    industry = _INDUSTRY[zh] if why.get("of_industry") else ""
    numbers = {name: why.get(name, 0) for name in _NUMBERS}
    deals = (_CLOSED if numbers["closed"] else _NONE_CLOSED)[zh].format(industry=industry, **numbers)
    said = [told[zh].format(by=by, deals=deals, **numbers)]
    if how == "round_robin" and why.get("before"):
        said.append(_BEFORE[zh].format(before=why["before"]))
    for names, words in ((why.get("absent"), _ABSENT), (why.get("outside_hours"), _CLOSED_NOW), (why.get("full"), _FULL)):
        if names:
            said.append(words[zh].format(names=comma.join(names)))
    if how in _COUNTED and why.get("without"):
        said.append(_WITHOUT[zh].format(without=why["without"]))
    if why.get("taken_from"):
        said.append(_TAKEN[zh].format(taken_from=why["taken_from"], rule=why["rule"]))
    if why.get("moved") is not None:
        said.append(_MOVED[zh].format(moved_from=why["moved_from"], moved_by=why["moved_by"]))
    if why.get("score") is not None:
        said.append(_SCORE[zh].format(score=why["score"]))
    return ("" if zh else " ").join(said)


def waits_words(what: str, language: str) -> str:
    """What a lead waits for: "coach", "tried", "manual", "pool" or "source"."""
    return _WAITS[what][language == "zh"]


_COUNTED = ("round_robin", "best_suited", "random")
_NUMBERS = ("among", "won", "closed", "open_leads")


def is_giving(rule_id: str) -> bool:
    """Whether what stands in place of a rule says that a record was given to somebody, or taken from somebody."""
    return rule_id == ROUTING or rule_id.startswith((PASSED_ON, TAKEN))


def rule_that_gave(rule_id: str) -> str:
    """The rule behind what stands in its place."""
    return rule_id.removeprefix(PASSED_ON).removeprefix(TAKEN)
