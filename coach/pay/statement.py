"""What a rep has earned in a pay period so far, by its policy: base, commission, acceleration, cap and bonus (M2).

The same formula pays the reps of the office (`policies.pay.earned`). Where the pay period is another than that of the targets,
its target is what the targets ask for on each of its business days. A deal counts for who owns it, at its recorded amount.
"""

import json
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, select

from coach.pay.period import PayPeriod, pay_period
from coach.problems import CoachError, not_found
from coach.recording.reading import rewards
from coach.store import tables
from coach.store.policies import current_visibility, in_force_at
from coach.store.settings import calendar_of
from coach.store.store import Store
from coach.store.titles import titles
from coach.store.viewer import Viewer, ask, may_see
from policies.engine.settings import SETTINGS, settings
from policies.language.policy import Policy
from policies.pay.earned import earned_pay, months_of
from policies.time.calendar_arrays import DAY_MS, business_days_between

_record, _event = tables.record.c, tables.event.c


class Sale(NamedTuple):
    """A deal that was won in the period: what it is called, when (ms), its amount and the commission at the plain rate.

    `frozen`: a rule froze its commission; it does not count until the freeze is lifted.
    """

    deal: str
    title: dict[str, str]
    won_at: int
    amount: float
    commission: float
    frozen: bool


class Statement(NamedTuple):
    """What one rep has earned from `start` until now or `end` (ms), in the firm's currency.

    `target`: None where there is none or the policy shows it to nobody. `variable` is commission with acceleration and cap, and
    the bonus once the target is reached; `bonus` what is paid for reaching it; `rewards` what days with complete records earned
    (E2); `frozen` what frozen deals would add.
    `foreseen`: part of the target is not set yet, and is reckoned as the running one asks for its own days, as the office does.
    """

    unit: str
    start: int
    end: int
    sold: float
    target: float | None
    base: float
    commission: float
    accelerated: float
    capped: float
    bonus: float
    rewards: float
    variable: float
    total: float
    frozen: float
    foreseen: bool
    sales: list[Sale]


def statement(store: Store, viewer: Viewer, rep: str, at: int) -> Statement:
    """The statement of the pay period that holds an instant (ms), by the policy in force then. A rep's own, or of those below a
    manager.

    Raises NotFound for a rep whom the viewer does not see, CoachError without a policy.
    """
    ask(viewer, "rep", "manager", "operations", "admin")
    with store.read() as connection:
        unit = select(_record["values"]).where(_record.kind == "unit", _record.id == rep, may_see(viewer, _record.unit))
        values = connection.scalar(unit)
        if values is None or json.loads(values).get("level", "rep") != "rep":
            raise not_found("rep", "销售", rep)
        version = in_force_at(connection, at)
        if version is None:
            raise CoachError("No policy is in force that pays anybody.", "尚无生效的制度，无从计算薪酬。")
        period = pay_period(version.policy, calendar_of(connection), at)
        sales = _sales(connection, rep, period, version.policy.pay.commission)
        target = _target(connection, rep, period)
        hidden = viewer.role == "rep" and current_visibility(connection) == "none"
        earned = rewards(connection, rep, period.start, period.end)
    return _reckoned(version.policy, rep, period, sales, target, hidden, earned)


class _Target(NamedTuple):
    """What is asked for over a period, and whether part of that is not set yet but as the running target asks."""

    amount: float
    foreseen: bool


def _sales(connection: Connection, rep: str, period: PayPeriod, rate: float) -> list[Sale]:
    query = select(_record.row, _record.id, _record["values"]).where(
        _record.kind == "opportunity", _record.status == "won", _record.unit == rep
    )
    won = [(row, identifier, json.loads(values)) for row, identifier, values in connection.execute(query)]
    won = [each for each in won if period.start <= each[2].get("won_at", -1) < period.end]
    called = titles(connection, [row for row, _, _ in won])
    sales = [
        Sale(
            identifier, called[row], int(values["won_at"]), amount := values.get("amount") or 0.0, rate * amount,
            bool(values.get("commission_frozen", 0)),
        )
        for row, identifier, values in won
    ]
    return sorted(sales, key=lambda each: each.won_at)


