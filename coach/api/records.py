"""Addresses for records, to-dos, notices and a rep's list."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field, StringConstraints

from coach import texts
from coach.api.access import Asking, AtWork, InStore, Now, OfCustomers, WithChances
from coach.api.errors import Refused
from coach.customers import creating
from coach.customers.register import Register
from coach.event_rows import read_events
from coach.events import PostedEvent
from coach.problems import CoachError
from coach.rules import advice
from coach.rules.gating import through_gates
from coach.rules.refusing import has_stages, refusal_words
from coach.rules.service import GateRefusal, Posted, Service
from coach.rules.worded import with_notice_texts, with_todo_texts
from coach.store import Viewer, reading
from coach.store.posting import may_post
from policies.language.quantities import IDENTIFIER
from policies.language.rule import Gate
from policies.record.records import RECORD_KINDS
from policies.words.policy_words import stage_name

router = APIRouter()
MOST_EVENTS = 5000
Kind = Annotated[
    str, StringConstraints(pattern=IDENTIFIER.pattern, max_length=60),
    Field(examples=list(RECORD_KINDS), description="kind of record"),
]

Number = Annotated[int, Query(ge=-1, le=2**53)]
Limit = Annotated[int, Query(ge=1, le=reading.MOST)]
Name = Annotated[str, Path(max_length=200)]
Batch = Annotated[
    list[dict[str, Any]],
    Body(embed=True, max_length=MOST_EVENTS, description="events as of `PostedEvent`; each is checked by itself"),
]


@router.post("/events", summary="Post events", tags=["records"])
def post_events(events: Batch, viewer: Asking, service: AtWork, store: InStore, customers: OfCustomers) -> dict:
    """Take a batch of events, once each. What cannot be taken is told by position; the rest is taken.

    Amounts in other currencies are turned into the firm's; `unpriced` tells those of which the store knows no rate. They are
    kept as they were told, and get their price when there is one. `likely_known` tells which new leads and customers are likely
    known already.

    409 when an event flagged as an intent was refused by a gate, or a lead or customer to create is likely known; the rest of
    the batch is taken all the same.
    """
    read, faults = read_events(events)
    positions = [place for place in range(len(events)) if place not in {faulty for faulty, _ in faults}]
    allowed, forbidden = may_post(store, viewer, read)
    read = through_gates(viewer, read)
    created = [(positions[place], read[place]) for place in allowed if creating.is_meant(read[place])]
    creations = [(place, event, _creation(service, customers, viewer, event)) for place, event in created]
    facts = [place for place in allowed if not creating.is_meant(read[place])]
    with creating.watched(service, customers, viewer, [read[place] for place in facts]) as arrived:
        posted = service.post([read[place] for place in facts], viewer.name)
    told = _told(service, posted, [positions[place] for place in facts])
    told["likely_known"] = [
        {"key": event.key, "record": event.record, "known": [each.document() for each in known]} for event, known in arrived
    ]
    for place, event, creation in creations:
        _add_creation(told, service, event, creation, place)
    told["refused"] += [{"position": place, "key": None, "en": fault.en, "zh": fault.zh} for place, fault in faults]
    told["refused"] += [
        {"position": positions[place], "key": read[place].key, "en": fault.en, "zh": fault.zh} for place, fault in forbidden
    ]
    told["refused"].sort(key=lambda each: each["position"])
    if told["refusals"]:
        first = told["refusals"][0]
        raise Refused(first["en"], first["zh"], told)
    return told


def _creation(service: Service, customers: Register, viewer: Viewer, event: PostedEvent) -> creating.Creation | CoachError:
    try:
        return creating.create(service, customers, viewer, event)
    except CoachError as error:
        return error


def _add_creation(
    told: dict, service: Service, event: PostedEvent, creation: creating.Creation | CoachError, position: int
) -> None:
    """What became of a record that was to be created, among what became of the batch."""
    if isinstance(creation, CoachError):
        told["refused"].append({"position": position, "key": event.key, "en": creation.en, "zh": creation.zh})
        return
    if creation.posted is not None:
        for name, value in _told(service, creation.posted, [position]).items():
            told[name] += value
        return
    told["refusals"].append(refused_creation(service, creation, event) | {"position": position})


def refused_creation(service: Service, creation: creating.Creation, event: PostedEvent) -> dict:
    """What is told of a record that was not created."""
    assert creation.refusal is not None
    return _refusal(service, creation.refusal, event.payload) | {"known": [each.document() for each in creation.known]}


def _told(service: Service, posted: Posted, positions: list[int]) -> dict:
    refused = [each._asdict() | {"position": positions[each.position]} for each in posted.refused]
    refusals = [_refusal(service, each) | {"position": positions[each.position]} for each in posted.refusals]
    unpriced = [
        {
            "position": positions[each.position], "key": each.key, "field": each.unpriced.field,
            "currency": each.unpriced.amount.currency, "day": each.unpriced.day, "en": each.unpriced.en, "zh": each.unpriced.zh,
        }
        for each in posted.unpriced
    ]  # fmt: skip
    return {
        "accepted": posted.accepted, "repeated": posted.repeated, "refused": refused, "refusals": refusals,
        "unpriced": unpriced, "done_by_rules": posted.done,
    }  # fmt: skip


def _refusal(service: Service, refusal: GateRefusal, told: Mapping[str, Any] | None = None) -> dict:
    around = texts.stages_around(service.policy(), refusal.stage) if has_stages(refusal) else (None, None)
    names = [each and {language: stage_name(each, language) for language in ("en", "zh")} for each in around]
    return refusal._asdict() | {"stage": names[0], "next_stage": names[1]} | refusal_words(service, refusal, told)


@router.post("/gates/{gate}", summary="Take a gated step", tags=["records"])
def take_step(gate: Gate, event: PostedEvent, viewer: Asking, service: AtWork, store: InStore, customers: OfCustomers) -> dict:
    """Record an event if the gate lets it pass; 409 with what is missing if not, or with those that a new lead or customer
    likely is."""
    _, forbidden = may_post(store, viewer, [event])
    for _, fault in forbidden:
        raise fault
    if gate == "create" and event.event == "registered":
        creation = creating.create(service, customers, viewer, event)
        if creation.posted is None:
            told = refused_creation(service, creation, event)
            raise Refused(told["en"], told["zh"], told)
        creation.posted.whole()
        return {"allowed": True}
    refusal = service.gate(event, gate, viewer.name)
    if refusal is not None:
        told = _refusal(service, refusal)
        raise Refused(told["en"], told["zh"], told)
    return {"allowed": True}


@router.get("/gates/{gate}/{kind}/{record}", summary="Ask a gate", tags=["records"])
def ask_gate(gate: Gate, kind: Kind, record: Name, viewer: Asking, service: AtWork, store: InStore) -> dict:
    """Whether a step could be taken now, and what is missing; nothing is recorded."""
    values = reading.record(store, viewer, kind, record)["values"]
    answer = service.may(gate, kind, record)
    if answer.rule is None:
        return {"allowed": True, "rule": None, "missing": []}
    told = _refusal(service, GateRefusal(0, "", kind, record, gate, answer.rule, answer.missing, values.get("stage")))
    return {"allowed": False} | {name: told[name] for name in ("rule", "missing", "stage", "next_stage", "en", "zh")}


@router.get("/records", summary="Records", tags=["records"])
def get_records(
    viewer: Asking, store: InStore, kind: Kind | None = None, status: Annotated[str | None, Query(max_length=40)] = None,
    unit: Annotated[str | None, Query(max_length=200)] = None, after: Number = -1, limit: Limit = 100,
) -> list[dict]:  # fmt: skip
    """Records that you may see, in order; `after` is the `row` of the last one of the page before."""
    return reading.records(store, viewer, kind=kind, status=status, unit=unit, after=after, limit=limit)


@router.get("/records/{kind}/{record}", summary="One record", tags=["records"])
def get_record(kind: Kind, record: Name, viewer: Asking, store: InStore) -> dict:
    """One record as it is recorded now."""
    return reading.record(store, viewer, kind, record)


@router.get("/records/{kind}/{record}/history", summary="History of a record", tags=["records"])
def get_history(kind: Kind, record: Name, viewer: Asking, store: InStore) -> dict:
    """What was recorded, and what rules did."""
    return reading.history(store, viewer, kind, record)


@router.get("/todos", summary="To-dos", tags=["work"])
def get_todos(
    viewer: Asking, store: InStore, service: AtWork, unit: Annotated[str | None, Query(max_length=200)] = None,
    open_only: bool = True, limit: Limit = reading.MOST,
) -> list[dict]:  # fmt: skip
    """To-dos of people whom you may see, each with its `text` in both languages."""
    return with_todo_texts(service, reading.todos(store, viewer, unit=unit, open_only=open_only, limit=limit))


@router.post("/todos/{number}/done", summary="A to-do is done", tags=["work"])
def finish_todo(number: Annotated[int, Path(ge=0, le=2**31 - 1)], viewer: Asking, store: InStore, now: Now) -> dict:
    """Mark a to-do as done; twice is once."""
    return reading.finish_todo(store, viewer, number, now)


@router.get("/notices", summary="Notices", tags=["work"])
def get_notices(
    viewer: Asking, store: InStore, service: AtWork, before: Number = -1, limit: Limit = 100
) -> list[dict]:
    """Notices to people whom you may see, the latest first, each with its `text` in both languages; `before` is the `id` of the
    last one of the page before."""
    return with_notice_texts(service, reading.notices(store, viewer, after=before, limit=limit))


@router.get("/firings", summary="What rules did", tags=["work"])
def get_firings(
    viewer: Asking, store: InStore, rule: Annotated[str | None, Query(max_length=200)] = None, after: Number = -1,
    limit: Limit = 100,
) -> list[dict]:  # fmt: skip
    """What rules did with records that you may see, in order."""
    return reading.firings(store, viewer, rule=rule, after=after, limit=limit)


@router.get("/breaches", summary="Breaches", tags=["work"])
def get_breaches(viewer: Asking, store: InStore, limit: Limit = 100) -> list[dict]:
    """Steps that another system took although a gate would have refused them."""
    return reading.breaches(store, viewer, limit=limit)


@router.get("/reps/{rep}/today", summary="What a rep should do now, and why", tags=["work"])
def get_today(rep: Name, viewer: Asking, store: InStore, service: AtWork, now: Now, chances: WithChances) -> dict:
    """Obligations from rules first, then actions by expected value per minute."""
    return advice.today(store, service, viewer, rep, now, chances.rank)
