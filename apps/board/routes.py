"""The board's addresses: the page, the part of it that is brought up to date, taps, and tables to take away."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from fastapi import APIRouter, Body, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from apps.board.drafts import Drafts
from apps.board.foretelling import Foretelling
from apps.board.page import FOLDER, WITH_PLOTS, Board
from apps.board.place import place_named
from apps.board.scoring import Scoring
from apps.board.taking import as_csv, as_excel
from apps.pages.documents.assets import address_of
from apps.pages.documents.entry import Visit, check_token
from apps.pages.documents.layout import document, visit_at
from apps.pages.documents.sheet import sheet
from apps.pages.texts import Speaker

_PAGE = "x-page"
_DUE = ("days", "hours", "minutes", "left", "late")
_WRITERS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_excel, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class _Boards:
    """Boards of the coach's application: each as a page that was drawn before left it, or a new one."""

    def __init__(self, state):
        self._state, self.drafts = state, Drafts()
        self._foretelling = Foretelling(state.store, state.service.clock)
        self._scoring = Scoring(state.store, state.service.clock, state.scores)

    @contextmanager
    def opened(self, request: Request, visit: Visit) -> Iterator[Board]:
        """The board at the place that the address names, for one request at a time."""
        board, state = self.drafts.find(visit, request.headers.get(_PAGE, "")), self._state
        if board is None:
            board = Board(
                state.store, state.service, visit.viewer, state.chances.rank, self._foretelling, state.customers, self._scoring,
                place_named(request.query_params),
            )  # fmt: skip
        with board.lock:
            board.go(place_named(request.query_params))
            board.speak(visit.language)
            yield board


def routes(app) -> APIRouter:
    """The board of the coach's application."""
    boards, router = _Boards(app.state), APIRouter(include_in_schema=False)

    @router.get("/board")
    def page(request: Request) -> Response:
        visit = visit_at(request, "board")
        say = Speaker(FOLDER, visit.language)
        with boards.opened(request, visit) as board:
            shown = _sheet(board)
        told = {
            "page": secrets.token_urlsafe(9), "who": visit.viewer.name, "bokeh": address_of("bokeh.min.js"),
            "words": {name: say(f"due.{name}") for name in _DUE},
        }  # fmt: skip
        return document(
            "board", visit, shown, title=say(f"views.{board.view}"), styles=("board/board.css",),
            scripts=("plots.js", "sheet.js", "board/board.js"), data=told, plots=board.view in WITH_PLOTS,
        )  # fmt: skip

    @router.get("/board/sheet")
    def part(request: Request) -> Response:
        visit = visit_at(request, "board")
        with boards.opened(request, visit) as board:
            return _part(board)

    @router.post("/board")
    def tap(request: Request, tapped: Any = Body()) -> Response:  # noqa: B008 -- how FastAPI is told
        visit = visit_at(request, "board")
        check_token(request, visit)
        with boards.opened(request, visit) as board:
            forget = board.tapped(tapped)
            answer = _part(board)
            board.hush()
        boards.drafts.keep(visit, request.headers.get(_PAGE, ""), board)
        answer.headers["x-forget"] = json.dumps(forget)
        return answer

    @router.get("/board/{name}.{ending}")
    def take(request: Request, ending: Literal["csv", "xlsx"]) -> Response:
        visit = visit_at(request, "board")
        with boards.opened(request, visit) as board:
            _, table = board.draw()
        write, kind = _WRITERS[ending]
        told = {"content-disposition": f'attachment; filename="{board.view}.{ending}"'}
        return Response(write(table).getvalue(), media_type=kind, headers=told)

    return router


def _part(board: Board) -> HTMLResponse:
    return HTMLResponse(str(_sheet(board)))


def _sheet(board: Board) -> Markup:
    """The view, and its table to take away."""
    html, _ = board.draw()
    takes = Markup("").join(
        Markup("<a class='quiet take-{}' href='{}' download>{}</a>").format(
            ending, board.link(all=1).replace("/board?", f"/board/{board.view}.{ending}?"), board.say(f"take.{ending}")
        )
        for ending in _WRITERS
    )
    whole = html + Markup("<p class='take'>{}</p>").format(takes)
    return sheet("/board", board.language, board.now, whole, plots=board.plots, again=board.again)
