"""The record: what the firm's records say as of a day, and what they cannot say; for managers and operations."""

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from apps.pages.documents.assets import address_of
from apps.pages.documents.entry import Visit, check_token
from apps.pages.documents.layout import document, visit_at
from apps.pages.documents.sheet import sheet
from apps.pages.documents.under_way import standing
from apps.pages.findings import Finding
from apps.pages.illustrated import in_language
from apps.pages.texts import Speaker
from apps.record.describing import Described, Describing, Question
from apps.record.view import body
from coach.describing.page import write_description
from coach.events import EARLIEST, LATEST
from coach.store import Viewer
from coach.store.sight import sight_of

FOLDER = Path(__file__).parent
FIRST_DAY, LAST_DAY = (datetime.fromtimestamp(at / 1000, UTC).date() for at in (EARLIEST, LATEST))
"""Between these days something can be recorded."""


class Record:
    """What one visitor is told in a language as of a day, None for the last record."""

    def __init__(self, describing: Describing, viewer: Viewer, language: str, day: date | None = None):
        self.describing, self.store, self.viewer, self.day = describing, describing.store, viewer, day
        self.say = Speaker(FOLDER, language)

    @property
    def question(self) -> Question:
        """What this visitor is told; who may see whom is asked each time."""
        return Question(self.day, sight_of(self.store, self.viewer))

    def draw(self) -> Markup:
        """Everything as the sheet of the page; what was not worked out yet is begun."""
        say, asked = self.say, self.question
        head = Markup("<h1>{}</h1><p class='lead'>{}</p>").format(say("record.title"), say("record.lead"))
        if asked.sight.is_nobodys:
            return self._sheet(head + Markup("<p class='callout'>{}</p>").format(say("record.no_unit")))
        self.describing.ask(asked)
        found = self.describing.latest(asked)
        at = None if found is None else found.value.description.at
        told = standing(say, self.viewer, self.describing, asked, found, at, "find.reading")
        whole = head + self._choices(found) + told.html
        if found is None:
            return self._sheet(whole, again=told.again)
        if asked.sight.units is not None:
            whole += Markup("<p class='note'>{}</p>").format(say("record.own_people"))
        names = {name.rpartition("-")[0] for name in found.value.drawn}
        whole += body(say, found.value.description, names)
        return self._sheet(whole, plots=in_language(found.value.drawn, say.language), again=told.again)

    def file(self) -> bytes | None:
        """The whole as one page to pass on, in the visitor's language; None where it has not been worked out."""
        found = self.describing.latest(self.question)
        if found is None:
            return None
        described: Described = found.value
        with TemporaryDirectory() as folder:
            place = Path(folder) / "record.html"
            write_description(described.description, place, self.say.language, drawn=described.drawn)
            return place.read_bytes()

    def _sheet(self, html: Markup, plots: str = "", again: int | None = None) -> Markup:
        return sheet("/record", self.say.language, self.describing.clock(), html, plots=plots, again=again)

    def _choices(self, found: Finding | None) -> Markup:
        say, day = self.say, "" if self.day is None else self.day.isoformat()
        today = self.store.calendar.local_date(self.describing.clock()).isoformat()
        form = Markup(
            "<form action='/record' data-at-once><input type='hidden' name='lang' value='{}'>"
            "<label>{} <input type='date' name='day' class='as-of' value='{}' min='{}' max='{}'></label></form>"
        ).format(say.language, say("record.day"), day, FIRST_DAY, today)
        take = Markup("")
        if found is not None:
            take = Markup("<a class='quiet take-html' href='/record/record.html?day={}&amp;lang={}' download>{}</a>").format(
                day, say.language, say("record.take")
            )
        return Markup("<div class='choices'>{}{}</div>").format(form, take)


def routes(app) -> APIRouter:
    """The record's addresses on the coach's application."""
    describing = Describing(app.state.store, app.state.service.clock)
    router = APIRouter(include_in_schema=False)

    def opened(request: Request, visit: Visit) -> Record:
        return Record(describing, visit.viewer, visit.language, _day_of(request.query_params.get("day", "")))

    @router.get("/record")
    def page(request: Request) -> Response:
        visit = visit_at(request, "record")
        record = opened(request, visit)
        return document(
            "record", visit, record.draw(), title=record.say("page.record"), styles=("record/record.css",),
            scripts=("plots.js", "sheet.js"), data={"bokeh": address_of("bokeh.min.js")}, plots=True,
        )  # fmt: skip

    @router.get("/record/sheet")
    def part(request: Request) -> Response:
        visit = visit_at(request, "record")
        return HTMLResponse(str(opened(request, visit).draw()))

    @router.post("/record")
    def tap(request: Request, tapped: Any = Body()) -> Response:  # noqa: B008 -- how FastAPI is told
        visit = visit_at(request, "record")
        check_token(request, visit)
        record = opened(request, visit)
        do = tapped.get("do") if isinstance(tapped, dict) else None
        if do == "work_out":
            describing.begin(record.question)
        elif do == "stop":
            describing.stop(record.question)
        return HTMLResponse(str(record.draw()))

    @router.get("/record/record.html")
    def take(request: Request) -> Response:
        visit = visit_at(request, "record")
        found = opened(request, visit).file()
        if found is None:
            return RedirectResponse(f"/record?{request.url.query}", status_code=303)
        told = {"content-disposition": 'attachment; filename="record.html"'}
        return Response(found, media_type="text/html; charset=utf-8", headers=told)

    return router


def _day_of(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if FIRST_DAY <= day < LAST_DAY else None
