"""Addresses for the knowledge base, and for action cards."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from coach.api.access import Asking, AtWork, InStore, Now
from coach.guidance.cards import cards
from coach.knowledge.base import MOST, search
from coach.store import reading

router = APIRouter()


@router.get("/knowledge", summary="Search the knowledge base", tags=["work"])
def get_knowledge(
    viewer: Asking, store: InStore, q: Annotated[str, Query(min_length=1, max_length=400)],
    limit: Annotated[int, Query(ge=1, le=MOST)] = 5,
) -> list[dict]:  # fmt: skip
    """Questions with answers that fit, the best first; words in Chinese need no spaces between them."""
    return [each._asdict() for each in search(store, viewer, q, limit)]


@router.get("/deals/{deal}/card", summary="Action card of a deal", tags=["work"])
def get_card(
    deal: Annotated[str, Path(max_length=200)], viewer: Asking, store: InStore, service: AtWork, now: Now
) -> dict[str, Any] | None:
    """What deals with such customers that were won had on record in the same stage, and what is still to do here: for open
    deals of newcomers, where the policy has cards; null for others."""
    found = reading.record(store, viewer, "opportunity", deal)
    if found["status"] != "open":
        return None
    with store.read() as connection:
        card = cards(connection, service.policy(), [found], now).get(found["row"])
    return None if card is None else card.document()
