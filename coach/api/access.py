"""Who asks: a bearer token, or the session cookie of a page."""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from coach.customers.register import Register
from coach.problems import CoachError, NotSignedIn
from coach.rules.service import Service
from coach.scoring.latest import LatestScores
from coach.store import Store, Viewer
from coach.store.sessions import SESSION_MS, known_by
from coach.winning.latest_chances import LatestChances

COOKIE = "rehearse_session"
MOST_FAILURES = 10
FAILURE_WINDOW_MS = 300_000
_bearer = HTTPBearer(auto_error=False, description="a token, or the session of a page")


class TooManyAttempts(CoachError):
    """Somebody is guessing passwords."""

    status = 429
    code = "too_many_attempts"


class Attempts:
    """Failed sign-ins by name, in memory."""

    def __init__(self):
        self._failed: dict[str, list[int]] = {}

    def ask(self, name: str, now: int) -> None:
        """Raises TooManyAttempts after ten failures within five minutes."""
        recent = [at for at in self._failed.get(name, ()) if at > now - FAILURE_WINDOW_MS]
        self._failed[name] = recent
        if len(recent) >= MOST_FAILURES:
            raise TooManyAttempts("Too many failed sign-ins; wait five minutes.", "登录失败次数过多，请五分钟后再试。")

    def failed(self, name: str, now: int) -> None:
        """One more."""
        self._failed.setdefault(name, []).append(now)


def store_of(request: Request) -> Store:
    """The store of the application."""
    return request.app.state.store


def service_of(request: Request) -> Service:
    """The service of the application."""
    return request.app.state.service


def now_of(request: Request) -> int:
    """Present instant, ms."""
    return request.app.state.service.clock()


def chances_of(request: Request) -> LatestChances:
    """The win probabilities of the application."""
    return request.app.state.chances


def customers_of(request: Request) -> Register:
    """The register of customers of the application."""
    return request.app.state.customers


def scores_of(request: Request) -> LatestScores:
    """The scores of the application."""
    return request.app.state.scores


def secret_of(request: Request, bearer: HTTPAuthorizationCredentials | None) -> str | None:
    """The token or session that came with a request."""
    return bearer.credentials if bearer is not None else request.cookies.get(COOKIE)


def viewer_of(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Viewer:
    """The person who asks. Raises NotSignedIn."""
    secret = secret_of(request, bearer)
    viewer = known_by(store_of(request), secret, now_of(request)) if secret else None
    if viewer is None:
        raise NotSignedIn("Sign in, or send a valid token.", "请先登录，或提供有效的令牌。")
    return viewer


def give_session(response: Response, secret: str, secure: bool) -> None:
    """Set the session cookie: out of reach of scripts and of other sites."""
    response.set_cookie(COOKIE, secret, max_age=SESSION_MS // 1000, httponly=True, samesite="strict", secure=secure, path="/")


Asking = Annotated[Viewer, Depends(viewer_of)]
InStore = Annotated[Store, Depends(store_of)]
AtWork = Annotated[Service, Depends(service_of)]
Now = Annotated[int, Depends(now_of)]
WithChances = Annotated[LatestChances, Depends(chances_of)]
OfCustomers = Annotated[Register, Depends(customers_of)]
WithScores = Annotated[LatestScores, Depends(scores_of)]
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
