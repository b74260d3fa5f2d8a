"""S1, S3 and S11 of opportunities: health, completeness of the journey, and how far each came."""

import math
from collections.abc import Sequence

from coach.scoring.past import Past, Values
from coach.scoring.rows import FEWEST_PEOPLE, FIRM, Row, row_of
from coach.winning.history import Record, stages_told, standing, states
from policies.record.phases import PHASES
from policies.record.records import MAX_STAGES
from policies.scores import opportunity_health as s1
from policies.scores.funnel import Funnel, StageShare, Way, funnel
from policies.scores.journey_completeness import Journey, journey_completeness
from policies.scores.score import AMBER, DAY, RED, Score, Words, alarm, number

WEEK = 7 * DAY
_ALARM = Words("below 60 two weeks running", "连续两周低于 60")


def health_rows(past: Past) -> list[Row]:
    """S1 of every open deal, and whether it is an alarm."""
    found = []
    for record, _ in past.open():
        score, alarmed = health_of(record, past.at, past.policy.begins)
        found.append(row_of(past, record, score, lines=(_ALARM,) if alarmed else ()))
    return found


def journey_rows(past: Past) -> list[Row]:
    """S3 of every open deal."""
    journeys = journeys_of(past)
    return [row_of(past, record, journey_completeness(journeys[record.row], past.at)) for record, _ in past.open()]


def funnel_rows(past: Past) -> list[Row]:
    """S11: the share that goes on from each stage of the firm, and of every rep where most fall behind it."""
    reps, ways = past.reps(), ways_of(past)
    firm = firm_funnel(past, ways)
    few = len(reps) < FEWEST_PEOPLE
    found = [_stage_row(past, each, not few) for each in firm.stages if each.known]
    shares = {each.stage: each.share for each in firm.stages if each.share is not None}
    owned = past.by_unit("opportunity")
    for record, _ in reps:
        own = [ways[deal.row] for deal, _ in owned.get(record.id, ())]
        told = funnel(own, len(firm.stages), shares, past.names)
        found.append(row_of(past, record, _bottleneck(told), above_only=few))
    return found


def health_of(record: Record, at: int, begins: Sequence[int]) -> tuple[Score, bool]:
    """S1 of an opportunity at `at` (ms), and whether it was below 60 at two looks a week apart."""
    instants = [at - week * WEEK for week in reversed(range(s1.WEEKS_OF_ALARM))]
    # Before its registration there is nothing to be ill about.
    known = [(values, instant) for values, instant in zip(states(record, instants), instants, strict=True) if values]
    health = [s1.opportunity_health(values, instant, begins) for values, instant in known]
    return health[-1], alarm([each.value for each in health], s1.RED_BELOW, s1.WEEKS_OF_ALARM)


def journeys_of(past: Past) -> dict[int, Journey]:
    """The journey of every open opportunity, by row."""
    customers = {record.id: values for record, values in past.each("customer")}
    answered = _answers(past)
    return {
        record.row: Journey(
            values, customers.get(values.get("customer", ""), {}), _first(record, "needs_recorded"), answered.get(record.id),
            _contract_at(record, past.policy.begins),
        )
        for record, values in past.open()
    }  # fmt: skip


def ways_of(past: Past) -> dict[int, Way]:
    """How far every opportunity came, by row."""
    return {record.row: _way(record, values) for record, values in past.each("opportunity")}


def firm_funnel(past: Past, ways: dict[int, Way], benchmark=None) -> Funnel:
    """The funnel of all opportunities, over the stages of the policy and those recorded beyond."""
    stages = min(MAX_STAGES, max([len(past.policy.begins), *(way.stage for way in ways.values())]))
    return funnel(list(ways.values()), stages, benchmark, past.names)


def _stage_row(past: Past, stage: StageShare, shared: bool) -> Row:
    title = {language: f"{FIRM[language]} · {past.stage(stage.stage, language)}" for language in ("en", "zh")}
    if stage.share is None or stage.low is None or stage.high is None:
        few = Words(f"no number: only {stage.known} left this stage", f"不给数字：离开该阶段的仅 {stage.known} 个")
        return Row(f"stage-{stage.stage}", "stage", None, title, Score("S11", None, None, (few,)), shared=shared)
    told = Words(f"{stage.went_on} of {stage.known} went on", f"{stage.known} 个中 {stage.went_on} 个推进")
    score = Score("S11", stage.share, None, (told,), (), (stage.low, stage.high), stage.known)
    return Row(f"stage-{stage.stage}", "stage", None, title, score, shared=shared)


def _bottleneck(told: Funnel) -> Score:
    worst = next((each for each in told.stages if each.stage == told.bottleneck), None)
    if worst is None or worst.low is None or worst.high is None:
        return Score("S11", None, None, (told.reason,))
    below = worst.benchmark is not None and worst.share is not None and worst.share < worst.benchmark / 2
    return Score("S11", worst.share, RED if below else AMBER, (told.reason,), (), (worst.low, worst.high), worst.known)


def _first(record: Record, event: str) -> float | None:
    return next((float(each.acted_at) for each in standing(record, (event,))), None)


def _contract_at(record: Record, begins: Sequence[int]) -> float | None:
    """When a stage was reached that begins with the contract, or the deal won."""
    contract = begins.index(PHASES) + 1 if PHASES in begins else math.inf
    reached = [entry for entry, stage in stages_told(record) if stage >= contract] + standing(record, ("won",))
    return min((float(entry.acted_at) for entry in reached), default=None)


def _answers(past: Past) -> dict[str, float]:
    """The first answer of a desk by opportunity."""
    found: dict[str, float] = {}
    for _, values in past.each("request"):
        name, at = values.get("opportunity"), number(values, "answered_at")
        if isinstance(name, str) and at is not None:
            found[name] = min(found.get(name, at), at)
    return found


def _way(record: Record, values: Values) -> Way:
    return Way(int(max((stage for _, stage in stages_told(record)), default=1)), values.get("status", "open"))
