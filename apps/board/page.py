"""The board: a rep's day, the pipeline, targets and messages; for reps and managers, on a phone too."""

import logging
import math
from pathlib import Path
from threading import RLock
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from apps.board import (
    advancing,
    coaching,
    customers_view,
    finding,
    forecast_view,
    giving,
    home_view,
    leads_view,
    messages_view,
    notes_view,
    noting,
    pay_view,
    pipeline_view,
    recent,
    record_view,
    requesting,
    requests_view,
    reviewing,
    reviews_view,
    rules_view,
    ruling,
    scores_view,
    search_view,
    setting,
    targets_view,
    today_view,
)
from apps.board.foretelling import Foretelling
from apps.board.place import Place
from apps.board.recording import Recording
from apps.board.scoring import Scoring
from apps.board.taking import Table
from apps.board.taps import Tap, tap_of
from apps.board.words import Writer
from apps.pages.documents.under_way import LOOK_AGAIN_MS, standing
from apps.pages.findings import Finding, Findings
from apps.pages.texts import LANGUAGES, Speaker
from coach.auditing.audit import Audit
from coach.customers.register import Register
from coach.desks.queue import waiting as waiting_requests
from coach.problems import CoachError
from coach.rules.advice import Rank, rank_actions
from coach.rules.service import Service
from coach.store import Store, Viewer, reading
from coach.store.kinds import stored_kinds
from coach.store.sight import EVERYTHING, Sight, sight_of
from policies.scores.catalogue import ABOUT