def _target(connection: Connection, rep: str, period: PayPeriod) -> _Target:
    """What the targets that were set ask for on the business days of a period; the latest word on each counts."""
    query = (
        select(_event.source, _event.key, _event.event, _event.payload, _event.voids)
        .join(tables.record, _event.record == _record.row)
        .where(_record.kind == "unit", _record.id == rep, _event.event.in_(("target_set", "adjusted", "voided")))
        .order_by(_event.recorded_at, _event.sequence)
    )
    events = connection.execute(query).all()
    withdrawn = {(each.source, each.voids) for each in events if each.event == "voided"}
    spans: dict[int, tuple[int, float]] = {}
    running = None
    for source, key, event, payload, _ in events:
        if (source, key) in withdrawn:
            continue
        told: dict[str, Any] = json.loads(payload)
        if event == "target_set" and told.get("period_start_at") is not None and told.get("period_end_at") is not None:
            running = int(told["period_start_at"])
            spans[running] = (int(told["period_end_at"]), told.get("target") or 0.0)
        elif running is not None and told.get("target") is not None:
            spans[running] = (spans[running][0], told["target"])
    return _over(period, spans)


def _over(period: PayPeriod, spans: dict[int, tuple[int, float]]) -> _Target:
    """What targets ask for over a period; the days behind the last of them as the last one asks for its own."""
    asked = sum(_share(period, start, end) * target for start, (end, target) in spans.items())
    if not spans:
        return _Target(0.0, False)
    last = max(spans)
    end, target = spans[last]
    if end >= period.end or end <= period.start:
        return _Target(asked, False)
    of_last = business_days_between(period.days, max(last, int(period.days.days[0].midnight)), end)
    ahead = business_days_between(period.days, end, period.end)
    more = target / of_last * ahead if of_last else 0.0
    return _Target(asked + float(more), ahead > 0)


def _share(period: PayPeriod, start: int, end: int) -> float:
    """Part of a target's business days that lie in a period."""
    first, last = max(start, period.start), min(end, period.end)
    if first >= last:
        return 0.0
    if (first, last) == (start, end):
        return 1.0
    low, high = int(period.days.days[0].midnight), int(period.days.days[-1].midnight)
    whole = business_days_between(period.days, max(start, low), min(end, high))
    return float(business_days_between(period.days, first, last) / whole) if whole else 0.0


def _reckoned(
    policy: Policy, rep: str, period: PayPeriod, sales: list[Sale], target: _Target, hidden: bool, rewarded: float
) -> Statement:
    terms = settings(policy).astype(SETTINGS).view(np.recarray)[0]
    months = float(months_of((period.end - period.start) / DAY_MS))
    sold = sum(each.amount for each in sales if not each.frozen)
    goal = target.amount if policy.pay.period is not None or policy.targets.cadence != "none" else 0.0
    bonus = policy.pay.bonus * months
    variable = float(earned_pay(terms, bonus, sold, goal))
    with_frozen = float(earned_pay(terms, bonus, sum(each.amount for each in sales), goal))
    counted = sold if goal <= 0 or policy.pay.cap <= 0 else min(sold, policy.pay.cap * goal)
    above = max(0.0, counted - goal) if goal > 0 else 0.0
    paid_bonus = bonus if goal > 0 and sold >= goal else 0.0
    base, rate = policy.pay.base_month * months, policy.pay.commission
    return Statement(
        rep, period.start, period.end, sold, None if hidden or goal <= 0 else goal, base, rate * counted,
        rate * (policy.pay.accelerator - 1.0) * above, rate * (sold - counted), paid_bonus, rewarded, variable,
        base + variable + rewarded,
        with_frozen - variable, target.foreseen and goal > 0, sales,
    )  # fmt: skip
