"""The question: an office, two policies with edits, and how precisely; below it what was asked before."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.lab.draft import as_document, checked
from apps.lab.form import SettingsForm
from apps.lab.rules import RulesForm
from apps.pages.frame import STYLE, block, columns
from apps.pages.instants import clock
from apps.pages.shelves import all_policies, offices, titles
from policies.language.policy import Policy
from policies.words.policy_words import differences
from sim.experiment.running.limits import MOST_WEEKS
from sim.office.counting.metrics import METRICS

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}


class Question:
    """The question of one visitor, kept after every change."""

    def __init__(self, lab):
        self.lab = lab
        self._editing = lab.draft.edited is not None
        self._words = block("")
        self._run = pmui.Button(css_classes=["run"], on_click=lambda _: self._start())

    def draw(self) -> pn.viewable.Viewable:
        """The form, what would change, and saved runs."""
        say = self.lab.site.say
        problem = [block(f"<p class='callout worse'>{escape(say(self.lab.problem))}</p>")] if self.lab.problem else []
        head = block(f"<h1>{escape(say('home.title'))}</h1><p class='lead'>{escape(say('home.lead'))}</p>")
        self._run.label = say("home.run")
        self._tell()
        left = [pn.Column(*self._choices(), css_classes=["form", "box"], **_WIDE), *self._edit_button()]
        right = [pn.Column(self._words, self._run, css_classes=["box"], **_WIDE), self._saved()]
        return pn.Column(*problem, head, columns(left, right), *self._editor(), **_WIDE)

    def _choices(self) -> list[pn.viewable.Viewable]:
        say, draft = self.lab.site.say, self.lab.draft
        metrics = {getattr(metric, say.language): name for name, metric in METRICS.items()}
        fields = {
            "office": pmui.Select(options=titles(offices(), say.language)),
            "today": pmui.Select(options=titles(all_policies(), say.language)),
            "proposed": pmui.Select(options=titles(all_policies(), say.language)),
            "metric": pmui.Select(options=metrics),
            "weeks": pmui.IntInput(start=1, end=MOST_WEEKS),
            "precision": pmui.FloatInput(start=0.1, end=50, step=0.5),
            "max_pairs": pmui.IntInput(start=8, end=5000, step=50),
            "seed": pmui.IntInput(start=0, end=10**9),
        }
        for name, field in fields.items():
            value = getattr(draft, name)
            field.param.update(
                label=say(f"home.{name}"), value=100 * value if name == "precision" else value, size="small",
                css_classes=[f"ask-{name}"], sizing_mode="stretch_width",
            )  # fmt: skip
            field.param.watch(lambda event, name=name: self._put(name, event.new), "value")
        return [*fields.values()]

    def _put(self, name: str, value) -> None:
        if value is None:
            return  # a number that is being typed
        setattr(self.lab.draft, name, value / 100 if name == "precision" else value)
        if name == "proposed":
            self.lab.draft.edited = None
            self._editing = False
            self.lab.keep_draft()
            self.lab.site.refresh()
        else:
            self._changed()

    def _edit_button(self) -> list[pn.viewable.Viewable]:
        say, editing = self.lab.site.say, self._editing
        button = pmui.Button(
            label=say("home.undo" if editing else "home.edit"), variant="outlined", color="error" if editing else "primary",
            css_classes=["undo" if editing else "edit"], on_click=lambda _: self._edit(not editing),
        )  # fmt: skip
        return [button]

    def _editor(self) -> list[pn.viewable.Viewable]:
        if not self._editing:
            return []
        say, document = self.lab.site.say, self.lab.draft.edited
        settings = SettingsForm(say, document, self._changed)
        rules = RulesForm(say, document, self._changed)
        return [pn.Column(settings.draw(), rules.draw(), css_classes=["editor"], **_WIDE)]

    def _edit(self, editing: bool) -> None:
        draft = self.lab.draft
        self._editing = editing
        draft.edited = as_document(all_policies()[draft.proposed]) if editing else None
        self.lab.keep_draft()
        self.lab.site.refresh()

    def _changed(self) -> None:
        self.lab.keep_draft()
        self._tell()

    def _proposed(self) -> tuple[Policy | None, list]:
        draft = self.lab.draft
        return (all_policies()[draft.proposed], []) if draft.edited is None else checked(draft.edited)

    def _tell(self) -> None:
        """What would change, in plain words; or what is wrong."""
        say = self.lab.site.say
        proposed, faults = self._proposed()
        self._run.disabled = proposed is None
        if proposed is None:
            lines = [
                f"{'.'.join(map(str, fault.location))}{'：' if say.language == 'zh' else ': '}{fault.sentence(say.language)}"
                for fault in faults
            ]
            self._words.object = f"<h3>{escape(say('home.faulty'))}</h3>{_listed(lines)}"
            return
        lines = differences(
            all_policies()[self.lab.draft.today], proposed, say.language, lambda name: metric_name(name, say.language)
        )
        told = _listed(lines) if lines else f"<p class='lead'>{escape(say('home.same'))}</p>"
        left_out = [getattr(each, say.language) for each in proposed.cannot_rehearse]
        if left_out:
            told += f"<h3>{escape(say('home.left_out'))}</h3>{_listed(left_out)}"
        self._words.object = f"<h3>{escape(say('home.differences'))}</h3>{told}"

    def _start(self) -> None:
        if self._proposed()[0] is not None:
            self._run.loading = True
            self.lab.start()

    def _saved(self) -> pn.viewable.Viewable:
        say = self.lab.site.say
        rows = [self._experiment(kept) for kept in self.lab.keeping.all("experiment") if kept.state["state"] != "done"]
        rows += [self._row(run["title"], run["created_at"], "done", dict(run=run["id"])) for run in self.lab.saved()]
        content = rows or [block(f"<p class='note'>{escape(say('home.none'))}</p>")]
        return pn.Column(block(f"<h3>{escape(say('home.saved'))}</h3>"), *content, css_classes=["box", "saved"], **_WIDE)

    def _experiment(self, kept) -> pn.viewable.Viewable:
        draft = kept.title[self.lab.site.language]
        return self._row(draft, kept.changed_at, kept.state["state"], dict(session=kept.id))

    def _row(self, title: str, at: int, state: str, where: dict) -> pn.viewable.Viewable:
        say = self.lab.site.say
        when = clock(self.lab.store, at)
        words = f"{escape(title)}<br><span class='note'>{when} · {escape(say(f'home.{state}'))}</span>"
        button = pmui.Button(label=say("home.open"), variant="text", size="small", on_click=lambda _: self.lab.show(**where))
        return pn.Row(block(words), button, **_WIDE)


def metric_name(name: str, language: str) -> str:
    """A metric's title."""
    return getattr(METRICS[name], language) if name in METRICS else name


def _listed(lines: list[str]) -> str:
    return f"<ul class='known'>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
