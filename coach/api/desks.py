"""Addresses for asking a desk, for its queue and for its answers."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from coach.api.access import Asking, AtWork, InStore, Now
from coach.desks import answering, asking, queue
from coach.events import LONGEST_TEXT, Identifier, kept_value

router = APIRouter(tags=["desks"])
Name = Annotated[str, Path(max_length=200)]
Desk = Literal["presales", "legal", "delivery", "finance", "manager"]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]


def _discount(told: Any) -> Any:
    return told if told is None else kept_value("request", "discount", told)


class NewRequest(BaseModel):
    """What somebody asks of a desk about a deal."""

    model_config = ConfigDict(extra="forbid")
    deal: Identifier
    desk: Desk
    asked_for: Literal["answer", "approval", "expense", "discount"] = "answer"
    question: Text = ""
    sum: float | None = Field(None, gt=0, le=1e12, description="money asked for, with an expense")
    discount: Annotated[float | None, BeforeValidator(_discount, json_schema_input_type=float | None)] = Field(
        None, gt=0, le=0.9, description="share of the price asked for, with a discount"
    )


class Answer(BaseModel):
    """What a desk answers; a refusal needs its reason."""

    model_config = ConfigDict(extra="forbid")
    answer: Text = ""
    granted: bool | None = Field(None, description="whether it is granted, where an approval, expense or discount is asked for")


@router.get("/requests", summary="Requests to desks")
def get_requests(
    viewer: Asking, store: InStore, now: Now, desk: Desk | None = None, open_only: bool = True
) -> list[dict[str, Any]]:
    """Those that you asked, answer or stand above, in the order in which each desk is to answer them."""
    return [told(each, now) for each in queue.requests(store, viewer, desk=desk, open_only=open_only)]


@router.post("/requests", summary="Ask a desk")
def post_request(wanted: NewRequest, viewer: Asking, service: AtWork, store: InStore, now: Now) -> dict[str, Any]:
    """About a deal that you see. The answer tells by when the desk promises to answer, under the policy in force."""
    identifier = asking.ask_desk(service, viewer, asking.Wanted(**wanted.model_dump()))
    return told(queue.one(store, viewer, identifier), now)


@router.post("/requests/{request}/answer", summary="Answer a request")
def post_answer(request: Name, given: Answer, viewer: Asking, service: AtWork, store: InStore, now: Now) -> dict[str, Any]:
    """As its desk, or as the manager above who asked."""
    answering.answer(service, viewer, request, given.answer, given.granted)
    return told(queue.one(store, viewer, request), now)


@router.post("/requests/{request}/withdraw", summary="Take a request back")
def post_withdrawal(request: Name, viewer: Asking, service: AtWork, store: InStore, now: Now) -> dict[str, Any]:
    """As who asked, as long as nobody has answered."""
    asking.withdraw(service, viewer, request)
    return told(queue.one(store, viewer, request), now)


def told(each: queue.Request, now: int) -> dict[str, Any]:
    """A request as plain values; `late` as of now or of its answer."""
    return each._asdict() | {"late": each.is_late(now)}
