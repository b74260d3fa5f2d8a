"""Four eyes: a policy that did not pass its validation acts on people only after two have said so, and why.

Operations asks and gives the reason, a manager confirms or refuses. What passed goes in force at once, and so does what acts
on nobody anew: a rule in shadow or off, and what is in force already. Whether a policy passed is asked of its latest
validation, whatever the modes of its rules, so that a mode is no way around it.
"""

import json
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from coach.problems import CoachError, not_found
from coach.rules.service import Service
from coach.rules.unknown_units import unknown_units
from coach.store import Viewer, policies, tables
from coach.store.database import next_number
from coach.store.store import Store, audited
from coach.store.validations import Validated, latest_validation
from coach.store.viewer import ask
from policies.language.policy import Policy

WHO_ASKS = ("operations", "admin")
WHO_CONFIRMS = ("manager",)
LONGEST_REASON = 2000
_SAYS_NOTHING = {"name", "extends", "title", "summary", "guardrails", "rules"}
_request = tables.request.c


class ReasonNeeded(CoachError):
    """The policy did not pass, and nobody said why it should be put in force all the same."""

    status = 409
    code = "reason_needed"


class Changed(CoachError):
    """What was asked for no longer stands as it did."""

    status = 409
    code = "changed"


class Outcome(NamedTuple):
    """What became of a step: the number of the version in force, or of the request that waits for a second person.

    `unknown`: sentences in "en" and "zh" about units that rules of the policy exempt and the store does not know.
    """

    version: int | None
    request: int | None
    unknown: list[dict[str, str]]

    def document(self) -> dict[str, Any]:
        """As plain values."""
        return {"number": self.version, "request": self.request, "unknown": self.unknown}


class Request(NamedTuple):
    """A step that waits for, or was decided by, a second person; instants in ms. `passed`: None for never validated."""

    number: int
    asked_at: int
    asked_by: str
    reason: str
    policy: str
    change: str
    validation: int | None
    passed: bool | None
    decided_at: int | None
    decided_by: str | None
    decision: str | None
    version: int | None


def needs_second(store: Store, policy: Policy) -> tuple[bool, Validated | None]:
    """Whether a policy needs a reason and a second person, and its latest validation."""
    with store.read() as connection:
        current, validated = policies.current(connection), latest_validation(connection, policy)
    passed = validated is not None and validated.passed
    return not passed and acts_anew(policy, None if current is None else current.policy), validated


def acts_anew(policy: Policy, in_force: Policy | None) -> bool:
    """Whether a policy does something to people that the one in force does not: another live rule, another setting."""
    before = Policy(name="none") if in_force is None else in_force
    if policy.model_dump(mode="json", exclude=_SAYS_NOTHING) != before.model_dump(mode="json", exclude=_SAYS_NOTHING):
        return True
    known = [rule for rule in before.rules if rule.mode == "live"]
    return any(rule.mode == "live" and rule not in known for rule in policy.rules)


def put_in_force(service: Service, viewer: Viewer, policy: Policy, *, catch_up: bool = False, reason: str = "") -> Outcome:
    """Put a policy in force, or ask a second person for it. Raises ReasonNeeded, and NotAllowed for other roles."""
    return _step(service, viewer, policy, catch_up, "activate", reason)


def set_mode(service: Service, viewer: Viewer, rule: str, mode: str, *, reason: str = "") -> Outcome:
    """Switch one rule of the policy in force, or ask a second person for it; raises as `put_in_force` does."""
    ask(viewer, *WHO_ASKS)
    return _step(service, viewer, service.with_mode(rule, mode), False, "mode", reason)


def _step(service: Service, viewer: Viewer, policy: Policy, catch_up: bool, change: str, reason: str) -> Outcome:
    ask(viewer, *WHO_ASKS)
    reason = reason.strip()[:LONGEST_REASON]
    needed, validated = needs_second(service.store, policy)
    with service.store.read() as connection:
        faults = unknown_units(connection, policy)
    unknown = [{language: fault.sentence(language) for language in ("en", "zh")} for fault in faults]
    if not needed:
        why = _why(validated, reason)
        return Outcome(service.activate(policy, viewer.name, catch_up=catch_up, change=change, why=why), None, unknown)
    if not reason:
        raise _reason_needed(policy, validated)
    with service.store.write() as connection:
        current, number = policies.current(connection), next_number(connection, _request.number) or 1
        at = service.clock()
        connection.execute(
            insert(tables.request).values(
                number=number, asked_at=at, asked_by=viewer.name, reason=reason, policy=policy.name,
                document=json.dumps(policy.model_dump(mode="json"), ensure_ascii=False), catch_up=catch_up, change=change,
                base=None if current is None else current.number, validation=None if validated is None else validated.number,
            )
        )  # fmt: skip
        audited(connection, at, viewer.name, "policy_asked", policy.name, request=number, **_why(validated, reason))
    return Outcome(None, number, unknown)


