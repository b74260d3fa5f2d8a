"""Fields of a firm's own at which a rule's clock starts: a text in one is the day or instant that it writes."""

from collections.abc import Mapping

from coach.events import Fault, PostedEvent, instant_written
from policies.language.policy import Policy
from policies.language.predicate import CUSTOM_PREFIX

Clocks = Mapping[tuple[str, str], str]
"""The rule whose clock starts there, by kind of record and field."""


def clocks_of(policy: Policy | None) -> Clocks:
    """Those of a policy; none without one."""
    return {} if policy is None else {
        (str(rule.on), name): rule.id for rule in policy.rules for name in rule.since_fields if name.startswith(CUSTOM_PREFIX)
    }  # fmt: skip


def without_instant(event: PostedEvent, clocks: Clocks) -> Fault | None:
    """What is wrong with an event whose text tells no instant where a rule's clock starts; None where nothing is."""
    for name, value in event.payload.items() if clocks else ():
        rule = clocks.get((str(event.kind), name))
        if rule is not None and isinstance(value, str) and instant_written(value, "UTC") is None:
            return Fault(
                f"{name}: the clock of rule '{rule}' starts at it, and {value!r} is no instant: write a day as 2026-01-31, or "
                "an instant as 2026-01-31T09:00",
                f"{name}：规则“{rule}”以此计时，而“{value}”不是时刻：请写日期（如 2026-01-31）或时刻（如 2026-01-31T09:00）",
            )
    return None
