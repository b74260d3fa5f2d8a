"""What the files seem to mean, the doubts as questions, and what would become of the rows; nothing is stored."""

from datetime import date

import panel as pn
import panel_material_ui as pmui
from markupsafe import Markup, escape

from apps.data import tables
from apps.data.draft import Draft, Question, Shown
from apps.data.receiving import drop_field
from apps.pages.frame import STYLE, block, columns

_WIDE = {"sizing_mode": "stretch_width", "stylesheets": [STYLE]}
_BELOW = (0, 0, 14, 0)
MOST_AT_ONCE = 5
"""Answers that stand below each other; more are in a list that opens."""
UNANSWERED = "\0"
"""What stands for no answer: an answer may be empty."""


class Looking:
    """One import before it is one."""

    def __init__(self, page, name: str, draft: Draft):
        self.page, self.name, self.draft = page, name, draft
        assert draft.shown is not None
        self.shown: Shown = draft.shown

    @property
    def say(self):
        """The page's words in the present language."""
        return self.page.site.say

    def draw(self) -> pn.viewable.Viewable:
        """Questions first, then what was understood; beside it what would become of the rows, and the button."""
        say, shown = self.say, self.shown
        back = pmui.Button(label=say("page.back"), variant="text", size="small", css_classes=["back"])
        back.on_click(lambda _: self.page.show())
        heading = block(Markup("<h1>{}</h1>").format(", ".join(self.draft.files)))
        parts = [_box(*self._questions(), name="questions")]
        if shown.deals:
            parts.append(_box(block(tables.deals(say, shown)), name="deals"))
        if shown.columns:
            parts.append(_box(block(tables.columns(say, shown)), name="meanings"))
        more = drop_field(say("home.drop_more"), lambda: self.page.folder(self.draft), self._landed)
        more.param.update(sx={}, size="small")
        parts.append(_box(block(tables.files(say, shown)), more, name="files"))
        return pn.Column(back, heading, columns(parts, [_box(*self._outcome(), name="outcome")]), **_WIDE)

    def _landed(self) -> None:
        self.page.dropped(self.page.folder(self.draft), self.name, self.draft)

    def _questions(self) -> list[pn.viewable.Viewable]:
        say, shown = self.say, self.shown
        parts: list[pn.viewable.Viewable] = [block(f"<h3>{escape(say('look.questions'))}</h3>")]
        if shown.broken:
            parts.append(block(f"<p class='callout worse'>{escape(say('look.broken'))}</p>"))
        if shown.kept is not None:
            parts.append(block(f"<p class='callout better'>{escape(say('look.kept', name=shown.kept))}</p>"))
            anew = pmui.Button(label=say("look.anew"), variant="outlined", size="small", css_classes=["anew"])
            anew.on_click(lambda _: self._again(anew=True))
            parts.append(anew)
        elif not shown.questions:
            parts.append(block(f"<p class='note'>{escape(say('look.no_questions'))}</p>"))
        for number, each in enumerate(sorted(shown.questions, key=lambda one: not one.open)):
            parts += self._question(each, number)
        return [*parts, *self._day()]

    def _question(self, question: Question, number: int) -> list[pn.viewable.Viewable]:
        say = self.say
        needed = Markup(" <span class='tag worse'>{}</span>").format(say("look.needed")) if question.open else ""
        words = block(Markup("<p><b>{}</b>{}</p>").format(say.both(question.words), needed))
        answered = question.key in self.draft.answers
        options = {}
        for each in question.answers:
            label = say.both(each.label)
            is_guess = not question.open and not answered and each.value == question.chosen
            options[say("look.guessed", label=label) if is_guess else label] = each.value
        chosen = UNANSWERED if question.open else question.chosen
        if question.open and len(options) <= MOST_AT_ONCE:
            return [words, pn.FlexBox(*self._buttons(question.key, options), css_classes=[f"answer-{number}"])]
        style = {"css_classes": [f"answer-{number}"], "sizing_mode": "stretch_width"}
        field: pmui.RadioBoxGroup | pmui.Select
        if len(options) <= MOST_AT_ONCE:
            field = pmui.RadioBoxGroup(options=options, value=chosen, **style)
        else:
            unanswered = {say("look.choose"): UNANSWERED} if question.open else {}
            field = pmui.Select(options={**unanswered, **options}, value=chosen, size="small", **style)
        field.param.watch(lambda event: self._answer(question.key, event.new), "value")
        return [words, field]

    def _buttons(self, key: str, options: dict[str, str]) -> list[pn.viewable.Viewable]:
        """Answers of which none stands yet."""
        return [
            pmui.Button(label=label, variant="outlined", on_click=lambda _, value=value: self._answer(key, value))
            for label, value in options.items()
        ]

    def _answer(self, key: str, value: str | None) -> None:
        if value is None or value == UNANSWERED:
            return
        # Another table has other columns and values: what was said of the first one is no answer there.
        before = {name: each for name, each in self.draft.answers.items() if key != "deals" or name == "zone"}
        self._again(answers={**before, key: value})

    def _day(self) -> list[pn.viewable.Viewable]:
        day = None if self.draft.exported_at is None else date.fromisoformat(self.draft.exported_at)
        words = block(Markup("<p><b>{}</b></p>").format(self.say("look.exported_at")))
        field = pmui.DatePicker(value=day, end=date.today(), size="small", css_classes=["exported"], clearable=True)
        field.param.watch(
            lambda event: self._again(exported_at=None if event.new is None else event.new.isoformat()), "value"
        )
        return [words, field]

    def _again(self, **changes) -> None:
        self.page.look(self.name, self.draft.model_copy(update=changes))

    def _outcome(self) -> list[pn.viewable.Viewable]:
        say, account = self.say, self.shown.account
        waiting = sum(each.open for each in self.shown.questions)
        parts: list[pn.viewable.Viewable] = []
        if self.shown.fault is not None:
            told = Markup("<h3>{}</h3><p class='callout worse' role='alert'>{}</p>")
            parts.append(block(told.format(say("look.fault"), say.both(self.shown.fault))))
        elif account is None:
            parts.append(block(f"<p class='callout worse'>{escape(say('look.waiting', count=waiting))}</p>"))
        else:
            parts.append(block(Markup("<h3>{}</h3>").format(say("look.counts")) + tables.counts(say, account)))
            parts += [block(each(say, account)) for each in (tables.remarks, tables.reasons)]
            if not any(numbers["imported"] + numbers["repaired"] for numbers in account.counts.values()):
                parts.append(block(f"<p class='callout'>{escape(say('look.nothing_new'))}</p>"))
        bring_in = pmui.Button(label=say("look.import"), css_classes=["import"], disabled=account is None)
        bring_in.on_click(lambda _: self._bring_in(bring_in))
        discard = pmui.Button(label=say("look.discard"), variant="text", color="error", css_classes=["discard"])
        discard.on_click(lambda _: self.page.discard(self.name, self.draft))
        return [*parts, pn.Row(bring_in, discard, **_WIDE)]

    def _bring_in(self, button: pmui.Button) -> None:
        button.loading = True
        self.page.bring_in(self.name, self.draft)


def _box(*parts: pn.viewable.Viewable, name: str) -> pn.viewable.Viewable:
    return pn.Column(*parts, css_classes=["box", name], margin=_BELOW, **_WIDE)

