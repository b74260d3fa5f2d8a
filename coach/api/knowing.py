"""Addresses for the knowledge base."""

from typing import Annotated

from fastapi import APIRouter, Query

from coach.api.access import Asking, InStore
from coach.knowledge.base import MOST, search

router = APIRouter()


@router.get("/knowledge", summary="Search the knowledge base", tags=["work"])
def get_knowledge(
    viewer: Asking, store: InStore, q: Annotated[str, Query(min_length=1, max_length=400)],
    limit: Annotated[int, Query(ge=1, le=MOST)] = 5,
) -> list[dict]:  # fmt: skip
    """Questions with answers that fit, the best first; words in Chinese need no spaces between them."""
    return [each._asdict() for each in search(store, viewer, q, limit)]
