"""What a validation says, in English and Chinese."""

from coach.validation.parts import Fates
from policies.language.rule import Rule
from policies.record.records import ROLES
from policies.words.rule_words import rule_words
from sim.experiment.verdict.parts import Text

FIGURES = {
    "firings_per_person_week": Text(en="Firings per person and week", zh="每人每周触发数"),
    "notices_per_person_week": Text(en="Notices per person and week", zh="每人每周通知数"),
    "notices_busiest_week": Text(en="Notices to one person in the busiest week", zh="最忙一周一人收到的通知数"),
    "first_day_from_now": Text(en="Firings on the first day, clocks starting now", zh="启用首日触发数（重新计时）"),
    "first_day_catch_up": Text(en="Firings on the first day, catching up on the past", zh="启用首日触发数（补算过去）"),
    "refused_steps": Text(en="Steps that would have been refused", zh="会被拒绝的步骤数"),
    "won_later": Text(en="Share of the records concerned that were won later", zh="所涉记录中后来赢单的比例"),
}
STATES = {
    "held": Text(en="held", zh="守住"),
    "broken": Text(en="broken", zh="突破"),
    "undecided": Text(en="undecided", zh="无法判定"),
}
FATES = {
    "won": Text(en="won", zh="赢单"),
    "lost": Text(en="lost", zh="丢单"),
    "no_decision": Text(en="closed without a decision", zh="无决定而结束"),
    "open": Text(en="still open", zh="仍在进行"),
    "new": Text(en="still new", zh="仍为新建"),
    "converted": Text(en="converted", zh="已转化"),
    "active": Text(en="still active", zh="仍活跃"),
    "churned": Text(en="churned", zh="流失"),
    "answered": Text(en="answered", zh="已答复"),
    "withdrawn": Text(en="withdrawn", zh="已撤回"),
}
_KINDS = {
    "lead": ("leads", "条线索"), "opportunity": ("opportunities", "个商机"), "customer": ("customers", "个客户"),
    "unit": ("units", "个单位"), "request": ("requests", "个请求"),
}  # fmt: skip
_DID = {
    "frozen": ("frozen by this rule", "被此规则冻结的"),
    "refused": ("whose step this rule would have refused", "其步骤会被此规则拒绝的"),
    "shadow": ("on which this rule would have fired", "此规则本会触发的"),
    "fired": ("on which this rule fired", "被此规则触发的"),
}


def role(number: int) -> str:
    """Name of a role by its number."""
    return ROLES[number]


def of_rule(rule: Rule) -> Text:
    """The rule in plain words."""
    return Text(en=rule_words(rule, "en"), zh=rule_words(rule, "zh"))


def of_fates(rule: Rule, fates: Fates) -> Text:
    """What became of the records on which a rule fired: "Of the 43 opportunities frozen by this rule 5 were won later"."""
    if not fates.records:
        return Text(en="It would not have fired.", zh="不会触发。")
    did = _DID[_what(rule)]
    kind = _KINDS[rule.on]
    if rule.on == "unit":
        return Text(en=f"{fates.records} {kind[0]} {did[0]}.", zh=f"{did[1]}有 {fates.records} {kind[1]}。")
    ends = sorted(fates.later.items(), key=lambda each: list(FATES).index(each[0]))
    en = [f"{number} {_later(status, number)}" for status, number in ends]
    zh = [f"{number} {kind[1][0]}{'后来' if _ended(status) else ''}{FATES[status].zh}" for status, number in ends]
    if fates.decided_before:
        en.append(f"{fates.decided_before} had been decided before")
        zh.append(f"{fates.decided_before} {kind[1][0]}此前已有结果")
    return Text(
        en=f"Of the {fates.records} {kind[0]} {did[0]}: {', '.join(en)}.",
        zh=f"{did[1]} {fates.records} {kind[1]}中：{'，'.join(zh)}。",
    )


def _ended(status: str) -> bool:
    return status not in ("open", "new", "active")


def _later(status: str, number: int) -> str:
    was, now = ("was", "is") if number == 1 else ("were", "are")
    return f"{was} {FATES[status].en} later" if _ended(status) else f"{now} {FATES[status].en}"


def _what(rule: Rule) -> str:
    if rule.before is not None:
        return "refused"
    if rule.mode == "shadow":
        return "shadow"
    return "frozen" if any(effect.code == "frozen" for effect in rule.effects) else "fired"
