"""Addresses for leads that wait, for giving them out, for why somebody got one, and for handing everything over."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict

from coach.api.access import Asking, AtWork, InStore, OfCustomers
from coach.api.errors import Refused
from coach.api.records import refused_creation
from coach.events import Identifier
from coach.routing import by_hand, handing_over, reading
from coach.routing.photos import MEDIA_TYPE, photo
from coach.routing.store_leads import StoreLead, file_lead

router = APIRouter(tags=["leads"])
Unit = Annotated[str, Path(max_length=200)]
Lead = Annotated[str, Path(max_length=200)]


class ToUnit(BaseModel):
    """Who is to get it."""

    model_config = ConfigDict(extra="forbid")
    unit: Identifier


@router.get("/leads/waiting", summary="Leads that wait for somebody")
def get_waiting(viewer: Asking, store: InStore, service: AtWork) -> list[dict[str, Any]]:
    """Those that nobody has, the oldest first, with what each waits for in `waits_for`: `coach` gives it out at `due_at`;
    `tried`: nobody had room, it is tried again then; `manual`: a manager does; `pool`: a rep takes it; `source`: the system
    that it came from. A rep is told of those in the pool, without the customer."""
    return reading.waiting(store, service.policy().routing, viewer)


@router.post("/leads/store", summary="File a lead on the spot")
def file_store_lead(told: StoreLead, viewer: Asking, service: AtWork, customers: OfCustomers) -> dict[str, Any]:
    """With a photo and what the customer is interested in; it goes where the policy gives it. 409 with what is missing, or with
    those that the customer likely is."""
    event, done = file_lead(service, customers, viewer, told)
    if done.posted is None:
        refused = refused_creation(service, done, event)
        raise Refused(refused["en"], refused["zh"], refused)
    return {"lead": event.record, "unit": event.unit}


@router.get("/leads/{lead}/photo", summary="The photo of a lead", response_class=Response)
def get_photo(lead: Lead, viewer: Asking, store: InStore) -> Response:
    """A JPEG, for whom the lead is."""
    return Response(photo(store, viewer, lead), media_type=MEDIA_TYPE, headers={"cache-control": "private, no-store"})


@router.get("/leads/{lead}/assignments", summary="Who got a lead, and why")
def get_assignments(lead: Lead, viewer: Asking, store: InStore) -> list[dict[str, Any]]:
    """In order; empty for a lead that came with its owner. `reasons` says in both languages what `how` and `why` hold."""
    return reading.assignments(store, viewer, lead)


@router.post("/leads/{lead}/assign", summary="Give a lead to somebody")
def assign(lead: Lead, given: ToUnit, viewer: Asking, service: AtWork) -> dict[str, str]:
    """For managers, to those who report to them."""
    by_hand.assign(service, viewer, lead, given.unit)
    return {"lead": lead, "unit": given.unit}


@router.post("/leads/{lead}/take", summary="Take a lead from the pool")
def take(lead: Lead, viewer: Asking, service: AtWork) -> dict[str, str]:
    """For reps, where the policy keeps a pool; whoever comes first has it."""
    by_hand.take(service, viewer, lead)
    return {"lead": lead, "unit": viewer.unit or ""}


@router.get("/units/{unit}/hand-over", summary="What a hand-over would move")
def get_hand_over(unit: Unit, viewer: Asking, store: InStore) -> dict[str, Any]:
    """Open leads, deals and requests, active customers, open to-dos, notices that wait, and running pursuits; nothing moves."""
    return handing_over.would_move(store, viewer, unit)


@router.post("/units/{unit}/hand-over", summary="Hand everything over to a successor")
def hand_over(unit: Unit, given: ToUnit, viewer: Asking, service: AtWork) -> dict[str, Any]:
    """For managers, between those who report to them. All of it moves, in one act, or nothing; the answer holds the numbers."""
    return handing_over.hand_over(service, viewer, unit, given.unit)
