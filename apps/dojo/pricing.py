"""Pricing a finished quarter beside the page: a thread works, the page looks in."""

from threading import Event, Thread

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup, escape
from panel.io import PeriodicCallback

from apps.dojo.chair_views import decided_words
from apps.dojo.words import money
from apps.pages.frame import STYLE, block
from scenarios.chair.decision import Decision
from scenarios.chair.prices import CONTINUATIONS, Price, Stopped, priced

LOOK_EVERY = 300  # ms


class Pricing:
    """The prices of a quarter, worked out once and kept with it."""

    def __init__(self, chair, kept: list | None):
        self.chair = chair
        self.prices = None if kept is None else [_read(each) for each in kept]
        self._done = (0, 0)
        self._cancel = Event()
        self._thread: Thread | None = None
        self._watch: PeriodicCallback | None = None

    def draw(self) -> pn.viewable.Viewable:
        """The button, the progress or the prices."""
        say = self.chair.dojo.site.say
        content: list[pn.viewable.Viewable]
        if not any(not decision.empty for decision in self.chair.quarter.decisions):
            content = [block(f"<p class='lead'>{escape(say('chair.none_decided'))}</p>")]
        elif self.prices is not None:
            content = [block(self._table(self.prices))]
        else:
            content = [self._working()]
        again = pmui.Button(
            label=say("chair.again"), variant="outlined", on_click=lambda _: self._again(), css_classes=["again"]
        )
        return pn.Column(*content, again, css_classes=["box"], sizing_mode="stretch_width", stylesheets=[STYLE])

    def _again(self) -> None:
        quarter = self.chair.quarter
        self.chair.dojo.start_quarter(quarter.scenario.name, quarter.start_policy.name, quarter.seed)

    def _working(self) -> pn.viewable.Viewable:
        say = self.chair.dojo.site.say
        bar = pmui.LinearProgress(value=0, variant="determinate", sizing_mode="stretch_width")
        words = block("")

        def look() -> None:
            done, of = self._done
            bar.value = int(100 * done / of) if of else 0
            words.object = f"<p class='note'>{escape(say('chair.pricing', done=min(done + 1, max(of, 1)), of=max(of, 1)))}</p>"
            if self.prices is not None and self._watch is not None:
                self._watch.stop()
                self.chair.keep(
                    [price._asdict() | {"decision": price.decision.model_dump(mode="json")} for price in self.prices]
                )
                self.chair.dojo.site.refresh()

        if self._thread is None:
            self._thread = Thread(target=self._work, daemon=True)
            self._thread.start()
            pn.state.on_session_destroyed(lambda _: self._cancel.set())
        if self._watch is not None:
            self._watch.stop()
        self._watch = pn.state.add_periodic_callback(look, period=LOOK_EVERY)
        look()
        return pn.Column(block(f"<h2>{escape(say('chair.prices'))}</h2>"), bar, words, sizing_mode="stretch_width")

    def _work(self) -> None:
        try:
            found = priced(self.chair.quarter, CONTINUATIONS, self._tell, self._cancel)
        except Stopped:
            return  # nobody looks any more; it is done again when the quarter is opened
        self.prices = list(found.prices)

    def _tell(self, done: int, of: int) -> None:
        self._done = (done, of)

    def _table(self, prices: list[Price]) -> str:
        say = self.chair.dojo.site.say
        heads = "".join(f"<th>{escape(say(f'chair.{name}'))}</th>" for name in ("when", "what", "worth", "came", "pipeline"))
        rows = "".join(self._row(price) for price in prices)
        lead = say("chair.prices_lead", count=prices[0].continuations)
        return (
            f"<h2>{escape(say('chair.prices'))}</h2><p class='lead'>{escape(lead)}</p>"
            f"<div class='scroll'><table><tr>{heads}</tr>{rows}</table></div>"
        )

    def _row(self, price: Price) -> str:
        say = self.chair.dojo.site.say
        call = ("gain" if price.mean > 0 else "loss") if price.sure else "unclear"
        colour = {"gain": "better", "loss": "worse", "unclear": ""}[call]
        span = f"{money(say.language, price.low)} … {money(say.language, price.high)}"
        return Markup(
            "<tr><td class='number'>{}</td><td>{}</td><td class='number'><b class='{}'>{}</b><br><span class='note'>{}</span>"
            "<br><span class='tag {}'>{}</span></td><td class='number'>{}</td><td class='number'>{}</td></tr>"
        ).format(
            price.week + 1, decided_words(say, price.decision), colour, money(say.language, price.mean), span, colour,
            say(f"chair.{call}"), money(say.language, price.as_it_came), money(say.language, price.open_value),
        )  # fmt: skip


def _read(kept: dict) -> Price:
    return Price(**(kept | {"decision": Decision.model_validate(kept["decision"])}))
