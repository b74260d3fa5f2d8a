"""A note that was read and corrected becomes events of the deal: the talk itself, the facts learnt, and the next step."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coach.entering import entered
from coach.events import LONGEST_TEXT
from coach.money import amount_of, text_of
from coach.noting.amounts import amounts
from coach.noting.reading import FIELDS, amount_value
from coach.problems import CoachError
from coach.rules.service import Posted, Service
from coach.store import Store, Viewer, tables
from coach.store.posting import may_post

SOURCE = "note"
NOTE, STEP = "custom.note", "custom.next_step"
"""The note itself, and what is done next in its words, in the payload of events."""
MOST_KNOWN = 500
_record = tables.record.c
Value = float | str | None


def competitors_known(store: Store) -> list[str]:
    """Competitors that the firm has recorded on its deals, the latest first."""
    query = (
        select(_record["values"])
        .where(_record.kind == "opportunity", _record["values"].contains('"competitor"'))
        .order_by(_record.updated_at.desc())
        .limit(MOST_KNOWN)
    )
    with store.read() as connection:
        told = (json.loads(values).get("competitor") for (values,) in connection.execute(query))
        return list(dict.fromkeys(each for each in told if isinstance(each, str)))


def record_note(
    store: Store, service: Service, viewer: Viewer, record: str, note: str, values: Mapping[str, Value], *,
    step: str | None = None, met: bool = True, key: str | None = None,
) -> Posted:  # fmt: skip
    """Record a note of a deal, with what it says by the person who made it; the same note with the same key counts once.

    `values`: by field as `reading.FIELDS`, what is missing or None is left as it was; `step`: what is done next, in words;
    `met`: whether it tells of a talk or a visit, which counts as an action. CoachError where the viewer may not, or a value
    does not fit.
    """
    text = note.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise CoachError(f"Write a note of at most {LONGEST_TEXT} characters.", f"请写下不超过 {LONGEST_TEXT} 字的记录。")
    if unknown := set(values) - set(FIELDS):
        raise CoachError(f"A note fills no field {sorted(unknown)[0]!r}.", f"记录不包含字段“{sorted(unknown)[0]}”。")
    at = service.clock()
    name = key or hashlib.sha256(f"{viewer.name}\n{record}\n{at}\n{text}".encode()).hexdigest()[:24]
    events = [
        entered(source=SOURCE, key=f"{name}-{event}", event=event, kind="opportunity", record=record, acted_at=at, payload=told)
        for event, told in _told(text, values, step, met).items()
    ]
    for _, refusal in may_post(store, viewer, events)[1]:
        raise refusal
    return service.post(events, viewer.name).whole()


def _told(text: str, values: Mapping[str, Value], step: str | None, met: bool) -> dict[str, dict[str, Value]]:
    """The payload of each event; the note stands in the first."""
    kept = {name: value for name, value in values.items() if name != "next_step_at"}
    facts: dict[str, Value] = {name: value for name, value in kept.items() if value not in (None, "")}
    if step and step.strip():
        facts[STEP] = step.strip()
    told: dict[str, dict[str, Value]] = {"contact": {}} if met else {}
    if facts:
        told["needs_recorded" if set(facts) - {STEP} else "field_recorded"] = facts
    if (instant := values.get("next_step_at")) is not None:
        told["next_step"] = {"next_step_at": instant}
    if not told:
        told["field_recorded"] = {}
    first = next(iter(told))
    return told | {first: told[first] | {NOTE: text}}


def typed(name: str, text: str, zone: str, currency: str | None) -> Value:
    """A value as a person typed or corrected it: amounts in any way that a note may tell them. CoachError where it does not
    fit; None for nothing."""
    text = text.strip()
    if not text or name not in FIELDS:
        return None
    if name == "budget":
        return _money(text, currency)
    if name == "next_step_at":
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise CoachError(f"{text[:40]!r} is no date and time.", f"“{text[:40]}”不是日期时间。") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp() * 1000
    return text


def _money(text: str, currency: str | None) -> float | str:
    if (told := amount_of(text)) is not None:
        return told.number if told.currency == currency else text_of(told.number, told.currency)
    try:
        return float(text.replace(",", ""))
    except ValueError:
        found = amounts(text)
    if len(found) != 1:
        raise CoachError(
            f"{text[:40]!r} is no amount, such as 800000 or 100 USD.", f"“{text[:40]}”不是金额，例如 800000 或 80万。"
        )
    return amount_value(found[0].high, found[0].currency, currency)
