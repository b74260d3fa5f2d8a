"""The board: a rep's day, the pipeline, targets and messages; for reps and managers, on a phone too."""

import logging
import math
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup
from panel.io import PeriodicCallback

from apps.board import (
    coaching,
    customers_view,
    finding,
    forecast_view,
    giving,
    leads_view,
    messages_view,
    notes_view,
    noting,
    pay_view,
    pipeline_view,
    requesting,
    requests_view,
    reviewing,
    reviews_view,
    rules_view,
    ruling,
    scores_view,
    setting,
    targets_view,
    today_view,
)
from apps.board.foretelling import Foretelling
from apps.board.recording import Recording
from apps.board.scoring import Scoring
from apps.board.sheet import Sheet
from apps.board.taking import Table, as_csv, as_excel
from apps.board.taps import Tap, tap_of
from apps.board.words import Writer
from apps.pages.findings import Findings
from apps.pages.frame import STYLE, Site, argument, remember
from coach.auditing.audit import Audit
from coach.customers.register import Register
from coach.desks.queue import waiting as waiting_requests
from coach.problems import CoachError
from coach.rules.advice import Rank, rank_actions
from coach.rules.service import Service
from coach.store import Store, Viewer, reading
from coach.store.sight import EVERYTHING, Sight, sight_of
from policies.scores.catalogue import ABOUT

_log = logging.getLogger("rehearse.pages")
FOLDER = Path(__file__).parent
BOARD_STYLE = STYLE + (FOLDER / "style.css").read_text(encoding="utf-8")
VIEWS = (
    "today",
    "pipeline",
    "leads",
    "notes",
    "customers",
    "requests",
    "targets",
    "pay",
    "scores",
    "forecast",
    "reviews",
    "rules",
    "messages",
)
OF_DESKS = ("requests", "messages")
"""Views for people at a desk, who own no deals."""
REFRESH_MS, LOOK_AGAIN_MS = 60_000, 1_000
LONGEST_QUESTION = 400
_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [BOARD_STYLE]}


