"""Addresses for retrospectives: causes, evidence, improvements for departments, and what came of them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from coach.api.access import Asking, AtWork, InStore, Now
from coach.events import Identifier
from coach.retrospective import improvements, reviews
from coach.retrospective.figures import figures

router = APIRouter(tags=["retrospectives"])
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]
Text = Annotated[str, Field(min_length=1, max_length=reviews.LONGEST)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewReview(_Body):
    """A review of something that went wrong, or well; of a record where it is about one."""

    title: Text
    kind: Literal["lead", "opportunity", "customer", "request"] | None = None
    record: Identifier | None = None


class NewCause(_Body):
    """A cause: a gap in a process, a tool that is missing, or a skill that is."""

    kind: Literal["process_gap", "missing_tool", "skill_gap"]
    text: Text


class NewEvidence(_Body):
    """A piece of evidence: what it shows, and where it can be looked up."""

    kind: Literal["record", "customer_words", "document"]
    text: Text
    source: Text


class NewImprovement(_Body):
    """What a department is to improve about a cause."""

    cause: int = Field(ge=0, le=2**31 - 1)
    department: Identifier = Field(description="id of a unit")
    text: Text


class Outcome(_Body):
    """What is different now."""

    outcome: Text


@router.get("/reviews", summary="Retrospectives")
def get_reviews(viewer: Asking, store: InStore) -> list[dict[str, Any]]:
    """Your own and those of units below yours; `missing` are the kinds of evidence without which one is void."""
    return reviews.reviews(store, viewer)


@router.post("/reviews", summary="Begin a retrospective")
def post_review(review: NewReview, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """For managers, operations and administrators."""
    return {"review": reviews.begin(store, viewer, review.title, now, review.kind, review.record)}


@router.get("/reviews/figures", summary="What came of retrospectives")
def get_figures(viewer: Asking, store: InStore, now: Now) -> list[dict[str, Any]]:
    """Improvements per valid review, and the share closed within two weeks of those sent two weeks ago or longer: of all, then
    by month."""
    return [each.document() for each in figures(store, viewer, now)]


@router.post("/reviews/{number}/causes", summary="Add a cause")
def post_cause(number: Number, cause: NewCause, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """Refused with a better question where it blames (attitude, 态度) instead of naming what was missing."""
    return {"cause": reviews.add_cause(store, viewer, number, cause.kind, cause.text, now)}


@router.post("/reviews/{number}/evidence", summary="Add a piece of evidence")
def post_evidence(number: Number, piece: NewEvidence, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """A review needs all three kinds, or it is void."""
    return {"evidence": reviews.add_evidence(store, viewer, number, piece.kind, piece.text, piece.source, now)}


@router.post("/reviews/{number}/improvements", summary="Add an improvement for a department")
def post_improvement(number: Number, made: NewImprovement, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """It goes out when the review is finished."""
    return {"improvement": reviews.add_improvement(store, viewer, number, made.cause, made.department, made.text, now)}


@router.post("/reviews/{number}/finish", summary="Finish a retrospective")
def finish(number: Number, viewer: Asking, store: InStore, service: AtWork, now: Now) -> dict[str, Any]:
    """Valid with a cause and all three kinds of evidence: its improvements go out, with 72 hours. Else void, with what is
    missing."""
    done = reviews.finish(store, viewer, number, now)
    service.on_change()
    return {"state": done.state, "missing": list(done.missing)}


@router.get("/improvements", summary="Improvements that departments have to make")
def get_improvements(viewer: Asking, store: InStore, open_only: bool = True) -> list[dict[str, Any]]:
    """Those of your unit and of units below, and those that have gone up to you."""
    return improvements.improvements(store, viewer, open_only=open_only)


@router.post("/improvements/{number}/close", summary="An improvement is made")
def close(number: Number, done: Outcome, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """With what is different now; twice is once."""
    improvements.close(store, viewer, number, done.outcome, now)
    return {"improvement": number}
