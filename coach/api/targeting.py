"""Addresses for targets: proposed over the tree, put in force, signed and adjusted."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from coach.api.access import Asking, AtWork, InStore, Now
from coach.events import LONGEST_TEXT, Identifier
from coach.store import reading
from coach.targets import actions, adjusting, committing, moving, rolling, setting
from coach.targets.periods import Which

router = APIRouter(tags=["targets"])
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]
Money = Annotated[int, Field(ge=0, le=setting.LARGEST, description="whole units of the firm's currency")]


class SetInput(BaseModel):
    """Which targets to propose: as reckoned, with other totals for single units, or the whole tree as given."""

    model_config = ConfigDict(extra="forbid")
    period: Which = "coming"
    totals: dict[Identifier, Money] | None = Field(None, max_length=1000, description="other totals, shared out below")
    amounts: dict[Identifier, Money] | None = Field(None, max_length=20_000, description="every unit's target; must add up")


class Signature(BaseModel):
    """What was looked at before signing."""

    model_config = ConfigDict(extra="forbid")
    shown: str = Field(max_length=100, description="`shown` of `GET /targets/commitment`")


class AdjustmentInput(BaseModel):
    """An adjustment of the own target."""

    model_config = ConfigDict(extra="forbid")
    target: Money
    evidence: str = Field(
        "", max_length=LONGEST_TEXT, description="which need of which customer changed, and how that is known"
    )
    kind: Literal["lead", "opportunity", "customer"] | None = None
    record: Identifier | None = Field(None, description="own record of the customer whose need changed")


class Refusal(BaseModel):
    """Why not."""

    model_config = ConfigDict(extra="forbid")
    why: str = Field("", max_length=LONGEST_TEXT)


class MoveInput(BaseModel):
    """What moves from one unit to another for the running period: leads, presales hours or money a week."""

    model_config = ConfigDict(extra="forbid")
    resource: moving.Resource
    from_unit: Identifier
    to_unit: Identifier
    amount: float = Field(gt=0, le=setting.LARGEST)
    reason: str = Field(max_length=LONGEST_TEXT)


@router.get("/targets", summary="Targets and attainment")
def get_targets(viewer: Asking, store: InStore) -> list[dict]:
    """As far as the policy's visibility lets you see them."""
    return reading.targets(store, viewer)


@router.get("/targets/line", summary="How the own work rolls up")
def get_line(viewer: Asking, store: InStore) -> list[dict]:
    """Your unit and those above; sums from which a peer's target could be told are null."""
    return rolling.own_line(store, viewer)


@router.get("/targets/actions", summary="Weekly action units")
def get_actions(viewer: Asking, store: InStore) -> list[dict[str, Any]]:
    """What this week counts so far of each rep whom you may see, and what the policy asks."""
    return actions.actions(store, viewer)


@router.get("/targets/proposal", summary="What the policy makes of the record")
def get_proposal(viewer: Asking, store: InStore, now: Now, period: Annotated[Which, Query()] = "coming") -> dict[str, Any]:
    """Targets of every unit that you may see, with the figure of each layer; nothing is kept."""
    return setting.proposal(store, viewer, now, period).document()


@router.get("/targets/sets", summary="Targets that were proposed and put in force")
def get_sets(viewer: Asking, store: InStore) -> list[dict]:
    """The latest first; of each the units that you may see."""
    return setting.sets(store, viewer)


@router.post("/targets/sets", summary="Propose targets for the whole firm")
def propose(given: SetInput, viewer: Asking, service: AtWork) -> dict[str, int]:
    """Kept to be looked at. 409 for targets that do not add up over the tree, with every unit, sum and difference."""
    return {"number": setting.propose(service, viewer, given.period, given.totals, given.amounts)}


@router.post("/targets/sets/{number}/confirm", summary="Put proposed targets in force, as a manager above everybody")
def confirm(number: Number, viewer: Asking, service: AtWork) -> dict[str, int]:
    """At once, or at the first instant of their period."""
    setting.confirm(service, viewer, number)
    return {"number": number}


@router.post("/targets/sets/{number}/withdraw", summary="Take proposed targets back")
def withdraw(number: Number, viewer: Asking, service: AtWork) -> dict[str, int]:
    """Before they are in force."""
    setting.withdraw(service, viewer, number)
    return {"number": number}


@router.get("/targets/commitment", summary="What to look at before signing the own target")
def get_shown(viewer: Asking, store: InStore, now: Now) -> dict[str, Any]:
    """Own history for the same period, a benchmark of the region, and the resources that there are."""
    return committing.shown(store, viewer, now)


@router.post("/targets/commitment", summary="Sign the own target")
def sign(given: Signature, viewer: Asking, service: AtWork) -> dict[str, int]:
    """Recorded, with what was shown. 409 where that has changed since: look again."""
    return {"number": committing.sign(service, viewer, given.shown)}


@router.get("/targets/commitments", summary="Who signed what")
def get_commitments(viewer: Asking, store: InStore) -> list[dict]:
    """Signatures of people whom you may see, the latest first, with what was shown."""
    return committing.commitments(store, viewer)


@router.get("/targets/adjustments", summary="Adjustments that were asked for")
def get_adjustments(viewer: Asking, store: InStore) -> list[dict]:
    """Your own, those of people who report to you, and those that wait for you; the latest first."""
    return adjusting.adjustments(store, viewer)


@router.post("/targets/adjustments", summary="Ask for another target")
def ask_adjustment(given: AdjustmentInput, viewer: Asking, service: AtWork) -> dict[str, Any]:
    """On the policy's business day of the month, with evidence of a changed need. 409 with the reason and the next day on which
    it may be asked for; a refusal is kept as well."""
    number = adjusting.ask_for(service, viewer, given.target, given.evidence, given.kind, given.record)
    return {"number": number}


@router.post("/targets/adjustments/{number}/approve", summary="Approve an adjustment")
def approve(number: Number, viewer: Asking, service: AtWork) -> dict[str, Any]:
    """As one of those whom the policy names; granted when all have approved."""
    return {"number": number, "state": adjusting.approve(service, viewer, number)}


@router.post("/targets/adjustments/{number}/refuse", summary="Refuse an adjustment")
def refuse(number: Number, given: Refusal, viewer: Asking, service: AtWork) -> dict[str, Any]:
    """As one of those whom the policy names."""
    adjusting.refuse(service, viewer, number, given.why)
    return {"number": number, "state": "refused"}


@router.get("/targets/moves", summary="Resources that moved between units")
def get_moves(viewer: Asking, store: InStore) -> list[dict]:
    """Those that concern your units, the latest first."""
    return moving.moves(store, viewer)


@router.get("/targets/moves/proposed", summary="Resources that could move")
def get_proposed_moves(viewer: Asking, store: InStore, now: Now) -> list[dict]:
    """What a unit on pace could give a week to one behind, as the policy says, with the reason."""
    return [each._asdict() for each in moving.proposals(store, viewer, now)]


@router.post("/targets/moves", summary="Move resources between units, as a manager above both")
def move(given: MoveInput, viewer: Asking, service: AtWork) -> dict[str, int]:
    """Recorded, and shown to the units that it concerns. The coach gives leads out by it; other resources whoever gives them
    out."""
    return {"number": moving.move(service, viewer, **given.model_dump())}


@router.post("/targets/moves/{number}/withdraw", summary="Take a move back")
def withdraw_move(number: Number, viewer: Asking, service: AtWork) -> dict[str, Any]:
    """As who decided it, or a manager above; it ends now."""
    moving.withdraw(service, viewer, number)
    return {"number": number, "state": "withdrawn"}
