"""The question: which policy, compared with what, on which office, within which lines; below it what was asked before."""

import panel as pn
import panel_material_ui as pmui
from markupsafe import escape

from apps.gate.draft import chosen, lines_of, uploaded_policy
from apps.gate.requests import Requests
from apps.gate.standing import Standing
from apps.pages.frame import STYLE, block, columns
from apps.pages.instants import clock
from apps.pages.shelves import offices, policies, titles
from coach.problems import CoachError
from coach.store import policy_history as versions
from policies.documents.errors import PolicyError
from policies.language.policy import Policy
from policies.words.policy_words import policy_words
from policies.words.rule_words import rule_words
from sim.experiment.running.limits import MOST_WEEKS

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
_BELOW = (14, 0, 0, 0)
IN_FORCE = ""
"""What stands for the policy in force in the field of what to compare with."""


class Question:
    """The question of one visitor, kept after every change."""

    def __init__(self, gate):
        self.gate = gate
        self._fault: PolicyError | CoachError | None = None  # of the file that was uploaded last
        self._words = block("")
        self._run = pmui.Button(css_classes=["run"], on_click=lambda _: self._start())

    def draw(self) -> pn.viewable.Viewable:
        """The form, what the policy says, and earlier validations."""
        say = self.gate.site.say
        problem = [block(f"<p class='callout worse'>{escape(say(self.gate.problem))}</p>")] if self.gate.problem else []
        head = block(f"<h1>{escape(say('home.title'))}</h1><p class='lead'>{escape(say('home.lead'))}</p>")
        self._run.label = say("home.run")
        self._tell()
        left = [
            pn.Column(*self._choices(), css_classes=["form", "box"], **_WIDE),
            pn.Column(*self._lines(), css_classes=["box"], margin=_BELOW, **_WIDE),
        ]
        below = [Requests(self.gate).draw(), Standing(self.gate).draw(), self._saved()]
        for each in below:
            each.margin = _BELOW
        right = [pn.Column(self._run, self._words, css_classes=["box"], **_WIDE), *below]
        return pn.Column(*problem, head, columns(left, right), **_WIDE)

    def _choices(self) -> list[pn.viewable.Viewable]:
        say, draft = self.gate.site.say, self.gate.draft
        sources = {say(f"home.{each}"): each for each in ("library", "version", "upload")}
        against = {self._in_force(): IN_FORCE, **titles(policies(), say.language)}
        fields = {
            "source": pmui.Select(options=sources, value=draft.source, label=say("home.source")),
            "against": pmui.Select(options=against, value=draft.against or IN_FORCE, label=say("home.against")),
            "office": pmui.Select(options=titles(offices(), say.language), value=draft.office, label=say("home.office")),
            "weeks": pmui.IntInput(start=1, end=MOST_WEEKS, value=draft.weeks, label=say("home.weeks")),
            "max_pairs": pmui.IntInput(start=8, end=5000, step=20, value=draft.max_pairs, label=say("home.max_pairs")),
        }
        for name, field in fields.items():
            field.param.update(size="small", css_classes=[f"ask-{name}"], sizing_mode="stretch_width")
            field.param.watch(lambda event, name=name: self._put(name, event.new), "value")
        return [fields["source"], self._policy(), *list(fields.values())[1:]]

    def _in_force(self) -> str:
        say = self.gate.site.say
        version = versions.policy_in_force(self.gate.store, self.gate.viewer)
        return say("home.none_in_force") if version is None else say("home.in_force", name=version.policy.name)

    def _policy(self) -> pn.viewable.Viewable:
        return {"library": self._from_library, "version": self._from_versions, "upload": self._from_file}[
            self.gate.draft.source
        ]()

    def _from_library(self) -> pn.viewable.Viewable:
        say, draft = self.gate.site.say, self.gate.draft
        return self._select("name", titles(policies(), say.language), draft.name)

    def _from_versions(self) -> pn.viewable.Viewable:
        draft = self.gate.draft
        found = versions.versions(self.gate.store, self.gate.viewer)
        if not found:
            return block(f"<p class='note'>{escape(self.gate.site.say('home.no_versions'))}</p>")
        options = {
            f"{each['number']} · {each['name']} · {clock(self.gate.store, each['activated_at'])}": each["number"]
            for each in found
        }
        if draft.version not in options.values():
            draft.version = found[0]["number"]
            self.gate.keep_draft()
        return self._select("version", options, draft.version)

    def _from_file(self) -> pn.viewable.Viewable:
        say, uploaded = self.gate.site.say, self.gate.draft.uploaded
        field = pmui.FileInput(label=say("home.file"), accept=".yaml,.yml", css_classes=["ask-file"], variant="outlined")
        field.param.watch(lambda event: self._upload(event.new), "value")
        known = say("home.no_file") if uploaded is None else say("home.read", name=uploaded["name"])
        return pn.Column(field, block(f"<p class='note'>{escape(known)}</p>"), **_WIDE)

    def _select(self, name: str, options: dict, value) -> pn.viewable.Viewable:
        field = pmui.Select(
            label=self.gate.site.say("home.policy"), options=options, value=value, size="small", css_classes=[f"ask-{name}"],
            sizing_mode="stretch_width",
        )  # fmt: skip
        field.param.watch(lambda event: self._put(name, event.new), "value")
        return field

    def _lines(self) -> list[pn.viewable.Viewable]:
        say = self.gate.site.say
        field = pmui.TextAreaInput(
            label=say("home.lines"), value=self.gate.draft.lines, rows=9, sizing_mode="stretch_width", css_classes=["ask-lines"]
        )
        field.param.watch(lambda event: self._put("lines", event.new), "value")
        return [field, block(f"<p class='note'>{escape(say('home.lines_help'))}</p>")]

    def _upload(self, content: bytes | None) -> None:
        if not content:
            return
        try:
            self.gate.draft.uploaded, self._fault = uploaded_policy(content), None
        except (PolicyError, CoachError) as fault:
            self.gate.draft.uploaded, self._fault = None, fault
        self.gate.keep_draft()
        self.gate.site.refresh()

    def _put(self, name: str, value) -> None:
        if value is None:
            return  # a number that is being typed
        setattr(self.gate.draft, name, None if value == IN_FORCE else value)
        self.gate.keep_draft()
        if name == "source":
            self.gate.site.refresh()
        else:
            self._tell()

    def _tell(self) -> None:
        """What the policy says in plain words; or why it cannot be validated yet."""
        say, draft = self.gate.site.say, self.gate.draft
        try:
            if self._fault is not None and draft.source == "upload":
                raise self._fault
            lines_of(draft.lines)
            found = chosen(draft, self.gate.store)
        except (PolicyError, CoachError) as fault:
            said = fault.text(say.language) if isinstance(fault, PolicyError) else getattr(fault, say.language)
            self._words.object = f"<h3>{escape(say('home.faulty'))}</h3><div class='worse'>{_listed(said.splitlines())}</div>"
            self._run.disabled = True
            return
        self._run.disabled = found is None
        self._words.object = "" if found is None else self._said(found.policy)

    def _said(self, policy: Policy) -> str:
        """The rules in plain words, and everything else behind a fold."""
        say = self.gate.site.say
        rules = [rule_words(rule, say.language) for rule in policy.rules]
        listed = _listed(rules) if rules else f"<p class='note'>{escape(say('home.no_rules'))}</p>"
        others = (
            f"<details><summary>{escape(say('home.others'))}</summary>{_listed(policy_words(policy, say.language))}</details>"
        )
        return f"<h3>{escape(say('home.words'))}</h3>{listed}{others}"

    def _start(self) -> None:
        self._run.loading = True
        self.gate.start()

    def _saved(self) -> pn.viewable.Viewable:
        say = self.gate.site.say
        rows = [self._row(kept) for kept in self.gate.keeping.all("validation")]
        content = rows or [block(f"<p class='note'>{escape(say('home.none'))}</p>")]
        return pn.Column(block(f"<h3>{escape(say('home.saved'))}</h3>"), *content, css_classes=["box", "saved"], **_WIDE)

    def _row(self, kept) -> pn.viewable.Viewable:
        say, state = self.gate.site.say, kept.state["state"]
        if state == "done":
            state = "passed" if kept.state["passed"] else "not_passed"
        note = f"{clock(self.gate.store, kept.changed_at)} · {escape(say(f'home.{state}'))}"
        words = f"{escape(kept.title[say.language])}<br><span class='note'>{note}</span>"
        button = pmui.Button(label=say("home.open"), variant="text", size="small", on_click=lambda _: self.gate.show(kept.id))
        return pn.Row(block(words), button, **_WIDE)


def _listed(lines: list[str]) -> str:
    return f"<ul class='known'>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