_log = logging.getLogger("rehearse.pages")
FOLDER = Path(__file__).parent
VIEWS = (
    "home",
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
LONGEST_QUESTION = 400
WITH_REP = ("today", "pipeline")
"""Views of one unit's records."""
WITH_PLOTS = ("forecast",)
UNLISTED = ("record", "search")
"""Views that are led to from others."""


class Board:
    """What one visitor sees of the board and does on it: `draw` shows the place, `tapped` does what was tapped."""

    def __init__(
        self,
        store: Store,
        service: Service,
        viewer: Viewer,
        rank: Rank = rank_actions,
        foretelling: Foretelling | None = None,
        customers: Register | None = None,
        scoring: Scoring | None = None,
        place: Place = Place(),  # noqa: B008 -- a tuple
    ):
        self.store, self.service, self.viewer, self.rank = store, service, viewer, rank
        self.foretelling = foretelling or Foretelling(store, service.clock)
        self.scoring = scoring or Scoring(store, service.clock)
        self.recording = Recording(store, service, viewer)
        self.setting = setting.Setting(store, service, viewer)
        self.finding = finding.Finding(store, service, viewer, customers or Register(), self.recording)
        self.requesting = requesting.Requesting(store, service, viewer)
        self.views = _views_of(viewer)
        self.giving = giving.Giving(store, service, viewer)
        self.noting = noting.Noting(store, service, viewer)
        self.plays = {"rep": "owner"}.get(viewer.role)
        told = [] if viewer.role == "rep" else [each for each in reading.targets(store, viewer) if each["own"]]
        self.reps = self._reps(told)
        self.units = [*self.reps, *(each["unit"] for each in told if (each["level"] or "rep") != "rep")]
        """Units whose deals and day the viewer may see: reps, then what stands above them."""
        self.language = viewer.language if viewer.language in LANGUAGES else "en"
        self.audited: Audit | None = None
        """The audit of rules and fields as it was last made for this visitor."""
        self.plots = ""
        """Plots that the view shows, as JSON by name."""
        self.again: int | None = None
        """After how many ms the view is to be brought up to date; None for as usual."""
        self.told_key = ""
        """The entry that was told of last, with its own button to take it back."""
        self.lock = RLock()
        """Two quick taps of one page come in on two threads."""
        self._told = Markup("")
        self.go(place)
        if place.record and self.view == "notes":
            self.noting.open(place.record)

    def go(self, place: Place) -> None:
        """Show what an address names, as far as the viewer may see it."""
        self.place = place
        self.view, self.show_all = self._first_view(place.view), place.all
        self.rep = self._known_rep(place.rep)
        self.score: str | None = place.score if place.score in ABOUT else None
        """The one score that is shown; None for all."""
        self.kind, self.record = place.kind, place.record
        """The record that is shown."""
        self.question = place.question[:LONGEST_QUESTION]
        """What is looked up in the knowledge base."""

    def link(self, **changed: Any) -> str:
        """The address of another place on the board, in the viewer's language."""
        view = changed.get("view", self.view)
        kept = {"view": view} | ({"rep": self.rep} if self.rep and view in WITH_REP else {})
        if view == self.view == "pipeline":
            kept |= {name: getattr(self.place, name) for name in ("look", "sort", "stage")}
        told = {name: value for name, value in (kept | changed).items() if value}
        return "/board?" + urlencode(told | {"lang": self.language})

    def record_link(self, kind: str, record: str, title: str) -> Markup:
        """What a record is called, as a link to it."""
        return Markup("<a class='record' href='{}'>{}</a>").format(self.link(view="record", kind=kind, record=record), title)

    def speak(self, language: str) -> None:
        """Say everything in another language."""
        self.language = language

    def _reps(self, own: list[dict]) -> list[str]:
        """Reps whose day the viewer may see; `own`: the units that are the viewer's."""
        if self.viewer.role == "rep":
            return [self.viewer.unit] if self.viewer.unit else []
        left = reading.people_who_left(self.store)
        reps = [each["unit"] for each in own if (each["level"] or "rep") == "rep"]
        return sorted(reps, key=lambda rep: left.get(rep, math.inf) <= self.service.clock())  # who is there comes first

    def _first_view(self, asked: str) -> str:
        if asked in (*self.views, *UNLISTED):
            return asked
        return {"rep": "today", "desk": "requests", "manager": "home"}.get(self.viewer.role, "targets")

    def _known_rep(self, asked: str) -> str | None:
        """The rep or other unit whose records are shown; None for all of them."""
        if self.viewer.role == "rep":
            return self.viewer.unit
        return asked if asked in self.units else None

    def tell(self, text: str, tone: str, more: Markup | str = "") -> None:
        """Say what became of a tap, above the view."""
        self._told = self.callout(text, tone, more)

    def _look_around(self) -> None:
        """Take in the instant, the policy in force, and how things are written."""
        self.now, self.say = self.service.clock(), Speaker(FOLDER, self.language)
        self.policy = self.service.policy()
        self.rules = {rule.id: rule for rule in self.policy.rules}
        with self.store.read() as connection:
            self.kinds = stored_kinds(connection)
        left, called = reading.people_who_left(self.store), reading.unit_titles(self.store)
        self.write = Writer(self.say, self.store.calendar.zone, self.store.currency, left, called)

    def hush(self) -> None:
        """What was told of a tap has been told."""
        self._told, self.told_key = Markup(""), ""

    def draw(self) -> tuple[Markup, Table]:
        """The view with what was told last, and its table to take away."""
        self._look_around()
        self.plots, self.again = "", None
        try:
            body, table = self._body()
        except CoachError as error:
            body, table = self.callout(getattr(error, self.language), "worse"), Table("", [], [])
        return Markup("").join([self._tabs(), self._told, body]), table

    @property
    def html(self) -> str:
        """The view as HTML."""
        return str(self.draw()[0])

    @property
    def table(self) -> Table:
        """The view's table to take away."""
        return self.draw()[1]

    def _body(self) -> tuple[Markup, Table]:
        if self.view in _DRAWN:
            return _DRAWN[self.view](self)
        if self.view == "record":
            return record_view.draw(self, self.kind, self.record)
        if not (self.reps if self.view == "pay" else self.units):
            return self.empty("page.no_unit" if self.viewer.unit is None else "page.no_reps"), Table("", [], [])
        if self.view == "pay":
            return pay_view.draw(self, [self.rep] if self.rep in self.reps else self.reps)
        if self.view == "pipeline":
            return pipeline_view.draw(self, [self.rep] if self.rep else [*self.units, None])
        return today_view.draw(self, self.rep or self.units[0])

    def look_again(self, soon: bool) -> None:
        """Have the view brought up to date every second as long as something is worked out for it."""
        self.again = LOOK_AGAIN_MS if soon else None

    def standing(self, findings: Findings, asked: Sight, found: Finding | None, at: int | None, first: str) -> Markup:
        """The line above a view that takes long to work out."""
        told = standing(self.say, self.viewer, findings, asked, found, at, first)
        self.again = told.again
        return told.html

    def _tabs(self) -> Markup:
        tabs = Markup("").join(
            Markup("<a href='{}' data-view='{}' {}>{}</a>").format(
                self.link(view=view), view, Markup("class='here' aria-current='page'" if view == self.view else ""),
                self._tab(view),
            )
            for view in self.views
        )  # fmt: skip
        return Markup("<div class='head'><nav class='tabs' aria-label='{}'>{}</nav>{}</div>").format(
            self.say("page.board"), tabs, self._picker()
        )

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
        if self.viewer.role == "rep" or len(self.units) < 2 or self.view not in WITH_REP:
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
        return self.picking(self.say("page.rep"), "rep", options)

    def picking(self, label: str, name: str, options: Markup) -> Markup:
        """A choice that goes into the address as soon as it is made."""
        kept = Markup("").join(
            Markup("<input type='hidden' name='{}' value='{}'>").format(*each)
            for each in (("view", self.view), ("lang", self.language))
        )
        return Markup(
            "<form class='pick' action='/board' data-at-once>{}<label>{} <select name='{}'>{}</select></label></form>"
        ).format(kept, label, name, options)

    def empty(self, name: str) -> Markup:
        """What to do where there is nothing to show."""
        return Markup("<p class='empty'>{}</p>").format(self.say(name))

    @staticmethod
    def callout(text: str, tone: str, more: Markup | str = "") -> Markup:
        """A sentence that stands out."""
        return Markup("<div class='callout {}' role='status'>{} {}</div>").format(tone, text, more)

    def tapped(self, data: Any) -> list[str]:
        """Do what was tapped; returns the names of typed fields that are no longer needed."""
        self._look_around()
        self._told = Markup("")
        try:
            tap = tap_of(data)
            return _TAPS[tap.do](self, tap) or []
        except CoachError as error:
            self._told = self.callout(getattr(error, self.language), "worse")
        except Exception as error:
            _log.exception("a tap on the board could not be done")
            self._told = self.callout(self.say("told.failed", kind=type(error).__name__), "worse")
        return []

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

    def _finish(self, tap: Tap) -> None:
        reading.finish_todo(self.store, self.viewer, int(tap.todo or -1), self.service.clock())
        self._told = self.callout(self.say("told.done"), "better")

    def _record(self, tap: Tap) -> None:
        event, kind, record = tap.event, tap.kind, tap.record
        self.told_key = self.recording.tap(event, kind, record, tap.moment)
        told = self.say("told.recorded", what=self.say(f"actions.{event}"), record=self.called(kind, record))
        self._told = self.callout(told, "better", recent.take_back(self, self.told_key, kind, record))

    def kind_of(self, name: str) -> str:
        """A kind of record with the fields that policies give it."""
        return self.kinds.get(name, name)

    def called(self, kind: str, record: str) -> str:
        """What a record is called."""
        return reading.record(self.store, self.viewer, kind, record)["title"][self.language]

    def _withdraw(self, tap: Tap) -> None:
        self.recording.withdraw(tap.key, tap.kind, tap.record)
        self._told = self.callout(self.say("told.undone"), "better")

    def _explain(self, tap: Tap) -> list[str]:
        fields, kind, record = tap.fields, self.kind_of(tap.kind), tap.record
        self.recording.explain(kind, record, fields, tap.moment)
        name = "told.reopened" if "stall_reason" in fields else "told.explained"
        self._told = self.callout(self.say(name, record=self.called(kind, record)), "better")
        return [f"{record}.{name}" for name in fields]


def _views_of(viewer: Viewer) -> tuple[str, ...]:
    """Views that somebody is offered: a home is for who decides, a day for who has one or leads those who have."""
    if viewer.role == "desk":
        return OF_DESKS
    return VIEWS if viewer.role == "manager" else tuple(view for view in VIEWS if view != "home")


_DRAWN = {
    "home": home_view.draw,
    "customers": customers_view.draw,
    "forecast": forecast_view.draw,
    "leads": leads_view.draw,
    "messages": messages_view.draw,
    "notes": notes_view.draw,
    "requests": requests_view.draw,
    "reviews": reviews_view.draw,
    "rules": rules_view.draw,
    "scores": scores_view.draw,
    "search": search_view.draw,
    "targets": targets_view.draw,
}
"""Views that need no rep to be of."""
_TAPS = {
    "done": Board._finish,
    "tap": Board._record,
    "undo": Board._withdraw,
    "explain": Board._explain,
    "work_out": Board._work_out,
    "stop": Board._stop,
    **advancing.TAPS,
    **finding.TAPS,
    **giving.TAPS,
    **requesting.TAPS,
    **setting.TAPS,
    **noting.TAPS,
    **reviewing.TAPS,
    **ruling.TAPS,
    **coaching.TAPS,
}

