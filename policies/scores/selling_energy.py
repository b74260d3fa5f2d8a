"""S5, selling-energy entropy: share of working time that neither meets nor prepares for customers.

Below 0.35 healthy, above 0.5 an alarm.

    (forms + searching + chasing approvals) / working time                     (systems list, S5)

From the time that a unit recorded: custom.minutes_worked, custom.minutes_forms, custom.minutes_searching and
custom.minutes_approvals, all of one period. Without the working time, or without any of the three, there is no number: what a
CRM records says what was done for customers, not what the rest of the day went into.
"""

from policies.scores.about import About, Limit, listed
from policies.scores.score import AMBER, GREEN, RED, Score, Values, Words, number

HEALTHY_BELOW, ALARM_ABOVE = 0.35, 0.50
ABOUT = About(
    "S5", "rep", Words("Selling-energy entropy", "销售能量熵"),
    Words(
        "time for forms, searching and chasing approvals ÷ working time, as recorded",
        "填表、查找资料、催办审批的时间 ÷ 工作时长（以记录为准）",
    ),
    "share", 0.0, 1.0, "lower", Limit("below", HEALTHY_BELOW), Limit("above", ALARM_ABOVE), listed("S5"),
    Words("which minutes count as lost", "哪些时间计为损耗"),
)  # fmt: skip
WORKED = "custom.minutes_worked"
LOST = {
    "custom.minutes_forms": Words("forms", "填表"),
    "custom.minutes_searching": Words("searching", "查找资料"),
    "custom.minutes_approvals": Words("chasing approvals", "催办审批"),
}


def selling_energy(values: Values) -> Score:
    """Share of working time lost by one unit, by its recorded fields; 0 to 1, lower is better."""
    missing = tuple(name for name in (WORKED, *LOST) if number(values, name) is None)
    worked = number(values, WORKED)
    lost = {name: minutes for name in LOST if (minutes := number(values, name)) is not None}
    if not worked or worked < 0 or not lost:
        reason = Words(
            "no number: the working time, or what was lost of it, is not recorded", "不给数字：没有记录工作时长或其中的损耗"
        )
        return Score("S5", None, None, (reason,), missing)
    value = sum(lost.values()) / worked
    if value > 1 or min(lost.values()) < 0:
        reason = Words("no number: more time lost than worked; correct the entries", "不给数字：损耗超过工作时长，请更正")
        return Score("S5", None, None, (reason,), missing)
    colour = GREEN if value < HEALTHY_BELOW else RED if value > ALARM_ABOVE else AMBER
    reasons = [
        Words(f"{LOST[name].en} {minutes / worked:.0%}", f"{LOST[name].zh} {minutes / worked:.0%}")
        for name, minutes in sorted(lost.items(), key=lambda each: -each[1])
    ]
    if len(lost) < len(LOST):
        reasons.append(Words("at least this much: not all kinds of loss are recorded", "至少如此：并非所有损耗都有记录"))
    return Score("S5", value, colour, tuple(reasons), missing)
