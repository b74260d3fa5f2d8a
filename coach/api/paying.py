"""Addresses for what a rep has earned, for days with complete records, and for what became of expenses."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from coach.api.access import Asking, InStore, Now
from coach.expenses import tracking
from coach.pay.statement import statement
from coach.recording.reading import standings

router = APIRouter(tags=["work"])
Name = Annotated[str, Path(max_length=200)]
Instant = Annotated[int | None, Query(ge=631_152_000_000, lt=4_102_444_800_000, description="an instant in the period, ms")]


@router.get("/reps/{rep}/pay", summary="What a rep has earned in a pay period")
def get_pay(rep: Name, viewer: Asking, store: InStore, now: Now, at: Instant = None) -> dict[str, Any]:
    """By the policy in force; the running period unless `at` lies in another. Your own, or of those who report to you."""
    found = statement(store, viewer, rep, now if at is None else at)
    return found._asdict() | {"sales": [each._asdict() for each in found.sales], "currency": store.currency}


@router.get("/recording", summary="Days with complete records, and the habit programme")
def get_recording(viewer: Asking, store: InStore, now: Now) -> dict[str, Any]:
    """Of each rep whom you may see, in the running pay period: what these days earned is what the pay statement tells."""
    return {"reps": [each.told() for each in standings(store, viewer, now)], "currency": store.currency}


@router.get("/expenses", summary="Expenses, and what became of their deals")
def get_expenses(viewer: Asking, store: InStore, now: Now) -> list[dict[str, Any]]:
    """The latest first, each with the deal's stage after 30, 60 and 90 days; null while that day lies ahead."""
    found = tracking.expenses(store, viewer, now)
    return [each._asdict() | {"looks": [look._asdict() for look in each.looks]} for each in found]


@router.get("/expenses/sources", summary="What each source of customers cost and brought")
def get_sources(viewer: Asking, store: InStore) -> list[dict[str, Any]]:
    """From the source to leads, deals, revenue and expenses; `left` is revenue less expenses: margins are not recorded."""
    return [each._asdict() | {"left": each.left} for each in tracking.sources(store, viewer)]
