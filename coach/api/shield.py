"""What every answer tells the browser not to do, and whose requests may change something.

A browser sends the session's cookie along with whatever a page of the same host asks for, also a page on another port. So a
request that changes something, or opens a page's connection, must come from this address itself, which browsers say in
`Origin` and `Sec-Fetch-Site`. Programs with a token send neither.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.api.errors import problem

_READING = ("GET", "HEAD", "OPTIONS")
CHANGING_LINKS = ("/sign-out",)
"""Addresses that change something although they are links."""
_PAGES = "; ".join(
    (
        "default-src 'self'",
        # Bokeh compiles templates, and Panel's pages carry their scripts and styles in themselves.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data:",
        "frame-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
_DATA = "default-src 'none'; frame-ancestors 'none'"


def from_here(headers: Headers) -> bool:
    """Whether a request comes from a page of this address, or from no page at all."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    here = {headers.get("host"), headers.get("x-forwarded-host")}  # the latter behind a proxy; no page can set it elsewhere
    return urlsplit(origin).netloc in here


class Shield:
    """ASGI middleware around everything, the pages' websockets included."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif _changes(scope) and not from_here(Headers(scope=scope)):
            await _refuse(scope, receive, send)
        else:
            await self.app(scope, receive, _guarded(send))


def _changes(scope: Scope) -> bool:
    return scope["type"] == "websocket" or scope["method"] not in _READING or scope["path"] in CHANGING_LINKS


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    answer = problem(
        403, "other_origin", "This request comes from another page than ours; nothing was changed.",
        "该请求来自其他页面；未作任何更改。",
    )  # fmt: skip
    await answer(scope, receive, _guarded(send))


def _guarded(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            page = headers.get("content-type", "").startswith("text/html")
            headers.setdefault("content-security-policy", _PAGES if page else _DATA)
            headers.setdefault("x-content-type-options", "nosniff")
            headers.setdefault("x-frame-options", "SAMEORIGIN")
            headers.setdefault("referrer-policy", "same-origin")
        await send(message)

    return sending