class Board:
    """One visitor's board. `site.page` is what Panel serves."""

    def __init__(
        self,
        store: Store,
        service: Service,
        viewer: Viewer,
        rank: Rank = rank_actions,
        foretelling: Foretelling | None = None,
        customers: Register | None = None,
        scoring: Scoring | None = None,
    ):
        self.store, self.service, self.viewer, self.rank = store, service, viewer, rank
        self.foretelling = foretelling or Foretelling(store, service.clock)
        self.scoring = scoring or Scoring(store, service.clock)
        self.recording = Recording(store, service, viewer)
        self.setting = setting.Setting(store, service, viewer)
        self.finding = finding.Finding(store, service, viewer, customers or Register(), self.recording)
        self.requesting = requesting.Requesting(store, service, viewer)
        self.views = OF_DESKS if viewer.role == "desk" else VIEWS
        self.giving = giving.Giving(store, service, viewer)
        self.noting = noting.Noting(store, service, viewer)
        self.plays = {"rep": "owner"}.get(viewer.role)
        self.reps = self._reps()
        self.units = [*self.reps, *self._groups()]
        """Units whose deals and day the viewer may see: reps, then what stands above them."""
        self.view = self._first_view(argument("view"))
        self.rep = self._known_rep(argument("rep"))
        self.show_all = False
        self.score: str | None = None
        """The one score that is shown; None for all."""
        self.audited: Audit | None = None
        """The audit of rules and fields as it was last made for this visitor."""
        self.question = ""
        """What was last looked up in the knowledge base."""
        self.plots = ""
        """Plots that the view shows, as JSON by name."""
        self._watch: PeriodicCallback | None = None
        self._told = Markup("")
        self._table = Table("", [], [])
        self._sheet = Sheet(self._tapped, **_WIDE)
        self._downloads = pn.Row(css_classes=["take"], **_WIDE)
        self._content = pn.Column(self._sheet, self._downloads, **_WIDE)
        self.site = Site("board", viewer, FOLDER, self._draw)
        self.site.refresh()
        if pn.state.curdoc is not None and pn.state.curdoc.session_context is not None:
            pn.state.add_periodic_callback(self._bring_up_to_date, period=REFRESH_MS)

    def _reps(self) -> list[str]:
        """Reps whose day the viewer may see."""
        if self.viewer.role == "rep":
            return [self.viewer.unit] if self.viewer.unit else []
        told, left = reading.targets(self.store, self.viewer), reading.people_who_left(self.store)
        reps = [each["unit"] for each in told if each["own"] and (each["level"] or "rep") == "rep"]
        return sorted(reps, key=lambda rep: left.get(rep, math.inf) <= self.service.clock())  # who is there comes first

    def _groups(self) -> list[str]:
        """Units above reps that are the viewer's own; deals may belong to them directly."""
        if self.viewer.role == "rep":
            return []
        told = reading.targets(self.store, self.viewer)
        return [each["unit"] for each in told if each["own"] and (each["level"] or "rep") != "rep"]

    def _first_view(self, asked: str) -> str:
        if asked in self.views:
            return asked
        return {"rep": "today", "desk": "requests"}.get(self.viewer.role, "targets")

    def _known_rep(self, asked: str) -> str | None:
        """The rep or other unit whose records are shown; None for all of them."""
        if self.viewer.role == "rep":
            return self.viewer.unit
        return asked if asked in self.units else None

    def _draw(self) -> pn.viewable.Viewable:
        self._bring_up_to_date()
        dress = {"variant": "outlined", "size": "small"}
        self._downloads.objects = [
            pmui.FileDownload(
                callback=lambda make=make: make(self._table), filename=f"{self.view}.{ending}",
                label=self.say(f"take.{ending}"), css_classes=[f"take-{ending}"], **dress,
            )
            for ending, make in (("csv", as_csv), ("xlsx", as_excel))
        ]  # fmt: skip
        return self._content

    def tell(self, text: str, tone: str) -> None:
        """Say what became of a tap, above the view."""
        self._told = self.callout(text, tone)

    def _bring_up_to_date(self) -> None:
        self.now, self.say = self.service.clock(), self.site.say
        self.policy = self.service.policy()
        self.plots = ""
        self.rules = {rule.id: rule for rule in self.policy.rules}
        self.write = Writer(self.say, self.store.calendar.zone, self.store.currency, reading.people_who_left(self.store))
        try:
            body, self._table = self._body()
        except CoachError as error:
            body, self._table = self.callout(getattr(error, self.site.language), "worse"), Table("", [], [])
        words = {name: self.say(f"due.{name}") for name in ("days", "hours", "minutes", "left", "late")}
        html = str(Markup("").join([self._tabs(), self._told, body]))
        lang = {"en": "en", "zh": "zh-CN"}[self.site.language]
        self._sheet.param.update(words=words, lang=lang, now=self.now, html=html, plots=self.plots)

    def _body(self) -> tuple[Markup, Table]:
        if self.view in _DRAWN:
            return _DRAWN[self.view](self)
        if not (self.reps if self.view == "pay" else self.units):
            return self.empty("page.no_unit" if self.viewer.unit is None else "page.no_reps"), Table("", [], [])
        if self.view == "pay":
            return pay_view.draw(self, [self.rep] if self.rep in self.reps else self.reps)
        if self.view == "pipeline":
            return pipeline_view.draw(self, [self.rep] if self.rep else [*self.units, None])
        return today_view.draw(self, self.rep or self.units[0])

    def look_again(self, soon: bool) -> None:
        """Bring the board up to date every second as long as something is worked out for it."""
        if soon and self._watch is None:
            self._watch = pn.state.add_periodic_callback(self._bring_up_to_date, period=LOOK_AGAIN_MS)
        elif not soon and self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _tabs(self) -> Markup:
        tabs = Markup("").join(
            Markup("<button data-do='show' data-view='{}' class='{}'>{}</button>").format(
                view, "here" if view == self.view else "", self._tab(view)
            )
            for view in self.views
        )
        return Markup("<div class='head'><div class='tabs' role='tablist'>{}</div>{}</div>").format(tabs, self._picker())

    def _tab(self, view: str) -> str:
        """The name of a view, and how many answers are waited for there."""
        waits = {
            "customers": self.finding.waiting,
            "leads": lambda: len(self.giving.waiting()),
            "reviews": lambda: reviews_view.waiting_for(self),
            "requests": lambda: 0 if self.viewer.role == "rep" else waiting_requests(self.store, self.viewer),
        }
        waiting = waits[view]() if view in waits else 0
        return self.say(f"views.{view}_waiting", number=waiting) if waiting else self.say(f"views.{view}")

    def _picker(self) -> Markup:
        if self.viewer.role == "rep" or len(self.units) < 2 or self.view not in ("today", "pipeline"):
            return Markup("")
        chosen = self.rep or (self.units[0] if self.view == "today" else "")
        choices = ([""] if self.view == "pipeline" else []) + self.units
        options = Markup("").join(
            Markup("<option value='{}' {}>{}</option>").format(
                each, Markup("selected" if each == chosen else ""),
                self.write.unit(each, self.now) if each else self.say("page.all_reps"),
            )
            for each in choices
        )  # fmt: skip
        return Markup("<label class='pick'>{}<select data-do='rep'>{}</select></label>").format(self.say("page.rep"), options)

    def empty(self, name: str) -> Markup:
        """What to do where there is nothing to show."""
        return Markup("<p class='empty'>{}</p>").format(self.say(name))

    @staticmethod
    def callout(text: str, tone: str, more: Markup | str = "") -> Markup:
        """A sentence that stands out."""
        return Markup("<p class='callout {}' role='status'>{} {}</p>").format(tone, text, more)

    def _tapped(self, data: Any) -> list[str]:
        """Do what was tapped; returns the names of typed fields that are no longer needed."""
        forget: list[str] = []
        self._told = Markup("")
        try:
            tap = tap_of(data)
            forget = _TAPS[tap.do](self, tap) or []
        except CoachError as error:
            self._told = self.callout(getattr(error, self.site.language), "worse")
        except Exception as error:
            _log.exception("a tap on the board could not be done")
            self._told = self.callout(self.say("told.failed", kind=type(error).__name__), "worse")
        self._bring_up_to_date()
        return forget

    def go_to(self, tap: Tap) -> None:
        """Show another view."""
        self.view, self.show_all = self._first_view(tap.view), False
        remember(view=self.view)
        for button, ending in zip(self._downloads.objects, ("csv", "xlsx"), strict=False):
            button.filename = f"{self.view}.{ending}"

    def _choose_rep(self, tap: Tap) -> None:
        self.rep, self.show_all = self._known_rep(tap.value), False
        remember(rep=self.rep)

    def _open_rep(self, tap: Tap) -> None:
        self._choose_rep(tap.model_copy(update={"value": tap.rep}))
        self.go_to(tap.model_copy(update={"view": "today"}))

    def _show_all(self, _tap: Tap) -> None:
        self.show_all = True

    def _worked_out(self) -> tuple[Findings[Sight], Sight]:
        """What takes long to work out of the present view."""
        return (self.scoring, EVERYTHING) if self.view == "scores" else (self.foretelling, sight_of(self.store, self.viewer))

    def _work_out(self, _tap: Tap) -> None:
        findings, asked = self._worked_out()
        findings.begin(asked)

    def _stop(self, _tap: Tap) -> None:
        findings, asked = self._worked_out()
        if self.viewer.role != "rep":
            findings.stop(asked)

    def _look_up(self, tap: Tap) -> None:
        self.question = tap.fields.get("question", "")[:LONGEST_QUESTION]

    def _choose_score(self, tap: Tap) -> None:
        self.score, self.show_all = tap.value if tap.value in ABOUT else None, False

    def _finish(self, tap: Tap) -> None:
        reading.finish_todo(self.store, self.viewer, int(tap.todo or -1), self.service.clock())
        self._told = self.callout(self.say("told.done"), "better")

    def _record(self, tap: Tap) -> None:
        event, kind, record = tap.event, tap.kind, tap.record
        key = self.recording.tap(event, kind, record)
        undo = Markup("<button class='quiet' data-do='undo' data-key='{}' data-kind='{}' data-record='{}'>{}</button>").format(
            key, kind, record, self.say("told.undo")
        )
        told = self.say("told.recorded", what=self.say(f"actions.{event}"), record=self.called(kind, record))
        self._told = self.callout(told, "better", undo)

    def called(self, kind: str, record: str) -> str:
        """What a record is called."""
        return reading.record(self.store, self.viewer, kind, record)["title"][self.site.language]

    def _withdraw(self, tap: Tap) -> None:
        self.recording.withdraw(tap.key, tap.kind, tap.record)
        self._told = self.callout(self.say("told.undone"), "better")

    def _explain(self, tap: Tap) -> list[str]:
        fields, kind, record = tap.fields, tap.kind, tap.record
        self.recording.explain(kind, record, fields)
        name = "told.reopened" if "stall_reason" in fields else "told.explained"
        self._told = self.callout(self.say(name, record=self.called(kind, record)), "better")
        return [f"{record}.{name}" for name in fields]


