"""The application: the coach's interface, with the threads that keep rules and messages going."""

from collections.abc import Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request

from coach.api import (
    auditing,
    coaching,
    customers,
    desks,
    knowing,
    leads,
    noting,
    offering,
    paying,
    records,
    reviewing,
    ruling,
    running,
    scoring,
    signals,
    targeting,
)
from coach.api.access import COOKIE, Attempts
from coach.api.address import Address
from coach.api.errors import PROBLEM, problem, tell_errors
from coach.api.shield import Shield
from coach.customers.register import Register
from coach.messages.outbox import Sender
from coach.rules.service import Service
from coach.rules.ticker import Ticker
from coach.scoring.latest import LatestScores
from coach.scoring.recording import ScoreRecorder
from coach.serving.session_watch import SessionWatch
from coach.signals.flagging import ProsperityWatch
from coach.store import Store
from coach.store.appending import now_ms
from coach.winning.latest_chances import LatestChances

PREFIX = "/api/v1"
_PARTS = (
    records,
    leads,
    customers,
    desks,
    paying,
    ruling,
    running,
    scoring,
    signals,
    knowing,
    noting,
    offering,
    reviewing,
    targeting,
    auditing,
    coaching,
)
LARGEST_BODY = 20_000_000


def create_app(
    store: Store, *, clock: Callable[[], int] = now_ms, background: bool = True, public: Address | None = None
) -> FastAPI:
    """The interface over a store.

    `background`: whether rules and messages are worked off, and win probabilities kept fresh, by threads while the application
    runs.
    `public`: the address by which browsers come, where it is another than the one that the server listens on.
    `app.state` holds `store`, `service`, `sender`, `ticker`, `chances`, `scores`, `sessions`, `customers`, `workers` (all of
    the threads) and `public` for whoever adds pages.
    """
    service = Service(store, clock)
    sender, ticker, chances = Sender(store, clock), Ticker(service), LatestChances(store, clock)
    prosperity, recorder = ProsperityWatch(service), ScoreRecorder(service)
    sessions, register = SessionWatch(store, clock), Register()

    def wake() -> None:
        ticker.wake()
        sender.wake()

    @asynccontextmanager
    async def lifespan(_app: FastAPI):
        if background:
            service.on_change = wake
            ticker.start()
            sender.start()
            chances.start()
            prosperity.start()
            recorder.start()
            register.warm(store)
        sessions.start()
        yield
        sessions.stop()
        ticker.stop()
        sender.stop()
        chances.stop()
        prosperity.stop()
        recorder.stop()

    app = FastAPI(
        title="Rehearse coach", version="1", lifespan=lifespan, openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None, redoc_url=None, responses=_PROBLEMS,
    )  # fmt: skip
    app.state.store, app.state.service, app.state.sender, app.state.ticker = store, service, sender, ticker
    app.state.chances, app.state.sessions, app.state.public, app.state.customers = chances, sessions, public, register
    app.state.scores = LatestScores(store, clock)
    app.state.workers = (ticker, sender, chances, prosperity, recorder, sessions)
    app.state.attempts, app.state.cookie = Attempts(), COOKIE
    app.state.secure_cookies = public is not None and public.scheme == "https"
    tell_errors(app)
    for part in _PARTS:
        app.include_router(part.router, prefix=PREFIX)

    @app.middleware("http")
    async def _not_too_large(request: Request, call_next):
        length = request.headers.get("content-length", "0")
        if length.isdigit() and int(length) > LARGEST_BODY:
            return problem(413, "too_large", "The request is too large.", "请求过大。")
        return await call_next(request)

    app.add_middleware(Shield, public=public)  # added last, it stands around everything
    return app


def _described(status: int, meaning: str) -> dict:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in ("type", "title", "detail", "en", "zh")}}
    return {status: {"description": meaning, "content": {PROBLEM: {"schema": schema}}}}


_PROBLEMS = {
    **_described(400, "the body is no JSON"),
    **_described(401, "not signed in"),
    **_described(403, "not for this role"),
    **_described(404, "not there, or not for you to see"),
    **_described(409, "refused by a gate"),
    **_described(413, "too large"),
    **_described(422, "faulty request"),
    **_described(429, "too many attempts"),
}
