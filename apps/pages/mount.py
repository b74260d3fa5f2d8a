"""Putting the pages on the server's address: the front door, and Panel applications beside the HTTP interface."""

import logging
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from apps.calculator.page import ROLES as SENDERS
from apps.calculator.page import customer_page, gone_page, rep_page
from apps.counter.page import ROLES, counter_page
from apps.pages.documents import assets, session
from apps.pages.documents.entry import next_address, spoken
from apps.pages.documents.faults import tell_faults
from apps.pages.front import front_page
from apps.pages.roles import PAGES
from apps.pages.texts import LANGUAGES
from coach.api.access import COOKIE
from coach.api.offering import PATH
from coach.offering.pages import opened
from coach.problems import NotFound, NotSignedIn
from coach.store import Store, Viewer, reading
from coach.store.sessions import known_by, revoke, sign_out_everywhere

_log = logging.getLogger("rehearse.pages")
_INSTRUMENTS = ("lab", "dojo", "gate", "data")
"""Pages that Panel draws."""
COUNTER, CALCULATOR = "counter", "calculator"
"""Pages for the telephone, which stand for themselves."""
ACCOUNT = "account"
"""Everybody's own page."""
_UNLINKED = {"x-robots-tag": "noindex"}
"""For pages whose address is a secret: no search engine keeps it."""
THREADS = 2
"""Threads for the pages' callbacks: one person's long step must not hold up another's page."""


def mount(app: FastAPI) -> None:
    """Add the front door and all pages to the coach's application."""
    from panel.io.fastapi import add_applications

    from apps.data.page import data
    from apps.dojo.page import dojo
    from apps.gate.page import gate
    from apps.lab.page import lab
    from apps.pages.shelves import drills, offices, policies
    from apps.pages.steps import guard

    guard(THREADS)
    for shelf in (policies, offices, drills):
        shelf()  # read before the first visitor waits for it
    service = app.state.service
    pages = {
        "lab": lab,
        "dojo": dojo,
        "gate": lambda _, viewer: gate(service, viewer),
        "data": lambda _, viewer: data(service, viewer),
    }
    documents(app)
    origins = None if app.state.public is None else [app.state.public.netloc]
    add_applications({f"/{name}": _opener(pages[name], app) for name in _INSTRUMENTS}, app=app, websocket_origin=origins)


def documents(app: FastAPI) -> None:
    """Add the front door and the pages that need no Panel."""
    from apps.admin import account, password
    from apps.admin.routes import routes as admin_routes
    from apps.board.routes import routes as board_routes
    from apps.record.page import routes as record_routes

    _front(app)
    tell_faults(app)
    of_pages = (board_routes(app), record_routes(app), admin_routes(app), account.router, password.router)
    for router in (assets.router, session.router, *of_pages):
        app.include_router(router)


def _front(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False, response_class=HTMLResponse)
    def front(request: Request):
        viewer = known(app, request.cookies.get(COOKIE))
        asked = request.query_params.get("next", "")
        if viewer is None:
            return HTMLResponse(front_page(asked=asked))
        allowed = [name for name, roles in PAGES.items() if viewer.role in roles]
        allowed += [name for name, roles in ((COUNTER, ROLES), (CALCULATOR, SENDERS)) if viewer.role in roles]
        if not allowed:
            return HTMLResponse(front_page(viewer=viewer))
        return RedirectResponse(f"/{next_address(asked, [*allowed, ACCOUNT]) or allowed[0]}")

    @app.get(f"/{COUNTER}", include_in_schema=False, response_class=HTMLResponse)
    def counter(request: Request, lang: str = ""):
        viewer = known(app, request.cookies.get(COOKIE))
        if viewer is None or viewer.role not in ROLES:
            return RedirectResponse("/", status_code=303)
        asked = lang or request.headers.get("accept-language", "")
        return HTMLResponse(counter_page(lang if lang in LANGUAGES else spoken(viewer, asked)))

    @app.get(f"/{CALCULATOR}", include_in_schema=False, response_class=HTMLResponse)
    def calculator(request: Request, deal: str = "", lang: str = ""):
        viewer = known(app, request.cookies.get(COOKIE))
        if viewer is None or viewer.role not in SENDERS:
            return RedirectResponse("/", status_code=303)
        asked = lang or request.headers.get("accept-language", "")
        language = lang if lang in LANGUAGES else spoken(viewer, asked)
        store = _store(app)
        return HTMLResponse(rep_page(language, reading.open_deals(store, viewer), deal, store.currency, store.calendar.zone))

    @app.get(PATH, include_in_schema=False, response_class=HTMLResponse)
    def calculator_of_customer(secret: str, request: Request, lang: str = ""):
        try:
            return HTMLResponse(customer_page(lang, secret, opened(app.state.service, secret)), headers=_UNLINKED)
        except NotFound as gone:
            asked = lang or ("zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en")
            return HTMLResponse(gone_page(asked, gone.zh if asked == "zh" else gone.en), status_code=404, headers=_UNLINKED)

    @app.get("/sign-out", include_in_schema=False)
    def leave(request: Request, everywhere: bool = False):
        secret = request.cookies.get(COOKIE)
        viewer = known(app, secret)
        if viewer is not None and secret is not None:
            revoke(app.state.store, viewer, secret, app.state.service.clock())
            if everywhere:
                sign_out_everywhere(app.state.store, viewer, app.state.service.clock())
        back = RedirectResponse("/", status_code=303)
        back.delete_cookie(COOKIE, path="/")
        return back

    @app.middleware("http")
    async def signed_in(request: Request, call_next):
        name = request.url.path.strip("/")
        if name in (*_INSTRUMENTS, COUNTER, CALCULATOR) and known(app, request.cookies.get(COOKIE)) is None:
            asked = f"{name}?{request.url.query}" if request.url.query else name
            return RedirectResponse(f"/?next={quote(asked, safe='')}", status_code=303)
        return await call_next(request)


def known(app: FastAPI, secret: str | None) -> Viewer | None:
    """The person whose session cookie this is."""
    return known_by(app.state.store, secret, app.state.service.clock()) if secret else None


def _opener(page, app: FastAPI):
    def opened():  # Panel calls plain functions once a session; anything else it would show as it is
        import panel as pn

        from apps.pages.frame import site_of

        try:
            secret = pn.state.cookies.get(COOKIE)
            viewer = known(app, secret)
            if viewer is None:
                raise NotSignedIn("Sign in first.", "请先登录。")
            asked = pn.state.headers.get("Accept-Language", "")
            language = spoken(viewer, asked if isinstance(asked, str) else ", ".join(asked))
            shown = page(_store(app), viewer._replace(language=language))
            document, site = pn.state.curdoc, site_of(pn.state.curdoc)
            if document is not None and site is not None and secret is not None:
                site.belong_to(app.state.sessions, secret, document)
            return shown
        except NotSignedIn:
            return pn.pane.HTML("<a href='/'>Sign in / 登录</a>")
        except Exception:
            _log.exception("a page could not be drawn")
            raise

    return opened


def _store(app: FastAPI) -> Store:
    return app.state.store
