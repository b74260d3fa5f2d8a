"""Everybody's own page: another password, and the language of pages."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from apps.admin.desk import Desk, Once, Typed
from apps.admin.words import languages
from apps.pages.documents.entry import Visit, check_token, visit_of
from apps.pages.documents.layout import document
from coach.problems import CoachError
from coach.store import passwords, people

router = APIRouter(include_in_schema=False)


@router.get("/account")
def opened(request: Request) -> Response:
    """The page."""
    visit = visit_of(request)
    return _drawn(visit, Desk(request, visit, Once()))


@router.post("/account")
def sent(request: Request, form: Typed) -> Response:
    """Do what one of its forms asks for."""
    visit = visit_of(request)
    desk = Desk(request, visit, Once(), form)
    try:
        check_token(request, visit, form.get("token"))
        told = _speak(desk) if form.get("do") == "language" else _password(desk)
    except CoachError as error:
        desk.problem = getattr(error, visit.language)
        return _drawn(visit, desk, error.status)
    return RedirectResponse(told, status_code=303)


def _speak(desk: Desk) -> str:
    language = desk.form.get("language", "")
    people.speak(desk.store, desk.viewer, desk.now, language)
    return f"/account?told=language_set{'' if language == 'browser' else f'&lang={language}'}"


def _password(desk: Desk) -> str:
    if desk.form.get("password", "") != desk.form.get("password_again"):
        raise CoachError("The two passwords differ; type the same one twice.", "两次输入的密码不一致，请重新输入。")
    attempts = desk.state.attempts
    attempts.ask(desk.viewer.name, desk.now)
    try:
        passwords.change_own(
            desk.store, desk.viewer, desk.now, present=desk.form.get("present_password", ""), password=desk.form["password"],
            session=desk.visit.secret,
        )  # fmt: skip
    except passwords.WrongPassword:
        attempts.failed(desk.viewer.name, desk.now)
        raise
    return f"/account?told=password_set&lang={desk.visit.language}"


def _drawn(visit: Visit, desk: Desk, status: int = 200) -> HTMLResponse:
    told = {"languages": languages(desk), "units": desk.unit_words}
    body = desk.render("account.html", **told, shortest=passwords.SHORTEST, longest=passwords.LONGEST)
    return document("account", visit, body, title=desk.say("account.title"), styles=("admin/admin.css",), status=status)