def _why(validated: Validated | None, reason: str) -> dict[str, Any]:
    told = (
        {"validation": None, "passed": None}
        if validated is None
        else {"validation": validated.number, "passed": validated.passed}
    )
    return told | ({"reason": reason} if reason else {})


def _reason_needed(policy: Policy, validated: Validated | None) -> ReasonNeeded:
    en, zh = ("was never validated", "从未验证") if validated is None else ("did not pass its validation", "未通过验证")
    return ReasonNeeded(
        f"“{policy.name}” {en}. Say why it is to act on people all the same; a manager then confirms it. With its rules in "
        "shadow, and nothing else changed, it may run at once.",
        f"“{policy.name}”{zh}。请说明为何仍要对人生效，随后由一名经理确认。规则设为试运行且其他设定不变时，可立即开始。",
    )


def requests(store: Store, viewer: Viewer, *, waiting: bool = True) -> list[Request]:
    """Requests, the latest first; only those that nobody decided yet if `waiting`."""
    ask(viewer, *WHO_ASKS, *WHO_CONFIRMS)
    columns = [tables.validation.c.passed if name == "passed" else _request[name] for name in Request._fields]
    joined = tables.request.outerjoin(tables.validation, _request.validation == tables.validation.c.number)
    query = select(*columns).select_from(joined).order_by(_request.number.desc()).limit(100)
    with store.read() as connection:
        return [Request(*row) for row in connection.execute(query.where(_request.decided_at.is_(None)) if waiting else query)]


def confirm(service: Service, viewer: Viewer, number: int) -> int:
    """A manager, who is not the one that asked, lets a request through; returns the version that it became."""
    ask(viewer, *WHO_CONFIRMS)
    row = _waiting(service.store, number)
    if row.asked_by == viewer.name:
        raise CoachError("Another person than the one who asked has to confirm.", "须由申请人以外的人确认。")
    with service.store.read() as connection:
        current = policies.current(connection)
    if (None if current is None else current.number) != row.base:
        raise Changed(
            "Another policy was put in force since this was asked for. Refuse it; it can be asked for again.",
            "申请之后已有其他制度生效。请拒绝此申请，可重新提出。",
        )
    policy, at = Policy.model_validate(json.loads(row.document)), service.clock()

    def decided(connection, version: int) -> None:
        _decide(connection, number, at, viewer.name, "confirmed", version)

    why = {
        "asked_by": row.asked_by,
        "confirmed_by": viewer.name,
        "request": number,
        "validation": row.validation,
        "reason": row.reason,
    }
    return service.activate(policy, row.asked_by, catch_up=row.catch_up, change=row.change, why=why, also=decided)


def refuse(service: Service, viewer: Viewer, number: int) -> None:
    """A manager refuses a request, or the person who asked withdraws it."""
    ask(viewer, *WHO_ASKS, *WHO_CONFIRMS)
    row = _waiting(service.store, number)
    own = row.asked_by == viewer.name
    if not own:
        ask(viewer, *WHO_CONFIRMS)
    with service.store.write() as connection:
        at, decision = service.clock(), "withdrawn" if own else "refused"
        _decide(connection, number, at, viewer.name, decision, None)
        audited(connection, at, viewer.name, f"policy_{decision}", row.policy, request=number)


def _waiting(store: Store, number: int):
    with store.read() as connection:
        row = connection.execute(select(tables.request).where(_request.number == number)).one_or_none()
    if row is None:
        raise not_found("request", "申请", str(number))
    if row.decided_at is not None:
        raise Changed("This request was decided already.", "该申请已有决定。")
    return row


def _decide(connection, number: int, at: int, by: str, decision: str, version: int | None) -> None:
    change = update(tables.request).where(_request.number == number, _request.decided_at.is_(None))
    done = connection.execute(change.values(decided_at=at, decided_by=by, decision=decision, version=version))
    if done.rowcount == 0:
        raise Changed("This request was decided already.", "该申请已有决定。")
