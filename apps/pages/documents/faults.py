"""What a person reads where there is no page, or where one could not be drawn; programs are answered as before."""

import logging
from collections.abc import Callable
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from apps.pages.documents.entry import PART_HEADER, InsteadError, visit_of
from apps.pages.documents.layout import fault, plain
from coach.api.app import PREFIX
from coach.api.errors import problem
from coach.problems import CoachError

_log = logging.getLogger("rehearse.pages")
Answer = Callable[[Request, Any], Response]


def tell_faults(app: FastAPI) -> None:
    """Have addresses of pages answer with pages."""
    for kind in (HTTPException, CoachError):
        app.add_exception_handler(kind, _in_words(cast(Answer, app.exception_handlers[kind])))

    @app.exception_handler(InsteadError)
    def instead(_request: Request, error: InsteadError):
        return error.response

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception):
        _log.error("a page could not be drawn", exc_info=error)
        name = type(error).__name__
        if _is_page(request):
            return _page(request, 500, "not_drawn", kind=name)
        en = f"This could not be done ({name}); the server's log says more."
        return problem(500, "unforeseen", en, f"操作未能完成（{name}），详情见服务器日志。")


def _in_words(earlier: Answer) -> Answer:
    def answer(request: Request, error: Any) -> Response:
        status = getattr(error, "status_code", None) or getattr(error, "status", 500)
        if status == 404 and _is_page(request):
            return _page(request, 404, "no_page")
        return earlier(request, error)

    return answer


def _is_page(request: Request) -> bool:
    """Whether a person's browser asks for a whole page."""
    asked = request.headers.get("accept", "")
    return (
        request.method == "GET" and "text/html" in asked and PART_HEADER not in request.headers
        and not request.url.path.startswith(PREFIX)
    )  # fmt: skip


def _page(request: Request, status: int, words: str, **told: str) -> HTMLResponse:
    try:
        visit = visit_of(request)
    except Exception:  # nobody is signed in, or the store itself is out of reach
        return plain(request, status, words, **told)
    return fault("", visit, status, words, **told)
