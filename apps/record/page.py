"""The record: what the firm's records say as of a day, and what they cannot say; for managers and operations."""

from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup, escape
from panel.io import PeriodicCallback

from apps.pages.findings import Finding
from apps.pages.frame import STYLE, Site, argument, block, remember
from apps.pages.illustrated import Illustrated, in_language
from apps.pages.instants import clock
from apps.pages.watching import LOOK_EVERY
from apps.record.describing import Described, Describing, Question
from apps.record.view import body
from coach.describing.page import write_description
from coach.store import Viewer
from coach.store.sight import sight_of

FOLDER = Path(__file__).parent
_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE + (FOLDER / "style.css").read_text(encoding="utf-8")]}


class Record:
    """One visitor's page. `site.page` is what Panel serves."""

    def __init__(self, describing: Describing, viewer: Viewer):
        self.describing, self.store, self.viewer = describing, describing.store, viewer
        self.day = _day_of(argument("day"))
        self._watch: PeriodicCallback | None = None
        self.site = Site("record", viewer, FOLDER, self._draw)
        self.site.refresh()

    @property
    def question(self) -> Question:
        """What this visitor is told; who may see whom is asked each time."""
        return Question(self.day, sight_of(self.store, self.viewer))

    def _draw(self) -> pn.viewable.Viewable:
        say, asked = self.site.say, self.question
        head = block(Markup("<h1>{}</h1><p class='lead'>{}</p>").format(say("record.title"), say("record.lead")))
        if asked.sight.is_nobodys:
            return pn.Column(head, block(Markup("<p class='callout'>{}</p>").format(say("record.no_unit"))), **_WIDE)
        self.describing.ask(asked)
        found = self.describing.latest(asked)
        own = [] if asked.sight.units is None else [block(Markup("<p class='note'>{}</p>").format(say("record.own_people")))]
        content = [] if found is None else [*own, self._content(found.value)]
        return pn.Column(head, self._choices(found), *self._standing(asked, found), *content, **_WIDE)

    def _choices(self, found: Finding | None) -> pn.viewable.Viewable:
        say = self.site.say
        field = pmui.DatePicker(
            label=say("record.day"), value=self.day, end=self.store.calendar.local_date(self.describing.clock()),
            size="small", clearable=True, css_classes=["as-of"],
        )  # fmt: skip
        field.param.watch(lambda event: self._choose(event.new), "value")
        if found is None:
            return pn.FlexBox(field, css_classes=["choices"], **_WIDE)
        take = pmui.FileDownload(
            callback=lambda: self._file(found.value), filename="record.html", label=say("record.take"), variant="outlined",
            size="small", css_classes=["take-html"],
        )  # fmt: skip
        return pn.FlexBox(field, take, css_classes=["choices"], **_WIDE)

    def _choose(self, day: date | None) -> None:
        if day != self.day:
            self.day = day
            remember(day=None if day is None else day.isoformat())
            self.site.refresh()

    def _content(self, found: Described) -> pn.viewable.Viewable:
        say = self.site.say
        plots = in_language(found.drawn, say.language)
        names = {name.rpartition("-")[0] for name in found.drawn}
        lang = {"en": "en", "zh": "zh-CN"}[say.language]
        return Illustrated(html=str(body(say, found.description, names)), plots=plots, lang=lang, **_WIDE)

    def _file(self, found: Described) -> BytesIO:
        with TemporaryDirectory() as folder:
            place = Path(folder) / "record.html"
            write_description(found.description, place, self.site.language, drawn=found.drawn)
            return BytesIO(place.read_bytes())

    def _standing(self, asked: Question, found: Finding | None) -> list[pn.viewable.Viewable]:
        """From when it is, and what is being done about it."""
        say, failed = self.site.say, self.describing.failure(asked)
        self._unwatch()
        if self.describing.under_way(asked) is not None:
            return [self._running(asked, found)]
        shown: list[pn.viewable.Viewable] = []
        if failed is not None:
            words = say("find.stopped") if failed.words is None else say.both(failed.words)
            shown.append(block(f"<p class='callout worse' role='alert'>{escape(words)}</p>"))
        if found is not None and self.describing.is_stale(found):
            told = f"{say('find.from', at=clock(self.store, found.value.description.at))} {say('find.newer')}"
            shown.append(block(f"<p class='callout'>{escape(told)}</p>"))
        if shown:
            name = "find.again" if failed is not None else "find.anew"
            button = pmui.Button(label=say(name), variant="outlined", size="small", css_classes=["again"])
            button.on_click(lambda _: self._begin(asked))
            shown.append(button)
        return shown

    def _begin(self, asked: Question) -> None:
        self.describing.begin(asked)
        self.site.refresh()

    def _running(self, asked: Question, found: Finding | None) -> pn.viewable.Viewable:
        say = self.site.say
        bar = pmui.LinearProgress(value=0, variant="determinate", sizing_mode="stretch_width", css_classes=["progress"])
        words = block("")
        stop = pmui.Button(label=say("find.stop"), variant="outlined", color="error", size="small", css_classes=["stop"])

        def end(_) -> None:
            stop.loading = True
            self.describing.stop(asked)

        def look() -> None:
            working = self.describing.under_way(asked)
            if working is None:
                self._unwatch()
                self.site.refresh()
                return
            bar.value = 0 if working.step is None else round(100 * working.step[0] / working.step[1])
            told = say("find.waiting" if working.step is None else "find.reading" if found is None else "find.under_way")
            words.object = f"<p class='lead'>{escape(told)}</p>"

        stop.on_click(end)
        words.object = f"<p class='lead'>{escape(say('find.reading' if found is None else 'find.under_way'))}</p>"
        self._watch = pn.state.add_periodic_callback(look, period=LOOK_EVERY)
        return pn.Column(bar, words, stop, css_classes=["box"], **_WIDE)

    def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None


def _day_of(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def record(describing: Describing, viewer: Viewer) -> pn.viewable.Viewable:
    """The page for one visitor."""
    return Record(describing, viewer).site.page
