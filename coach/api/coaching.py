"""Addresses for coaching: what is booked this month, and what of it was held."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from coach.api.access import Asking, AtWork
from coach.coaching import keeping
from coach.events import Identifier, Instant

router = APIRouter(tags=["work"])


class Mark(BaseModel):
    """What a manager says of a session."""

    model_config = ConfigDict(extra="forbid")
    rep: Identifier
    number: Annotated[int, Field(ge=0, le=1000, description="which session of the month, from 0")]
    month_at: Instant | None = Field(None, description="its month, as the session tells it; null: this month")
    held: bool
    why: keeping.Reason = Field("", description="what took the hour of a session that was not held")


@router.get("/coaching", summary="Coaching of this month")
def get_coaching(viewer: Asking, service: AtWork) -> list[dict[str, Any]]:
    """By manager whom you may see: `sessions` as the policy has them booked, those of the months beside it within seven days
    among them, with `held` (null: nobody said) and `why` not, and
    `hours` of the month, for everybody but reps: open time, booked, kept for escalations, due, held, and what else came."""
    return [
        {
            "manager": hours.manager,
            "hours": None if viewer.role == "rep" else hours._asdict() | {"share": hours.share},
            "sessions": [each.session._asdict() | {"held": each.held, "why": each.why} for each in sessions],
        }
        for hours, sessions in keeping.coaching(service, viewer)
    ]


@router.post("/coaching/marks", summary="Say whether a session was held")
def post_mark(told: Mark, viewer: Asking, service: AtWork) -> dict[str, Any]:
    """For managers, of a session of this month, or of the last seven days, that has begun; a later word counts."""
    keeping.mark(service, viewer, told.rep, told.number, told.held, told.why, told.month_at)
    return told.model_dump()
