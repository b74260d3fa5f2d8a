"""Addresses for finding a customer before one is created, and for customers whom two pursue together."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from coach.api.access import Asking, InStore, Now, OfCustomers
from coach.customers import pursuits
from coach.customers.described import described
from coach.customers.searching import check_telling, search, sought
from coach.events import LONGEST_TEXT, Identifier
from coach.problems import CoachError

router = APIRouter(tags=["customers"])
Text = Annotated[str, Query(max_length=200)]
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]


class Asked(BaseModel):
    """A customer of somebody else whom one wants to pursue together."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["lead", "opportunity", "customer"]
    record: Identifier
    reason: str = Field("", max_length=LONGEST_TEXT, description="why, for the owner")


class NewTask(BaseModel):
    """A task for the pool."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


@router.get("/customers/search", summary="Known customers that are likely the same")
def search_customers(
    viewer: Asking, store: InStore, customers: OfCustomers, q: Text = "", name: Text = "", tax_number: Text = "",
    phone: Text = "",
) -> dict[str, Any]:  # fmt: skip
    """`q` is a name, telephone number, tax number or mail address; or each in a field of its own. The likeliest first, each
    with its owner and the reasons. `likeness` is calibrated: of pairs at 0.9, nine in ten are the same; `verdict` is likely
    from 0.5 on, perhaps from 0.1 on. `open_deals`, and all `records` with their `active`, are told of what you may see; of
    others' one record is told, to name the customer by.
    """
    wanted = sought(q, customers.country) if q.strip() else described(name, tax_number, phone, country=customers.country)
    if wanted.says_nothing:
        raise CoachError(
            "Write the name, telephone number or tax number of the customer: q=…", "请填写客户的名称、电话或税号：q=…"
        )
    check_telling(wanted)
    return {"found": [each.document() for each in search(store, customers, viewer, wanted)]}


@router.get("/pursuits", summary="Customers whom two pursue together, with their tasks")
def get_pursuits(viewer: Asking, store: InStore, open_only: bool = True) -> list[dict[str, Any]]:
    """Those that you take part in, or manage."""
    return pursuits.pursuits(store, viewer, open_only=open_only)


@router.post("/pursuits", summary="Ask the owner of a customer to join")
def post_pursuit(asked: Asked, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """Asking twice is once."""
    return {"number": pursuits.ask_to_join(store, viewer, asked.kind, asked.record, asked.reason, now)}


@router.post("/pursuits/{number}/{answer}", summary="Agree, decline or end")
def post_answer(
    number: Number, answer: Literal["agree", "decline", "end"], viewer: Asking, store: InStore, now: Now
) -> dict[str, str]:
    """The owner, or a manager above, agrees or declines; either side ends it."""
    state = {"agree": pursuits.JOINT, "decline": pursuits.DECLINED, "end": pursuits.ENDED}[answer]
    pursuits.decide(store, viewer, number, state, now)
    return {"state": state}


@router.post("/tasks/of/{number}", summary="Put a task into the pool of a pursuit")
def post_task(number: Number, task: NewTask, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """Once the owner has agreed."""
    return {"task": pursuits.add_task(store, viewer, number, task.text, now)}


@router.post("/tasks/{task}/take", summary="Take a task")
def take(task: Number, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """In your name."""
    pursuits.take_task(store, viewer, task, now)
    return {"task": task}


@router.post("/tasks/{task}/done", summary="A task is done")
def done(task: Number, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """Twice is once."""
    pursuits.finish_task(store, viewer, task, now)
    return {"task": task}
