"""S1, opportunity health index: 0 to 100; above 75 healthy, below 60 in two weeks running an alarm.

The source (systems list, S1) gives the two thresholds and two signals: a document open rate below 30 %, and a customer's
question unanswered for more than 24 h. The rest of the formula is ours; each limit is one that the process rules use already:

    movement     30  full up to 3 idle days, none from 15 on, where P3 freezes        last_action_at, else opened_at
    progress     25  full up to 7 days without a step forward (P4), none from 45 on (C2)  last_progress_at, else opened_at
    next step    20  full if one is booked ahead, a quarter if its time has passed     next_step_at
    knowledge    15  share of needs, decision maker, budget and next step of the stage recorded
    closing date 10  full if it lies ahead                                              close_at

A low open rate and an open question take 10 points each off (custom.document_open_rate, custom.question_asked_at,
custom.question_answered_at); a frozen opportunity has at most 40. A number needs movement and progress, so the opportunity must
be open and its start recorded. The same number stands in the derived field `opportunity.health`, which rules can name.
"""

from collections.abc import Sequence

from policies.record.phases import USUAL, phase_at
from policies.scores.about import About, Limit, listed
from policies.scores.score import DAY, HOUR, Part, Score, Values, Words, colour_of, falling, number, weighted

RED_BELOW, GREEN_ABOVE = 60.0, 75.0
WEEKS_OF_ALARM = 2
FROZEN_AT_MOST = 40.0
SIGNAL_COSTS = 10.0
LOW_OPEN_RATE = 0.30
LONG_UNANSWERED = 24 * HOUR
KNOWLEDGE = ("needs_summary", "pain_points", "decision_maker", "budget", "value_proof", "competitor")
"""What is known by the later phases; of the first n + 1 of them, all should be known in phase n."""
ABOUT = About(
    "S1", "opportunity", Words("Opportunity health", "商机健康度"),
    Words(
        "movement 30, progress 25, next step 20, facts known 15, closing date 10; 10 off for documents that are not opened and "
        "for a question unanswered for 24 h; frozen: at most 40",
        "活跃度 30、推进 25、下一步 20、了解程度 15、预计成交日 10；资料少有人打开、问题超过 24 小时未答复各扣 10；冻结最高 40",
    ),
    "points", 0.0, 100.0, "higher", Limit("above", GREEN_ABOVE),
    Limit("below", RED_BELOW, Words("two weeks running", "连续两周")), listed("S1"),
    Words("weights, and when each part is full and empty", "各部分权重与评分标准"),
)  # fmt: skip


def opportunity_health(values: Values, now: int, begins: Sequence[int] = USUAL) -> Score:
    """Health of one opportunity by its recorded fields at the instant `now` (ms).

    `begins`: the phase of the work with which each stage of the firm begins; see `policies.record.phases`.
    """
    if values.get("status", "open") != "open":
        return Score("S1", None, None, (Words("no number: the opportunity is closed", "不给数字：商机已关闭"),))
    parts = [
        _movement(values, now),
        _progress(values, now),
        _next_step(values, now),
        _knowledge(values, begins),
        _closing(values, now),
    ]
    asked = ("last_action_at", "next_step_at", "close_at", *_expected(values, begins))
    missing = [name for name in asked if name not in values]
    score = weighted("S1", parts, 0.7, missing, (RED_BELOW, GREEN_ABOVE))
    return score if score.value is None else _with_signals(score, score.value, values, now)


def _with_signals(score: Score, value: float, values: Values, now: int) -> Score:
    signals = _signals(values, now)
    value = max(0.0, value - SIGNAL_COSTS * len(signals))
    if number(values, "frozen"):
        value = min(value, FROZEN_AT_MOST)
        signals.insert(0, Words("it is frozen: record why it stands still to go on", "已冻结：填写停滞原因后方可继续"))
    return score._replace(value=value, colour=colour_of(value, RED_BELOW, GREEN_ABOVE), reasons=(*signals, *score.reasons))


def _movement(values: Values, now: int) -> Part:
    name = Words("movement", "活跃度")
    last, acted = _latest(values, now, "last_action_at")
    if last is None:
        return Part(name, 30, None, Words("neither an action nor the start is recorded", "没有记录动作，也没有创建时间"))
    idle = (now - last) / DAY
    if acted:
        reason = Words(f"last action {idle:.0f} days ago", f"最近动作在 {idle:.0f} 天前")
    else:
        reason = Words(f"no action in the {idle:.0f} days since it was opened", f"创建 {idle:.0f} 天以来没有动作")
    return Part(name, 30, 30 * falling(idle, 3, 15), reason)


def _progress(values: Values, now: int) -> Part:
    name = Words("progress", "推进")
    last, _ = _latest(values, now, "last_progress_at")
    if last is None:
        return Part(name, 25, None, Words("no step forward is recorded", "没有记录推进"))
    days = (now - last) / DAY
    return Part(
        name, 25, 25 * falling(days, 7, 45), Words(f"last step forward {days:.0f} days ago", f"最近推进在 {days:.0f} 天前")
    )


def _latest(values: Values, now: int, name: str) -> tuple[float | None, bool]:
    """The instant of that field, and whether it is recorded; else that of the start."""
    at = number(values, name)
    if at is not None and at <= now:
        return at, True
    return number(values, "opened_at"), False


def _next_step(values: Values, now: int) -> Part:
    name, at = Words("next step", "下一步"), number(values, "next_step_at")
    if at is None:
        return Part(name, 20, 0.0, Words("no next conversation is booked", "没有约定下次沟通"))
    if at < now:
        passed = (now - at) / DAY
        reason = Words(f"the next conversation was due {passed:.0f} days ago", f"约定的沟通已过期 {passed:.0f} 天")
        return Part(name, 20, 5.0, reason)
    return Part(name, 20, 20.0, Words("a next conversation is booked", "已约定下次沟通"))


def _expected(values: Values, begins: Sequence[int]) -> tuple[str, ...]:
    stage = number(values, "stage") or 1
    return KNOWLEDGE[: phase_at(int(stage), begins) + 1]


def _knowledge(values: Values, begins: Sequence[int]) -> Part:
    expected = _expected(values, begins)
    known = sum(name in values for name in expected)
    reason = Words(
        f"{known} of {len(expected)} facts due by this stage are recorded",
        f"本阶段应知的 {len(expected)} 项中已记录 {known} 项",
    )
    return Part(Words("knowledge", "了解程度"), 15, 15 * known / len(expected), reason)


def _closing(values: Values, now: int) -> Part:
    name, at = Words("closing date", "预计成交日"), number(values, "close_at")
    if at is None:
        return Part(name, 10, None, Words("no closing date is recorded", "没有记录预计成交日"))
    if at < now:
        return Part(name, 10, 0.0, Words("the closing date has passed", "预计成交日已过"))
    return Part(name, 10, 10.0, Words("the closing date lies ahead", "预计成交日未到"))


def _signals(values: Values, now: int) -> list[Words]:
    found = []
    rate = number(values, "custom.document_open_rate")
    if rate is not None and rate < LOW_OPEN_RATE:
        found.append(Words(f"only {rate:.0%} of the documents were opened", f"资料打开率仅 {rate:.0%}"))
    asked, answered = number(values, "custom.question_asked_at"), number(values, "custom.question_answered_at")
    if asked is not None and asked + LONG_UNANSWERED < now and (answered is None or answered < asked):
        hours = (now - asked) / HOUR
        found.append(
            Words(f"a question of the customer is unanswered for {hours:.0f} hours", f"客户的问题已 {hours:.0f} 小时未答复")
        )
    return found
