"""The layout that all documents share: bar, language, who is signed in, and what a page may load."""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from apps.pages.documents.assets import address_of
from apps.pages.documents.entry import InsteadError, Visit, visit_of
from apps.pages.roles import PAGES
from apps.pages.texts import LANGUAGES, SHARED, Speaker

_HERE = Path(__file__).parent
LANG = {"en": "en", "zh": "zh-CN"}
"""Our languages as browsers name them."""
_POLICY = (
    "default-src 'none'; script-src 'self'{eval}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_TOLD = (
    "lost", "lost_again", "kept", "sent_later", "ended", "ended_lead", "ended_onward", "changed", "changed_lead",
    "changed_onward",
)  # fmt: skip


def document(
    name: str, visit: Visit, body: Markup, *, title: str, styles: Iterable[str] = (), scripts: Iterable[str] = (),
    data: Mapping[str, Any] | None = None, plots: bool = False, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    """A whole page.

    Parameters
    ----------
    name: page of `PAGES`, which the bar marks
    title: of the window, in the visitor's language
    styles, scripts: assets beside those of all pages
    data: what scripts read, as JSON
    plots: whether Bokeh draws something on it
    """
    say = visit.say
    told = dict(data or {})
    told["words"] = {each: say(f"page.{each}") for each in _TOLD} | told.get("words", {})
    html = _template("layout.html").render(
        say=say, visit=visit, name=name, body=body, title=title, lang=LANG[visit.language], pages=_pages(visit),
        switch=_switch(visit), data=Markup(_as_script(told)),
        styles=[address_of(each) for each in ("site.css", *styles)],
        scripts=[address_of(each) for each in ("htmx.min.js", "site.js", *scripts)],
    )  # fmt: skip
    policy = _POLICY.format(eval=" 'unsafe-eval'" if plots else "")  # Bokeh compiles what it shows beside the pointer
    return HTMLResponse(html, status_code=status, headers={"content-security-policy": policy})


def plain(request: Request, status: int, words: str, **told: str) -> HTMLResponse:
    """A page that needs neither a session nor the store: what went wrong, and the way to the front door."""
    language = request.query_params.get("lang", "")
    if language not in LANGUAGES:
        language = "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"
    html = _template("plain.html").render(
        say=Speaker(SHARED, language), lang=LANG[language], words=words, told=told, style=address_of("site.css")
    )
    return HTMLResponse(html, status_code=status, headers={"content-security-policy": _POLICY.format(eval="")})


def visit_at(request: Request, name: str, roles: Collection[str] = ()) -> Visit:
    """Who asks for a page, or for a part of it that is for these `roles` alone. Raises InsteadError for nobody, and for whoever
    has another role."""
    visit = visit_of(request)
    may = roles or PAGES[name]
    if visit.viewer.role not in may:
        raise InsteadError(_refusal(name, visit, may))
    return visit


def _refusal(name: str, visit: Visit, may: Collection[str]) -> HTMLResponse:
    say = visit.say
    told = say("page.not_allowed", roles=", ".join(say(f"roles.{role}") for role in may))
    words = Markup("<h1>{}</h1><p class='lead'>{}</p>").format(say(f"page.{name}"), told)
    return document(name, visit, words, title=say(f"page.{name}"), status=403)


def fault(name: str, visit: Visit, status: int, words: str, said: str = "", **told: str) -> HTMLResponse:
    """What went wrong with a page, by the name of its words, and the way on; `said`: what is known of why."""
    say = visit.say
    body = Markup("<h1>{}</h1><p class='lead' role='alert'>{}</p><p><a href='/?lang={}'>{}</a></p>").format(
        say(f"page.{words}_title"), said or say(f"page.{words}", **told), visit.language, say("page.to_start")
    )
    return document(name, visit, body, title=say(f"page.{words}_title"), status=status)


def missing(name: str, visit: Visit, said: str = "") -> HTMLResponse:
    """That there is nothing at an address."""
    return fault(name, visit, 404, "no_page", said)


def _pages(visit: Visit) -> list[str]:
    return [page for page, roles in PAGES.items() if visit.viewer.role in roles]


def _switch(visit: Visit) -> dict[str, str]:
    """The same page in the other language."""
    (other,) = set(LANGUAGES) - {visit.language}
    parts = urlsplit(visit.address)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "lang"]
    name = {"en": "English", "zh": "中文"}[other]
    return {"href": f"/{parts.path}?{urlencode([*query, ('lang', other)])}", "name": name, "lang": LANG[other]}


def _as_script(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


@cache
def _template(name: str):
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(name)
