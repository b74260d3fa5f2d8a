"""Addresses for notes of meetings: what a note says, and recording it on its deal."""

import math
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from coach.api.access import Asking, AtWork, InStore, Now
from coach.events import LONGEST_TEXT, Identifier, Instant
from coach.noting.asking import endpoint_of, read
from coach.noting.reading import Found, others_in
from coach.noting.recording import competitors_known, record_note, typed
from coach.store import reading

router = APIRouter(tags=["notes"])
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class Note(BaseModel):
    """A note of a deal that is to be read; nothing is recorded by that."""

    model_config = ConfigDict(extra="forbid")
    record: Identifier = Field(description="id of the opportunity")
    text: Text
    at: Instant | None = Field(None, description="when the note was made, from which its days are counted; null: now")


class Checked(BaseModel):
    """A note with what it says, as its writer has checked it."""

    model_config = ConfigDict(extra="forbid")
    record: Identifier
    text: Text
    key: Identifier | None = Field(None, description="the caller's own id: the same key is recorded once")
    met: bool = Field(True, description="whether it tells of a talk or visit, which counts as an action")
    budget: float | str | None = Field(None, description="a number, or a text: 100 USD, 80万")
    decision_maker: str | None = Field(None, max_length=200)
    competitor: str | None = Field(None, max_length=200)
    next_step_at: Instant | None = None
    next_step: str | None = Field(None, max_length=400, description="what is done next, in words")


@router.post("/notes/read", summary="What a note of a meeting says")
def read_one(note: Note, viewer: Asking, store: InStore, now: Now) -> dict[str, Any]:
    """Budget, decision maker, competitor and next step, each with the `words` it came from and their place in the text;
    `exact` is false where the words leave something open, such as the hour. `others` are what else a field could mean. `by`
    says whether the rules read it or an endpoint pointed to it; `failed` that the endpoint gave no answer, so that the rules
    read it.
    """
    reading.record(store, viewer, "opportunity", note.record)
    at, calendar, currency = now if note.at is None else note.at, store.calendar, store.currency
    told = read(note.text, at, calendar, currency, competitors_known(store), endpoint_of())
    others = others_in(note.text, told.found, at, calendar, currency)
    return {
        "by": told.by, "failed": told.failed, "fields": [_document(each) for each in told.found],
        "others": [_document(each) for each in others],
    }  # fmt: skip


@router.post("/notes", summary="Record a note of a meeting")
def record_one(note: Checked, viewer: Asking, store: InStore, service: AtWork) -> dict[str, int]:
    """Events of the deal, worked off by the rules like any other. A next step without a day is kept in words."""
    reading.record(store, viewer, "opportunity", note.record)
    values = _values(note, store.calendar.zone, store.currency)
    posted = record_note(
        store, service, viewer, note.record, note.text, values, step=note.next_step, met=note.met, key=note.key
    )
    return {"accepted": posted.accepted, "repeated": posted.repeated, "done_by_rules": posted.done}


def _values(note: Checked, zone: str, currency: str | None) -> dict[str, float | str | None]:
    budget = typed("budget", note.budget, zone, currency) if isinstance(note.budget, str) else note.budget
    instant = None if note.next_step_at is None else float(note.next_step_at)
    return {
        "budget": budget, "decision_maker": note.decision_maker, "competitor": note.competitor, "next_step_at": instant,
    }  # fmt: skip


def _document(found: Found) -> dict[str, Any]:
    told = found._asdict()
    if found.field == "next_step_at" and isinstance(found.value, float) and math.isfinite(found.value):
        told["instant"] = datetime.fromtimestamp(found.value / 1000, UTC).isoformat()
    return told