_DRAWN = {
    "customers": customers_view.draw,
    "forecast": forecast_view.draw,
    "leads": leads_view.draw,
    "messages": messages_view.draw,
    "notes": notes_view.draw,
    "requests": requests_view.draw,
    "reviews": reviews_view.draw,
    "rules": rules_view.draw,
    "scores": scores_view.draw,
    "targets": targets_view.draw,
}
"""Views that need no rep to be of."""
_TAPS = {
    "show": Board.go_to,
    "rep": Board._choose_rep,
    "open": Board._open_rep,
    "all": Board._show_all,
    "done": Board._finish,
    "tap": Board._record,
    "undo": Board._withdraw,
    "explain": Board._explain,
    "work_out": Board._work_out,
    "stop": Board._stop,
    "look_up": Board._look_up,
    "score": Board._choose_score,
    **finding.TAPS,
    **giving.TAPS,
    **requesting.TAPS,
    **setting.TAPS,
    **noting.TAPS,
    **reviewing.TAPS,
    **ruling.TAPS,
    **coaching.TAPS,
}


def board(
    store: Store, service: Service, viewer: Viewer, rank: Rank, foretelling: Foretelling, customers: Register,
    scoring: Scoring,
) -> pn.viewable.Viewable:  # fmt: skip
    """The page for one visitor; `rank` puts what could be done for open opportunities in order."""
    return Board(store, service, viewer, rank, foretelling, customers, scoring).site.page
