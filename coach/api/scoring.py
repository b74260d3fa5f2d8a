"""Addresses for scores: what each says about itself, and its numbers as far as one may see them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from coach.api.access import Asking, InStore, WithScores
from coach.problems import not_found
from coach.scoring.readings import READINGS, told
from coach.scoring.rows import plain_card, plain_row
from policies.scores.catalogue import ABOUT

router = APIRouter()
MOST = 500
Score = Annotated[str, Path(max_length=20)]


@router.get("/scores", summary="What the scores are", tags=["scores"])
def get_cards(_viewer: Asking) -> list[dict]:
    """The card of every score: formula, unit, range, limits and source."""
    return [plain_card(about) for about in ABOUT.values()]


@router.get("/scores/{score}", summary="The numbers of a score", tags=["scores"])
def get_score(
    score: Score, viewer: Asking, store: InStore, scores: WithScores, limit: Annotated[int, Query(ge=1, le=MOST)] = 100
) -> dict:
    """The numbers that you may see, the worst first, with their reasons."""
    if score not in READINGS:
        raise not_found("score", "评分", score)
    scored = scores.now()
    rows = told(store, viewer, scored.scores, score)[:limit]
    return {"about": plain_card(ABOUT[score]), "at": scored.at, "rows": [plain_row(each) for each in rows]}
