"""S3, customer journey completeness: four steps of 25 points; 75 and more is healthy (systems list, S3).

    1  needs recorded within 72 h of the first contact        first_contact_at, needs recorded (instant)
    2  the proposal carries the customer's own requirement    pain_points and proposal_pages
    3  a cross-department step before the contract            a desk's answer for the opportunity, or legal_approval
    4  a service visit within 30 days of the delivery         customer: delivered_at, service_visit_at

A step that is not due yet (no contact, no 72 h, no contract, no 30 days) does not count, and the score is scaled to the steps
that are due. None due: no number.
"""

from operator import itemgetter
from typing import NamedTuple

from policies.scores.about import About, Limit, listed
from policies.scores.score import DAY, HOUR, Score, Values, Words, colour_of, number

HEALTHY_FROM = 75.0
RED_BELOW = 50.0
NEEDS_WITHIN = 72 * HOUR
VISIT_WITHIN = 30 * DAY
ABOUT = About(
    "S3", "opportunity", Words("Customer journey completeness", "客户旅程完整度"),
    Words(
        "25 each: needs within 72 h of the first contact; a proposal with the customer's own points; another department before "
        "the contract; a service visit within 30 days of delivery; of the steps that are due",
        "各 25：首次接触 72 小时内记录需求；方案回应客户自己的要求；合同前有其他部门参与；交付后 30 天内服务拜访；"
        "只计已到期的步骤",
    ),
    "points", 0.0, 100.0, "higher", Limit("from", HEALTHY_FROM), None, listed("S3"),
    Words("steps that are not due do not count; red below 50", "未到期的步骤不计；低于 50 为红"),
)  # fmt: skip


class Journey(NamedTuple):
    """What is recorded of one journey at an instant; instants in ms, None for what is missing.

    `opportunity` and `customer` are recorded fields; `needs_at` is when needs were first recorded, `answered_at` when a desk
    first answered for this opportunity, `contract_at` when the contract stage was reached or the deal won.
    """

    opportunity: Values
    customer: Values
    needs_at: float | None = None
    answered_at: float | None = None
    contract_at: float | None = None


class _Step(NamedTuple):
    done: bool | None  # None: not due yet
    reason: Words
    missing: tuple[str, ...] = ()


def journey_completeness(journey: Journey, now: int) -> Score:
    """Completeness of one customer's journey by what was recorded at the instant `now` (ms)."""
    steps = [_needs(journey, now), _proposal(journey), _cross_department(journey), _service(journey, now)]
    due = [(step.done, step) for step in steps if step.done is not None]
    missing = tuple(name for done, step in due if not done for name in step.missing)
    times_done = sum(done for done, _ in due)
    if not due:
        return Score("S3", None, None, (Words("no number: no step is due yet", "不给数字：尚无应完成的步骤"),))
    value = 100 * times_done / len(due)
    colour = colour_of(value, RED_BELOW, HEALTHY_FROM - 1e-9)
    order = sorted(due, key=itemgetter(0))
    progress = Words(f"{times_done} of {len(due)} steps due so far", f"目前应完成 {len(due)} 步，已完成 {times_done} 步")
    return Score("S3", value, colour, (progress, *(step.reason for _, step in order)), missing)


def _needs(journey: Journey, now: int) -> _Step:
    contact = number(journey.opportunity, "first_contact_at")
    if contact is None:
        return _Step(None, Words("no first contact yet", "尚未首次接触"))
    limit = contact + NEEDS_WITHIN
    if journey.needs_at is not None and journey.needs_at <= limit:
        return _Step(True, Words("needs were recorded within 72 hours", "72 小时内已记录需求"))
    if now < limit:
        return _Step(None, Words("72 hours since the first contact have not passed", "首次接触未满 72 小时"))
    if journey.needs_at is not None:
        return _Step(False, Words("needs were recorded later than 72 hours", "需求记录晚于 72 小时"))
    return _Step(False, Words("no needs were recorded", "没有记录需求"), ("needs_summary",))


def _proposal(journey: Journey) -> _Step:
    values = journey.opportunity
    if number(values, "quote_sent_at") is None and journey.contract_at is None and "proposal_pages" not in values:
        return _Step(None, Words("no proposal yet", "尚无方案"))
    lacking = tuple(name for name in ("pain_points", "proposal_pages") if name not in values)
    if not lacking:
        return _Step(True, Words("the proposal answers the customer's own points", "方案回应了客户的痛点"))
    return _Step(False, Words("the proposal does not name what the customer asked for", "方案没有写明客户自己的要求"), lacking)


def _cross_department(journey: Journey) -> _Step:
    if journey.contract_at is None:
        return _Step(None, Words("no contract yet", "尚未到合同"))
    answered = journey.answered_at is not None and journey.answered_at <= journey.contract_at
    if answered or "legal_approval" in journey.opportunity:
        return _Step(True, Words("another department took part before the contract", "合同前已有其他部门参与"))
    return _Step(
        False, Words("no other department took part before the contract", "合同前没有其他部门参与"), ("legal_approval",)
    )


def _service(journey: Journey, now: int) -> _Step:
    delivered, visited = number(journey.customer, "delivered_at"), number(journey.customer, "service_visit_at")
    if delivered is None:
        return _Step(None, Words("no delivery yet", "尚未交付"))
    if visited is not None and visited >= delivered:
        if visited <= delivered + VISIT_WITHIN:
            return _Step(True, Words("a service visit followed within 30 days", "交付后 30 天内已服务拜访"))
        return _Step(False, Words("the service visit came later than 30 days", "服务拜访晚于 30 天"))
    if now < delivered + VISIT_WITHIN:
        return _Step(None, Words("30 days since the delivery have not passed", "交付未满 30 天"))
    return _Step(False, Words("no service visit since the delivery", "交付后没有服务拜访"), ("service_visit_at",))
