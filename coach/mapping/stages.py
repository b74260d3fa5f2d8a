"""Stages that the policy in force does not have: an import leaves them out, and tells row and remedy."""

from typing import TYPE_CHECKING

from coach.events import with_payload
from coach.mapping.document import Mapping
from coach.mapping.reading import Origin, Reading
from coach.mapping.remarks import Remark, text_of
from coach.store.stages import Bounds, stage_told
from policies.words.policy_words import stage_names

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ONLY_TELL = ("advanced", "field_recorded", "forecast")
"""Events that are nothing without what they tell."""


def within_stages(connection: "Connection", reading: Reading, mapping: Mapping) -> Reading:
    """What was read without the stages that are beyond the policy's last; an event that tells nothing else is left out."""
    bounds = Bounds.in_force(connection, reading.events)
    outside = {place for place, event in enumerate(reading.events) if bounds.exceeded_by(event)}
    if not outside or bounds.policy is None:
        return reading
    events, origins, told = [], [], list[tuple[Origin, float | None]]()
    for place, (event, origin) in enumerate(zip(reading.events, reading.origins, strict=True)):
        if place in outside:
            told.append((origin, stage_told(event)))
            event = with_payload(event, {name: value for name, value in event.payload.items() if name != "stage"})
            if not event.payload and event.event in _ONLY_TELL:
                continue
        events.append(event)
        origins.append(origin)
    text = text_of("no_such_stage")
    en, zh = (text[language].format(stages=stage_names(bounds.policy, language)) for language in ("en", "zh"))
    taken = set(origins)
    remarks = [
        Remark(*origin, _column(mapping, origin.table), f"{stage:g}", origin not in taken, en, zh) for origin, stage in told
    ]
    return reading._replace(events=events, origins=origins, remarks=[*reading.remarks, *remarks])


def _column(mapping: Mapping, table: str) -> str:
    """The column that tells the stage."""
    values = [value for each in mapping.tables if each.name == table for spec in each.events for value in spec.payload.items()]
    return next((value.column for name, value in values if name == "stage" and value.column), "")
