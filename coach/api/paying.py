"""Address for what a rep has earned."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from coach.api.access import Asking, InStore, Now
from coach.pay.statement import statement

router = APIRouter(tags=["work"])
Name = Annotated[str, Path(max_length=200)]
Instant = Annotated[int | None, Query(ge=631_152_000_000, lt=4_102_444_800_000, description="an instant in the period, ms")]


@router.get("/reps/{rep}/pay", summary="What a rep has earned in a pay period")
def get_pay(rep: Name, viewer: Asking, store: InStore, now: Now, at: Instant = None) -> dict[str, Any]:
    """By the policy in force; the running period unless `at` lies in another. Your own, or of those who report to you."""
    found = statement(store, viewer, rep, now if at is None else at)
    return found._asdict() | {"sales": [each._asdict() for each in found.sales], "currency": store.currency}
