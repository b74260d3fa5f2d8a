"""Who opens a document, in which language, and where somebody is led who may not."""

import hmac
import json
import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from apps.pages.texts import LANGUAGES, SHARED, Speaker
from coach.api.access import COOKIE
from coach.problems import CoachError
from coach.store import Viewer
from coach.store.sessions import known_by

TOKEN_HEADER, PART_HEADER, RIGHTS_HEADER = "x-form-token", "x-part", "x-rights"
"""The token of a form; that a part of a page is asked for; the rights with which that page was drawn."""
_TOKEN_OF = b"rehearse forms"
_PATH = re.compile(r"[a-z-]+(/[a-z-]+)*")


class Visit(NamedTuple):
    """A person at a document. `secret` is that of the session; `address` the path and query by which it was opened."""

    viewer: Viewer
    secret: str
    language: str
    address: str

    @property
    def say(self) -> Speaker:
        """The words that all pages share, in the visitor's language."""
        return Speaker(SHARED, self.language)

    @property
    def token(self) -> str:
        """What a form of this session carries, and no page elsewhere can know."""
        return hmac.digest(self.secret.encode(), _TOKEN_OF, "sha256").hex()

    @property
    def rights(self) -> str:
        """Who with which role and unit: another text as soon as one of them is another."""
        told = json.dumps([self.viewer.name, self.viewer.role, self.viewer.unit])
        return hmac.digest(self.secret.encode(), told.encode(), "sha256").hex()[:16]


class InsteadError(Exception):
    """Another answer than the one that was asked for."""

    def __init__(self, response: Response):
        super().__init__()
        self.response = response


class ForgedError(CoachError):
    """A form came without the token of its session."""

    status = 403
    code = "no_form_token"

    def __init__(self) -> None:
        super().__init__(
            "This form does not belong to your session; load the page again. Nothing was done.",
            "此表单不属于您的会话，请重新载入页面。未作任何更改。",
        )


def visit_of(request: Request) -> Visit:
    """Who asks.

    Raises InsteadError for nobody: a page leads to the sign-in and back again, a part of a page answers 401; and 409 where the
    page was drawn for somebody with other rights.
    """
    secret = request.cookies.get(COOKIE)
    viewer = known_by(request.app.state.store, secret, request.app.state.service.clock()) if secret else None
    query = request.url.query
    address = request.url.path.strip("/") + (f"?{query}" if query else "")
    if viewer is None or secret is None:
        opens = request.method == "GET" or "text/html" in request.headers.get("accept", "")  # by a link, or by a form
        whole = opens and PART_HEADER not in request.headers
        away = RedirectResponse(f"/?next={quote(address, safe='')}", status_code=303)
        raise InsteadError(away if whole else PlainTextResponse("", status_code=401))
    visit = Visit(viewer, secret, _language(request, viewer), address)
    if request.headers.get(RIGHTS_HEADER, visit.rights) != visit.rights:
        raise InsteadError(PlainTextResponse("", status_code=409))
    return visit


def check_token(request: Request, visit: Visit, given: str | None = None) -> None:
    """Raises ForgedError where a request that changes something lacks the token of its session."""
    told = given if given is not None else request.headers.get(TOKEN_HEADER, "")
    if not hmac.compare_digest(told.encode(), visit.token.encode()):
        raise ForgedError


def spoken(viewer: Viewer, asked: str) -> str:
    """The language of a person's pages: the own one, or else what the browser asks for first, as far as it is spoken here."""
    if viewer.language in LANGUAGES:
        return viewer.language
    return "zh" if asked.lower().startswith("zh") else "en"


def next_address(asked: str, allowed: list[str]) -> str | None:
    """Where to go after the sign-in: a page of ours, or what stands under it, with its query; None for anything else."""
    parts = urlsplit(asked)
    name = parts.path.strip("/")
    if parts.scheme or parts.netloc or not _PATH.fullmatch(name) or name.partition("/")[0] not in allowed:
        return None
    query = urlencode(parse_qsl(parts.query))
    return f"{name}?{query}" if query else name


def _language(request: Request, viewer: Viewer) -> str:
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else spoken(viewer, request.headers.get("accept-language", ""))
