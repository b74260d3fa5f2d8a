"""Setting a password by a link. The secret stands behind the # of the address, which browsers keep to themselves, and comes in
the body of a form: no log, ours or a proxy's, ever holds it."""

from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from apps.admin.desk import FOLDER, Typed
from apps.pages.documents.assets import address_of
from apps.pages.documents.layout import LANG
from apps.pages.texts import LANGUAGES, Speaker
from coach.problems import CoachError
from coach.store import passwords

router = APIRouter(include_in_schema=False)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@router.get("/password")
def opened(request: Request, done: str = "") -> Response:
    """The page as a link opens it: its script sends the secret on, and what comes back is a form."""
    return _page(request, "done" if done else "opened")


@router.post("/password")
def sent(request: Request, form: Typed) -> Response:
    """With the secret alone, the form of the person whose link it is; with a password, that it is set."""
    store, now, secret = request.app.state.store, request.app.state.service.clock(), form.get("secret", "")
    language, name = _language(request), ""
    try:
        name = passwords.whose_link(store, secret, now)
        if "password" not in form:
            return _page(request, "form", name=name, secret=secret)
        if form["password"] != form.get("password_again"):
            raise CoachError("The two passwords differ; type the same one twice.", "两次输入的密码不一致，请重新输入。")
        passwords.set_by_link(store, secret, form["password"], now)
    except CoachError as error:
        how = "form" if name and error.status == 422 else "opened"
        return _page(request, how, status=error.status, name=name, secret=secret, problem=getattr(error, language))
    return RedirectResponse(f"/password?done=1&lang={language}", status_code=303)


def _language(request: Request) -> str:
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def _page(
    request: Request, how: str, *, status: int = 200, name: str = "", secret: str = "", problem: str = ""
) -> HTMLResponse:
    language = _language(request)
    (other,) = set(LANGUAGES) - {language}
    html = _template().render(
        say=Speaker(FOLDER, language), how=how, name=name, secret=secret, problem=problem, lang=LANG[language],
        language=language, other=other, other_lang=LANG[other], shortest=passwords.SHORTEST, longest=passwords.LONGEST,
        styles=[address_of(each) for each in ("site.css", "admin/admin.css")], script=address_of("admin/password.js"),
    )  # fmt: skip
    told = {"content-security-policy": _POLICY, "x-robots-tag": "noindex"}
    return HTMLResponse(html, status_code=status, headers=told)


@cache
def _template():
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("password.html")
