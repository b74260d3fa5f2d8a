"""S10 of every rep who is there."""

from collections.abc import Iterable
from datetime import timedelta

from coach.scoring import capability
from coach.scoring.past import Past, Values
from coach.scoring.rows import FEWEST_PEOPLE, Row, row_of
from coach.winning.history import Record, standing
from policies.record.derived import share_elapsed
from policies.record.records import ACTOR_EVENTS
from policies.scores.opportunity_health import opportunity_health
from policies.scores.score import DAY, number
from policies.scores.scorecard import Standing, scorecard

STEP_DAYS, NEW_DAYS = 30, 90
ANSWERED_BY = "custom.answered_by"
"""The person of the firm who answered a question; see the score S7."""


def rows(past: Past) -> list[Row]:
    """A number for every rep, which tells own attainment."""
    reps = past.reps()
    names = [record.id for record, _ in reps]
    capable, deals = capability.scores_of(past), past.by_unit("opportunity")
    paces = _Paces(past)
    steps, pipeline, help_ = _steps(past), _new_pipeline(past), _contributions(past)
    mean_steps = _mean(steps.values())
    mean_pipeline, mean_help = (_mean([told.get(name, 0.0) for name in names]) for told in (pipeline, help_))
    found = []
    for record, values in reps:
        name = record.id
        told = Standing(
            paces.of(values), _mean_health(past, deals.get(name, [])), capable[name].score.value,
            _ratio(steps.get(name), mean_steps), _ratio(pipeline.get(name, 0.0), mean_pipeline),
            _ratio(help_.get(name, 0.0), mean_help),
        )  # fmt: skip
        found.append(row_of(past, record, scorecard(told), attainment=True, above_only=len(reps) < FEWEST_PEOPLE))
    return found


def _mean(numbers: Iterable[float]) -> float | None:
    told = list(numbers)
    return sum(told) / len(told) if told else None


def _ratio(own: float | None, mean: float | None) -> float | None:
    return None if own is None or not mean else own / mean


class _Paces:
    """Attained ÷ what the elapsed working days ask for; the days of a period are counted once for all."""

    def __init__(self, past: Past):
        self._past = past
        self._elapsed: dict[tuple[float, float], float] = {}

    def of(self, values: Values) -> float | None:
        """Of a unit; None without a target that runs now."""
        target, attained = number(values, "target"), number(values, "attained")
        start, end = number(values, "period_start_at"), number(values, "period_end_at")
        if not target or attained is None or start is None or end is None or not start <= self._past.at <= end:
            return None
        if (start, end) not in self._elapsed:
            self._elapsed[start, end] = self._share(int(start), int(end))
        elapsed = self._elapsed[start, end]
        return attained / (target * elapsed) if elapsed > 0 else None

    def _share(self, start: int, end: int) -> float:
        calendar, day = self._past.calendar, timedelta(days=1)
        days = calendar.days(calendar.local_date(start) - day, calendar.local_date(end) + day)
        return float(share_elapsed(days, start, end, self._past.at))


def _mean_health(past: Past, deals: list[tuple[Record, Values]]) -> float | None:
    own = [opportunity_health(values, past.at, past.policy.begins) for _, values in deals if values.get("status") == "open"]
    return _mean([score.value for score in own if score.value is not None])


def _steps(past: Past) -> dict[str, float]:
    """By owner: of the deals that are open or were won in the last 30 days, the share that took a step forward in them.

    To be opened is no step.
    """
    since = past.at - STEP_DAYS * DAY
    moved: dict[str, list[bool]] = {}
    for _, values in past.each("opportunity"):
        won = (number(values, "won_at") or 0.0) > since
        if values.get("status") == "open" or won:
            last, opened = (number(values, name) or 0.0 for name in ("last_progress_at", "opened_at"))
            moved.setdefault(values.get("unit", ""), []).append(won or last > max(since, opened))
    return {name: sum(each) / len(each) for name, each in moved.items()}


def _new_pipeline(past: Past) -> dict[str, float]:
    found: dict[str, float] = {}
    for _, values in past.open():
        if (number(values, "opened_at") or 0.0) > past.at - NEW_DAYS * DAY:
            unit = values.get("unit", "")
            found[unit] = found.get(unit, 0.0) + (number(values, "amount") or 0.0)
    return found


def _contributions(past: Past) -> dict[str, float]:
    """By unit: answers given to others, and deals and customers taken over from others, in the last 90 days."""
    since = past.at - NEW_DAYS * DAY
    found: dict[str, float] = {}
    for record, values in past.each("request"):
        helper = values.get(ANSWERED_BY)
        if isinstance(helper, str) and helper != values.get("unit") and _answered_after(record, since):
            found[helper] = found.get(helper, 0.0) + 1
    for kind in ("opportunity", "customer"):
        for record, _ in past.each(kind):
            for unit in _taken_over_by(record, since):
                found[unit] = found.get(unit, 0.0) + 1
    return found


def _taken_over_by(record: Record, since: float) -> set[str]:
    """Who took a record over from somebody else; whoever has it already takes over nothing."""
    found: set[str] = set()
    owner: str | None = None
    for entry in standing(record, ACTOR_EVENTS):
        if entry.unit is None or entry.unit == owner:
            continue
        if entry.event == "reassigned" and owner is not None and entry.acted_at > since:
            found.add(entry.unit)
        owner = entry.unit
    return found


def _answered_after(record: Record, since: float) -> bool:
    return any(each.acted_at > since for each in standing(record, ("answered",)))
