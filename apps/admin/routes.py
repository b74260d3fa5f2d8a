"""The administration's addresses. Each page draws itself and knows what its forms do; what was done leads on."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from apps.admin import audit, firm, messages, people, state, tokens, units
from apps.admin.desk import Desk, Once, Typed
from apps.pages.documents.entry import check_token
from apps.pages.documents.layout import document, missing, visit_at
from apps.pages.roles import PAGES
from coach.problems import CoachError, NotFound
from coach.store import Viewer

BOTH, ADMIN = PAGES["admin"], ("admin",)
Do = Callable[[Desk], str]


class Page(NamedTuple):
    """A page: which tab it stands under, who may enter, how it is drawn, and what its forms do by name. What is done returns
    the address to go to."""

    tab: str
    roles: tuple[str, ...]
    draw: Callable[[Desk], Markup]
    does: Mapping[str, Do] = MappingProxyType({})


ROOMS = {
    "people": Page("people", ADMIN, people.draw_list, people.OF_LIST),
    "person": Page("people", ADMIN, people.draw_one, people.OF_ONE),
    "units": Page("units", BOTH, units.draw_tree, units.OF_TREE),
    "unit": Page("units", BOTH, units.draw_one, units.OF_ONE),
    "tokens": Page("tokens", ADMIN, tokens.draw, tokens.DOES),
    "messages": Page("messages", ADMIN, messages.draw, messages.DOES),
    "firm": Page("firm", BOTH, firm.draw, firm.DOES),
    "state": Page("state", BOTH, state.draw),
    "audit": Page("audit", ADMIN, audit.draw),
}
"""Pages by the last part of their address."""
TABS = ("people", "units", "tokens", "messages", "firm", "state", "audit")


def routes(_app) -> APIRouter:
    """The administration of the coach's application."""
    router, once = APIRouter(include_in_schema=False), Once()

    @router.get("/admin")
    def first(request: Request) -> Response:
        visit = visit_at(request, "admin")
        return RedirectResponse(Desk(request, visit, once).link(_tabs(visit.viewer)[0]), status_code=303)

    @router.get("/admin/audit.csv")
    def audit_file(request: Request) -> Response:
        return _file(request, once, "audit", audit.taken_away)

    @router.get("/admin/backup")
    def to_state(request: Request) -> Response:
        return RedirectResponse(Desk(request, visit_at(request, "admin"), once).link("state"), status_code=303)

    @router.post("/admin/backup")
    def backup(request: Request, form: Typed) -> Response:
        return _file(request, once, "state", state.backed_up, form)

    @router.get("/admin/{name:path}")
    def page(request: Request, name: str) -> Response:
        room = ROOMS.get(name)
        visit = visit_at(request, "admin", () if room is None else room.roles)
        return missing("admin", visit) if room is None else _drawn(room, Desk(request, visit, once))

    @router.post("/admin/{name:path}")
    def send(request: Request, name: str, form: Typed) -> Response:
        room = ROOMS.get(name)
        visit = visit_at(request, "admin", () if room is None else room.roles)
        return missing("admin", visit) if room is None else _done(room, Desk(request, visit, once, form))

    return router


def _done(room: Page, desk: Desk) -> Response:
    """Do what a form asks for, and lead on; where that cannot be, the page again with why, and what was typed."""
    try:
        check_token(desk.request, desk.visit, desk.form.get("token"))
        do = room.does.get(desk.form.get("do", ""))
        if do is None:
            raise CoachError("The page sent something unknown; load it again.", "页面发来了无法识别的内容，请重新载入。")
        return RedirectResponse(do(desk), status_code=303)
    except CoachError as error:
        desk.problem = getattr(error, desk.visit.language)
        return _drawn(room, desk, error.status)


def _drawn(room: Page, desk: Desk, status: int = 200) -> HTMLResponse:
    try:
        body = room.draw(desk)
    except NotFound as gone:
        return missing("admin", desk.visit, getattr(gone, desk.visit.language))
    shown = desk.render("frame.html", body=body, tabs=_tabs(desk.viewer), tab=room.tab)
    return document(
        "admin", desk.visit, shown, title=desk.say(f"tabs.{room.tab}"), styles=("admin/admin.css",),
        scripts=("admin/admin.js",), data={"words": {"copied": desk.say("words.copied")}}, status=status,
    )  # fmt: skip


def _file(
    request: Request, once: Once, page: str, make: Callable[[Desk], Response], form: dict[str, str] | None = None
) -> Response:
    """A file for administrators to take away, from a page; with a form, only where that has its token."""
    visit = visit_at(request, "admin", ADMIN)
    desk = Desk(request, visit, once, form)
    try:
        if form is not None:
            check_token(request, visit, form.get("token"))
        return make(desk)
    except CoachError as error:
        desk.problem = getattr(error, visit.language)
        return _drawn(ROOMS[page], desk, error.status)


def _tabs(viewer: Viewer) -> list[str]:
    return [name for name in TABS if viewer.role in ROOMS[name].roles]
