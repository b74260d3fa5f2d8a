"""What every answer tells the browser not to do, and whose requests may change something.

A browser sends the session's cookie along with whatever a page of the same host asks for, also a page on another port. So a
request that changes something, or opens a page's connection, must come from this address itself, which browsers say in
`Origin` and `Sec-Fetch-Site`. Programs with a token send neither.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.api.address import Address, origin_of
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


def from_here(headers: Headers, scheme: str, public: Address | None = None) -> bool:
    """Whether a request comes from a page of this address, or from no page at all.

    `scheme`: by which the request came; `public`: the address of the pages, where it was said what it is.
    """
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    if "origin" not in headers:
        return True
    origin = origin_of(headers["origin"])
    if origin is None:
        return False
    if public is not None:
        return origin == public
    # A proxy may have taken the s away on the way to here; nobody adds one, so a page without it is another.
    if origin.scheme != "https" and scheme in ("https", "wss"):
        return False
    hosts = [headers.get("host", ""), headers.get("x-forwarded-host", "")]  # the latter of a proxy; no page elsewhere sets it
    return origin in [origin_of(f"{origin.scheme}://{host}") for host in hosts]


class Shield:
    """ASGI middleware around everything, the pages' websockets included. `public`: as for `from_here`."""

    def __init__(self, app: ASGIApp, public: Address | None = None):
        self.app, self.public = app, public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif _changes(scope) and not from_here(Headers(scope=scope), scope.get("scheme", "http"), self.public):
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
            if page:
                headers.setdefault("cache-control", "no-store")  # the way back after a sign-out shows nothing
            headers.setdefault("x-content-type-options", "nosniff")
            headers.setdefault("x-frame-options", "SAMEORIGIN")
            headers.setdefault("referrer-policy", "same-origin")
        await send(message)

    return sending
