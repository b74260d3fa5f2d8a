"""Addresses for signing in, people, webhooks, saved runs, the audit log and the state of the service."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from coach.api.access import Asking, AtWork, Bearer, InStore, Now, give_session, secret_of
from coach.events import Identifier
from coach.messages import outbox
from coach.problems import NotSignedIn
from coach.store import people, reading, sessions
from coach.store.viewer import Viewer

router = APIRouter()
Role = Literal["rep", "manager", "desk", "trainer", "operations", "admin"]
Language = Literal["en", "zh"]
Name = Annotated[str, Path(max_length=200)]


class SignIn(BaseModel):
    """Name and password."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=200)
    password: str = Field(max_length=200)


class Person(BaseModel):
    """A person; without a password only tokens let that person in."""

    model_config = ConfigDict(extra="forbid")
    name: Identifier
    role: Role
    unit: Identifier | None = None
    language: Literal["browser", "en", "zh"] = "browser"
    password: str | None = Field(None, max_length=200)


class TokenInput(BaseModel):
    """What a token is for."""

    model_config = ConfigDict(extra="forbid")
    label: Identifier
    expires_at: int | None = Field(None, ge=0, le=2**53)


class Webhook(BaseModel):
    """A target of messages. Its address and secret are kept and never shown."""

    model_config = ConfigDict(extra="forbid")
    name: Identifier
    format: Literal["generic", "wecom", "dingtalk", "feishu", "slack"]
    url: Identifier
    secret: Identifier | None = None
    unit: Identifier | None = None
    language: Language = "en"


def _told(viewer: Viewer) -> dict:
    return viewer._asdict()


@router.post("/sign-in", summary="Sign in", tags=["people"])
def sign_in(given: SignIn, request: Request, response: Response, store: InStore, now: Now) -> dict:
    """Begin a session of twelve hours, as a cookie."""
    attempts = request.app.state.attempts
    attempts.ask(given.name, now)
    try:
        secret, viewer = sessions.sign_in(store, given.name, given.password, now)
    except NotSignedIn:
        attempts.failed(given.name, now)
        raise
    give_session(response, secret, request.app.state.secure_cookies)
    return _told(viewer)


@router.post("/sign-out", summary="Sign out", tags=["people"])
def sign_out(
    request: Request, response: Response, viewer: Asking, store: InStore, now: Now, bearer: Bearer,
    everywhere: Annotated[bool, Query(description="end all sessions of the person, on every device")] = False,
) -> dict:  # fmt: skip
    """End the session or token that the request came with; open pages of it stop at once."""
    sessions.revoke(store, viewer, secret_of(request, bearer) or "", now)
    if everywhere:
        sessions.sign_out_everywhere(store, viewer, now)
    response.delete_cookie(request.app.state.cookie, path="/")
    return {"signed_out": True}


@router.get("/me", summary="Who am I", tags=["people"])
def me(viewer: Asking) -> dict:
    """Name, role, unit and language."""
    return _told(viewer)


@router.get("/people", summary="Everybody", tags=["people"])
def get_people(viewer: Asking, store: InStore) -> list[dict]:
    """All people with their roles."""
    return people.people(store, viewer)


@router.post("/people", summary="Add or change a person", tags=["people"])
def set_person(given: Person, viewer: Asking, store: InStore, now: Now) -> dict:
    """Add a person, or change the one of that name, whom this also brings back.

    A new password ends all sessions of the person; another role or unit is in force at once. Tokens stay.
    """
    people.add_person(store, viewer, now, **given.model_dump())
    return {"name": given.name}


@router.delete("/people/{name}", summary="Put a person out", tags=["people"])
def deactivate(name: Name, viewer: Asking, store: InStore, now: Now) -> dict:
    """End all sessions of a person, and let none of the tokens in. `POST /people` brings the person back."""
    people.deactivate(store, viewer, now, name)
    return {"name": name, "active": False}


@router.post("/people/{name}/tokens", summary="Make a token", tags=["people"])
def make_token(name: Name, given: TokenInput, viewer: Asking, store: InStore, now: Now) -> dict:
    """A token for a person's programs; it is shown this once."""
    return {"token": people.new_token(store, viewer, name, given.label, now, given.expires_at)}


@router.get("/webhooks", summary="Targets of messages", tags=["messages"])
def get_webhooks(viewer: Asking, store: InStore) -> list[dict]:
    """All targets, without their addresses."""
    return outbox.webhooks(store, viewer)


@router.post("/webhooks", summary="Add or change a target", tags=["messages"])
def set_webhook(given: Webhook, viewer: Asking, store: InStore, now: Now) -> dict:
    """Add a target, or change the one of that name."""
    told = given.model_dump()
    return {"id": outbox.add_webhook(store, viewer, now, form=told.pop("format"), **told)}


@router.delete("/webhooks/{name}", summary="Switch a target off", tags=["messages"])
def switch_off(name: Name, viewer: Asking, store: InStore, now: Now) -> dict:
    """Send nothing more to it."""
    outbox.switch_off_webhook(store, viewer, now, name)
    return {"name": name}


@router.get("/outbox", summary="Messages and what became of them", tags=["messages"])
def get_outbox(viewer: Asking, store: InStore, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> list[dict]:
    """The latest first."""
    return outbox.messages(store, viewer, limit=limit)


@router.get("/audit", summary="Audit log", tags=["running"])
def get_audit(
    viewer: Asking, store: InStore, before: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[dict]:  # fmt: skip
    """The latest first."""
    return reading.audit(store, viewer, before=before, limit=limit)


@router.get("/runs", summary="Saved runs of the lab", tags=["running"])
def get_runs(viewer: Asking, store: InStore) -> list[dict]:
    """Your own, without their pages."""
    return reading.runs(store, viewer)


@router.get("/runs/{run}", summary="One saved run", tags=["running"])
def get_run(run: Name, viewer: Asking, store: InStore) -> dict:
    """The result and the page."""
    return reading.saved_run(store, viewer, run)


@router.get("/health", summary="State of the service", tags=["running"])
def health(service: AtWork) -> dict[str, Any]:
    """Open to all, so that a watchdog can ask; it tells nothing of anybody."""
    return service.health()
