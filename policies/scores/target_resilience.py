"""S8, target resilience: share of targets that were adjusted when conditions changed. Above 0.82 healthy, below 0.5 an alarm.

    targets adjusted in the period in which a changed need was filed / targets for which one was filed   (systems list, S8)

A change of conditions is what is recorded as one: evidence of a changed customer need for a unit (`need_change`). Its target
counts as adjusted if an adjustment of that unit follows before its next target. What was filed in the running period and not
decided yet does not count. A number needs five cases; that, and that no other sign of a change is looked for, is ours.
"""

from policies.scores.about import About, Limit, listed
from policies.scores.score import AMBER, GREEN, RED, Score, Words
from policies.scores.share import share_of

HEALTHY_ABOVE, ALARM_BELOW = 0.82, 0.5
FEWEST = 5
ABOUT = About(
    "S8", "firm", Words("Target resilience", "目标韧性"),
    Words(
        "targets adjusted in the period in which evidence of a changed need was filed ÷ targets for which it was filed",
        "提交需求变化证据当期得到调整的目标 ÷ 提交过证据的目标",
    ),
    "share", 0.0, 1.0, "higher", Limit("above", HEALTHY_ABOVE), Limit("below", ALARM_BELOW), listed("S8"),
    Words("only filed evidence counts as a change; at least 5 cases", "只有提交的证据算作变化；至少 5 例"),
)  # fmt: skip


def target_resilience(adjusted: int, changed: int) -> Score:
    """The share of `changed` targets that were `adjusted`."""
    if changed < FEWEST:
        reason = Words(
            f"no number: a changed need was filed for {changed} targets; {FEWEST} are needed",
            f"不给数字：提交过需求变化证据的目标仅 {changed} 个，至少需要 {FEWEST} 个",
        )
        return Score("S8", None, None, (reason,), ("need_change",))
    share = share_of(adjusted, changed)
    colour = GREEN if share.value > HEALTHY_ABOVE else RED if share.value < ALARM_BELOW else AMBER
    reason = Words(
        f"{adjusted} of {changed} targets were adjusted after evidence of a changed need was filed",
        f"提交需求变化证据的 {changed} 个目标中有 {adjusted} 个得到调整",
    )
    return Score("S8", share.value, colour, (reason,), (), (share.low, share.high), share.whole)
