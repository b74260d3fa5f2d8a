"""Addresses for the return calculator: reckon, send it for a deal, and what a customer's page tells of itself."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from coach.api.access import Asking, AtWork, InStore, Now
from coach.offering import pages
from coach.offering.offered import offered
from coach.offering.returns import LEAST, LONGEST, Investment, returns_of
from coach.offering.words import message
from coach.rules.worded import rule_text
from coach.store import reading

router = APIRouter(tags=["offers"])
Deal = Annotated[str, Path(max_length=200)]
Secret = Annotated[str, Path(max_length=100)]
Money = Annotated[float, Field(ge=0, le=1e12)]
PATH = "/r/{secret}"
"""Where a customer opens a page."""


class Figures(BaseModel):
    """What is reckoned: amounts in the firm's currency."""

    model_config = ConfigDict(extra="forbid")
    investment: float = Field(ge=LEAST, le=1e12, description="paid at the start")
    yearly_saving: Money
    yearly_costs: Money = 0.0
    years: int = Field(5, ge=1, le=LONGEST)
    discount_rate: float = Field(0.08, ge=0, le=1, description="share a year")

    def told(self) -> Investment:
        """The same for reckoning."""
        return Investment(**self.model_dump())


class NewPage(Figures):
    """A page to send for a deal."""

    words: str = Field("", max_length=1000, description="to the customer")
    language: Literal["en", "zh"] = "zh"
    days: int = Field(pages.DAYS, ge=1, le=pages.MOST_DAYS, description="days for which the link holds")


class Look(BaseModel):
    """How long the page was in sight in one look, a later word of which tells more."""

    model_config = ConfigDict(extra="forbid")
    look: str = Field(pattern=r"^[0-9a-z]{8,32}$", description="the same for one look")
    seconds: float = Field(ge=0, le=1e6)


@router.post("/offers/figures", summary="Reckon what an investment brings")
def post_figures(figures: Figures, viewer: Asking) -> dict[str, Any]:  # noqa: ARG001 -- for people who are signed in
    """Net present value, payback time and internal rate of return; nothing is kept."""
    return returns_of(figures.told())._asdict()


@router.get("/deals/{deal}/offers", summary="What is offered and was sent for a deal")
def get_offers(deal: Deal, viewer: Asking, store: InStore, service: AtWork, now: Now, request: Request) -> dict[str, Any]:
    """`offered`: what a rule says to send, and why; null for nothing. `sent`: pages with their links and how long the customer
    looked at them, the latest first."""
    found = reading.record(store, viewer, "opportunity", deal)
    with store.read() as connection:
        stands = offered(connection, [found["row"]], now).get(found["row"]) if found["status"] == "open" else None
    return {
        "deal": deal, "title": found["title"],
        "offered": None if stands is None else stands._asdict() | {"why": rule_text(service, stands.rule)},
        "sent": [_told(each, found, request) for each in pages.sent(store, viewer, deal)],
    }  # fmt: skip


@router.post("/deals/{deal}/offers", summary="Send the return calculator for a deal")
def post_offer(deal: Deal, made: NewPage, viewer: Asking, service: AtWork, request: Request) -> dict[str, Any]:
    """Makes the page and records that a document went out; the answer has the link and a message to send it with."""
    figures = Investment(**made.model_dump(include=set(Investment._fields)))
    page = pages.send(service, viewer, deal, figures, made.words, made.language, made.days)
    return _told(page, reading.record(service.store, viewer, "opportunity", deal), request)


@router.post("/offers/{number}/end", summary="Take a page back")
def post_end(number: Annotated[int, Path(ge=0, le=2**31 - 1)], viewer: Asking, service: AtWork) -> dict[str, Any]:
    """Its link opens nothing any more."""
    pages.end(service, viewer, number)
    return {"number": number, "ended": True}


@router.post("/offers/open/{secret}/figures", summary="Reckon on a customer's page")
def post_own_figures(secret: Secret, figures: Figures, service: AtWork) -> dict[str, Any]:
    """For whoever has the link, without a sign-in; nothing is kept."""
    pages.opened(service, secret)
    return returns_of(figures.told())._asdict()


@router.post("/offers/open/{secret}/looks", summary="A customer looks at a page")
def post_look(secret: Secret, told: Look, service: AtWork) -> dict[str, Any]:
    """Told by the page itself, without a sign-in: recorded as `viewed` of the deal."""
    pages.looked(service, secret, told.look, told.seconds)
    return {"told": True}


def _told(page: pages.Sent, deal: dict[str, Any], request: Request) -> dict[str, Any]:
    public = request.app.state.public
    link = str(public or request.base_url).rstrip("/") + PATH.format(secret=page.secret)
    told = page._asdict() | {"figures": page.figures._asdict(), "returns": returns_of(page.figures)._asdict(), "link": link}
    del told["secret"]
    return told | {"message": message(page, deal["values"].get("customer"), link)}
