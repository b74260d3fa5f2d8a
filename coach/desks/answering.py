"""Answering a request: a desk gives its answer, and what it grants goes on the deal's record with it."""

from typing import Any

from coach.desks.asking import event_of, post
from coach.desks.queue import Request, one
from coach.events import LONGEST_TEXT
from coach.problems import CoachError, NotAllowed
from coach.rules.service import Service
from coach.store import Viewer
from coach.store.viewer import SEE_EVERYTHING
from policies.record.records import APPROVALS, DESKS

DECIDED = ("approval", "expense", "discount")
"""What is granted or refused; the rest is answered in words."""


def answer(service: Service, viewer: Viewer, request: str, text: str, granted: bool | None = None) -> None:
    """Answer a request of the viewer's own desk. `granted`: whether what was asked for is granted, None where nothing is.

    A granted discount becomes the deal's approved discount, a granted approval that of the desk on the deal; both in the same
    transaction. Raises NotFound for a request that the viewer does not see, NotAllowed for another's desk.
    """
    asked = one(service.store, viewer, request)
    _check(viewer, asked, text, granted)
    text = text.strip()[:LONGEST_TEXT]
    payload: dict[str, Any] = {"answer": text} if text else {}
    if granted is not None:
        payload["granted"] = granted
    events = [event_of(service, viewer, "answered", "request", request, payload)]
    brought = _brought(asked, text, viewer.name) if granted and asked.deal is not None else {}
    if brought and asked.deal is not None:
        events.append(event_of(service, viewer, "field_recorded", "opportunity", asked.deal, brought))
    post(service, viewer, events)


def _check(viewer: Viewer, asked: Request, text: str, granted: bool | None) -> None:
    if not asked.may_answer:
        raise NotAllowed("Another desk answers this request.", "该请求由其他部门答复。")
    if asked.status != "open":
        raise CoachError("This request is no longer open.", "该请求已关闭。")
    if asked.asked_for in DECIDED and granted is None:
        raise CoachError("Say whether it is granted.", "请说明是否批准。")
    if asked.asked_for not in DECIDED and granted is not None:
        raise CoachError("There is nothing to grant here: answer in words.", "该请求无需批准，请以文字答复。")
    if not text.strip() and not granted:
        raise CoachError("Write an answer; a refusal needs its reason.", "请填写答复；不批准须说明理由。")
    if asked.asked_by == viewer.name and viewer.role not in SEE_EVERYTHING:
        raise NotAllowed("Nobody grants an own request; the manager above does.", "本人不得审批自己的请求，由上级经理处理。")


def _brought(asked: Request, text: str, approver: str) -> dict[str, Any]:
    """Fields of the deal that a grant brings; an approval without words is told by who gave it."""
    if asked.asked_for == "discount" and asked.discount is not None:
        return {"approved_discount": asked.discount}
    if asked.asked_for == "approval" and asked.desk is not None:
        return {APPROVALS[DESKS.index(asked.desk)]: text or approver}
    return {}
