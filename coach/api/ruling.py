"""Addresses for the policy: read, preview, put in force, take back, switch single rules."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from coach.api.access import Asking, AtWork, InStore
from coach.auditing.feedback import lessons
from coach.rules import approving
from coach.rules.approving import LONGEST_REASON, WHO_ASKS
from coach.rules.policy_input import policy_from
from coach.store import policy_history
from coach.store.viewer import ask
from policies.words.policy_words import policy_words

router = APIRouter(tags=["policy"])
WHO_RULES = WHO_ASKS
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]


class PolicyInput(BaseModel):
    """A policy by its name in the library, or as a whole document."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, max_length=100, description="name in the library")
    document: dict[str, Any] | None = Field(None, description="a policy document, as `rehearse schema policy` describes it")


class Activation(PolicyInput):
    """A policy to put in force."""

    catch_up: bool = Field(False, description="all that is overdue fires at once; look at the preview first")
    reason: str = Field("", max_length=LONGEST_REASON, description="why, where the policy did not pass its validation")


class Mode(BaseModel):
    """A rule's mode."""

    model_config = ConfigDict(extra="forbid")
    mode: Literal["off", "shadow", "live"]
    reason: str = Field("", max_length=LONGEST_REASON, description="why, where the policy did not pass its validation")


@router.get("/policies", summary="Policies that were in force")
def get_versions(viewer: Asking, store: InStore) -> list[dict]:
    """All versions, the latest first."""
    return policy_history.versions(store, viewer)


@router.get("/policies/current", summary="The policy in force")
def get_current(viewer: Asking, store: InStore) -> dict:
    """The document, what it says in plain words, and what was learned of its rules; nulls without one."""
    version = policy_history.policy_in_force(store, viewer)
    if version is None:
        return {"number": None, "document": None, "words": None, "learned": None}
    words = {language: policy_words(version.policy, language) for language in ("en", "zh")}
    return {
        "number": version.number, "activated_at": version.activated_at, "activated_by": version.activated_by,
        "document": version.policy.model_dump(mode="json"), "words": words,
        "learned": [each for each in lessons(store, viewer) if each["rule"] in {rule.id for rule in version.policy.rules}],
    }  # fmt: skip


@router.post("/policies/preview", summary="What a policy would do at once if it caught up")
def preview(given: PolicyInput, viewer: Asking, service: AtWork) -> list[dict]:
    """Per rule: how many firings, for whom, and the first records. Nothing changes."""
    ask(viewer, *WHO_RULES)
    found = service.preview(policy_from(given.name, given.document))
    return [each._asdict() | {"people": [{"unit": unit, "firings": number} for unit, number in each.people]} for each in found]


@router.post("/policies/activate", summary="Put a policy in force, or ask a manager for it")
def activate(given: Activation, viewer: Asking, service: AtWork) -> dict:
    """From now on; clocks of new rules start now unless it catches up. A policy that did not pass its validation needs a reason
    and waits as a request until a manager confirms it: then `number` is null."""
    ask(viewer, *WHO_RULES)
    policy = policy_from(given.name, given.document)
    done = approving.put_in_force(service, viewer, policy, catch_up=given.catch_up, reason=given.reason)
    return done.document()


@router.get("/policies/requests", summary="Requests that wait for a second person")
def get_requests(viewer: Asking, store: InStore) -> list[dict]:
    """The latest first."""
    return [each._asdict() for each in approving.requests(store, viewer)]


@router.post("/policies/requests/{number}/confirm", summary="Let a request through, as a manager")
def confirm(number: Number, viewer: Asking, service: AtWork) -> dict:
    """The policy is put in force."""
    return {"number": approving.confirm(service, viewer, number)}


@router.post("/policies/requests/{number}/refuse", summary="Refuse a request, or withdraw one's own")
def refuse(number: Number, viewer: Asking, service: AtWork) -> dict:
    """Nothing is put in force."""
    approving.refuse(service, viewer, number)
    return {"request": number}


@router.post("/policies/rollback", summary="Return to the policy before")
def roll_back(viewer: Asking, service: AtWork) -> dict:
    """One step back; what rules remember is kept."""
    ask(viewer, *WHO_RULES)
    return {"number": service.rollback(viewer.name)}


@router.put("/policies/rules/{rule}/mode", summary="Switch one rule off, into shadow or live")
def set_mode(rule: Annotated[str, Path(max_length=200)], given: Mode, viewer: Asking, service: AtWork) -> dict:
    """The policy gets a new version; live needs what putting a policy in force needs."""
    done = approving.set_mode(service, viewer, rule, given.mode, reason=given.reason)
    return done.document()
