"""Stages that the policy in force does not have: which events tell one, and what is said of them.

What was recorded under other stages stays, and goes on from its number: only a step beyond both is told.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from coach.events import Fault, PostedEvent
from coach.store import tables
from coach.store.policies import current
from policies.language.policy import Policy
from policies.words.policy_words import stage_names

_CHUNK = 400


def beyond(told: float, stages: int, recorded: float) -> bool:
    """Whether a stage lies behind the last of so many, and behind the recorded one; NaN for none."""
    return told > stages and not told <= recorded


class Bounds:
    """The stages of the policy in force, against which events are held; without a policy there are no bounds."""

    def __init__(self, connection: Connection, policy: Policy | None, events: Iterable[PostedEvent]):
        self.policy = policy
        self._recorded: dict[str, float] = {}
        if policy is None:
            return
        last = len(policy.stages)
        wanted = sorted({each.record for each in events if (told := stage_told(each)) is not None and told > last})
        record = tables.record.c
        for start in range(0, len(wanted), _CHUNK):
            query = select(record.id, record.stage).where(
                record.kind == "opportunity", record.id.in_(wanted[start : start + _CHUNK]), record.stage.is_not(None)
            )
            self._recorded |= {identifier: stage for identifier, stage in connection.execute(query)}

    @classmethod
    def in_force(cls, connection: Connection, events: Iterable[PostedEvent]) -> "Bounds":
        """Those of the store's policy."""
        version = current(connection)
        return cls(connection, None if version is None else version.policy, events)

    def exceeded_by(self, event: PostedEvent) -> bool:
        """Whether an event tells a stage that there is not."""
        told = stage_told(event)
        if self.policy is None or told is None:
            return False
        return beyond(told, len(self.policy.stages), self._recorded.get(event.record, 0.0))

    def fault(self) -> Fault:
        """What is wrong with an event that does."""
        assert self.policy is not None
        en, zh = (stage_names(self.policy, language) for language in ("en", "zh"))
        return Fault(
            f"stage: beyond the last stage of the policy in force; its stages in order are {en}: tell one of them by its "
            "place, or put a policy with this stage in force first",
            f"stage：超出现行制度的最后一个阶段；各阶段依次为：{zh}。请按次序填写其中之一，或先启用含有该阶段的制度",
        )


def stage_told(event: PostedEvent) -> float | None:
    """The stage of an opportunity that an event tells; None for none."""
    stage = event.payload.get("stage") if event.kind == "opportunity" else None
    return stage if isinstance(stage, float) else None
