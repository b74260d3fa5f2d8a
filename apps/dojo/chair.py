"""The manager's chair on the page: Monday's figures, the decisions, the week; at the end what each decision was worth."""

from typing import get_args

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.dojo.chair_views import chart, log, reps, tiles
from apps.dojo.pricing import Pricing
from apps.dojo.words import money
from apps.pages.frame import STYLE, block, columns
from policies.jit.compiled import is_compiled, source_digest
from policies.language.sections import Routing
from policies.language.target_sections import Targets
from policies.words.vocabulary import CHOICES, CHOICES_OF
from scenarios.chair.decision import Decision, settings_now
from scenarios.chair.quarter import Quarter
from sim.office.engine.compiled_run import OFFICE

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}


class Chair:
    """One quarter, kept after every week."""

    def __init__(self, dojo, name: str, data: dict):
        self.dojo, self.name = dojo, name
        self.quarter = Quarter.from_json(data["quarter"])
        self.pricing = Pricing(self, data.get("prices"))

    @staticmethod
    def kept(quarter: Quarter, prices: dict | None = None) -> tuple[dict, dict]:
        """What lists show of a quarter, and the quarter."""
        end = quarter.mondays[-1]
        state = {"week": quarter.week, "weeks": quarter.weeks, "ahead": end.person.gross_margin - end.automatic.gross_margin}
        return state, {"quarter": quarter.to_json(), "prices": prices}

    def keep(self, prices: dict | None = None) -> None:
        """Keep the quarter as it stands."""
        self.dojo.keeping.keep(self.name, *self.kept(self.quarter, prices))

    def draw(self) -> pn.viewable.Viewable:
        """The quarter as it stands."""
        say = self.dojo.site.say
        back = pmui.Button(
            label=say("page.back"), variant="text", size="small", css_classes=["back"], on_click=lambda _: self.dojo.show(None)
        )
        right = [block(reps(say, self.quarter), "box")]
        if any(not decision.empty for decision in self.quarter.decisions):
            right.append(block(log(say, self.quarter), "box"))
        left = [self.pricing.draw()] if self.quarter.over else [self._decisions()]
        if self.quarter.week:
            left.append(
                pn.Column(
                    block(f"<h3>{escape(say('chair.margin_chart'))}</h3>"),
                    chart(say, self.quarter),
                    css_classes=["box"],
                    **_WIDE,
                )
            )
        return pn.Column(back, block(self._heading()), block(tiles(say, self.quarter)), columns(left, right), **_WIDE)

    def _heading(self) -> str:
        say, quarter = self.dojo.site.say, self.quarter
        monday = quarter.mondays[-1]
        title = say("chair.over")
        if not quarter.over:
            title = say("chair.week", week=monday.week + 1, weeks=quarter.weeks, day=monday.day.isoformat())
        lines = [f"<h1>{escape(title)}</h1>"]
        if quarter.over:
            ahead = monday.person.gross_margin - monday.automatic.gross_margin
            call = "better" if ahead > 0 else "worse" if ahead < 0 else ""
            told = say("chair.total", money=money(say.language, ahead))
            lines.append(f"<p class='callout {call}'><b>{escape(told)}</b></p>")
        rule = say("chair.automatic_rule", policy=quarter.start_policy.title[say.language])
        lines.append(f"<p class='lead'>{escape(say.both(quarter.scenario.title))} · {escape(rule)}</p>")
        if quarter.program != source_digest():
            lines.append(f"<p class='callout worse'>{escape(say('chair.changed'))}</p>")
        return "".join(lines)

    def _decisions(self) -> pn.viewable.Viewable:
        say, now = self.dojo.site.say, settings_now(self.quarter.policy)
        fields = {
            "cadence": pmui.Select(options=_choices("targets.cadence", Targets, "cadence", say.language), value=now.cadence),
            "stretch": pmui.FloatInput(start=0.5, end=2.0, step=0.05, value=now.stretch),
            "freeze_days": pmui.IntInput(start=0, end=60, value=now.freeze_days),
            "routing": pmui.Select(options=_choices("routing.method", Routing, "method", say.language), value=now.routing),
            "coaching_hours": pmui.FloatInput(start=0.0, end=16.0, step=0.5, value=now.coaching_hours),
        }
        for name, field in fields.items():
            field.param.update(
                label=say(f"chair.{name}"), size="small", css_classes=[f"decide-{name}"], sizing_mode="stretch_width"
            )
        run = pmui.Button(label=say("chair.run"), css_classes=["run-week"])
        rest = pmui.Button(label=say("chair.rest"), variant="outlined", css_classes=["run-rest"])

        def go(weeks: int) -> None:
            run.loading = rest.loading = True
            self._run(Decision(**{name: field.value for name, field in fields.items()}), weeks)

        run.on_click(lambda _: go(1))
        rest.on_click(lambda _: go(self.quarter.weeks))
        words = f"<h2>{escape(say('chair.decide'))}</h2><p class='lead'>{escape(say('chair.decide_lead'))}</p>"
        if not is_compiled(OFFICE):
            words += f"<p class='callout'>{escape(say('chair.compiling'))}</p>"
        form = pn.Column(*fields.values(), css_classes=["form"], **_WIDE)
        return pn.Column(block(words), form, pn.Row(run, rest), css_classes=["box"], **_WIDE)

    def _run(self, decision: Decision, weeks: int) -> None:
        with self.dojo.site.lock:
            for _ in range(min(weeks, self.quarter.weeks - self.quarter.week)):
                self.quarter.decide(decision)
            self.keep()
            self.dojo.site.refresh()


def _choices(path: str, section, field: str, language: str) -> dict[str, str]:
    """Words to values of a setting with choices."""
    place = ("en", "zh").index(language)
    words = CHOICES | CHOICES_OF.get(path, {})
    return {words[value][place]: value for value in get_args(section.model_fields[field].annotation)}
