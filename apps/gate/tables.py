"""The tables of a validation as HTML, for the page and for the report that is taken away."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from coach.validation.decision import shown_figure
from coach.validation.parts import History, PolicyHistory, RuleHistory, State, Validation
from coach.validation.words import STATES
from sim.experiment.report.both import percent
from sim.experiment.report.reading import rail_bound, rail_limit

_TONES = {"held": "better", "broken": "worse", "undecided": "worse"}
MOST_PEOPLE = 20


def heading(say, report: Validation) -> Markup:
    """The decision in a line."""
    passed = report.decision.passed
    tone, word = ("better", say("read.passed")) if passed else ("worse", say("read.not_passed"))
    compared = say("read.compared", policy=say.both(report.policy.title), against=say.both(report.against.title))
    return Markup("<h1><span class='{}'>{}</span></h1><p class='lead'>{}</p>").format(tone, word, compared)


def decision(say, report: Validation) -> Markup:
    """Reasons and remarks."""
    tone = "better" if report.decision.passed else "worse"
    reasons = _listed(say.both(each) for each in report.decision.reasons)
    remarks = _listed(say.both(each) for each in report.decision.remarks)
    return Markup("<h2>{}</h2><div class='callout {}'>{}</div><h3>{}</h3>{}").format(
        say("read.decision"), tone, reasons, say("read.remarks"), remarks
    )


def static(say, report: Validation) -> Markup:
    """What the static check found."""
    found = _listed(say.both(each.text) for each in report.static)
    content = found if report.static else Markup("<p class='lead'>{}</p>").format(say("read.clean"))
    return Markup("<h2>{}</h2>{}").format(say("read.static"), content)


def past(say, report: Validation) -> Markup:
    """The head of the second part, and its table of rules."""
    history = report.history
    if history is None:
        return Markup("<h2>{}</h2><p class='lead'>{}</p>").format(say("read.past"), say("read.no_past"))
    span = say("read.span", events=f"{history.events:,}", people=history.people, weeks=len(history.weeks))
    return Markup("<h2>{}</h2><p class='lead'>{}</p>{}").format(say("read.past"), span, rules(say, history))


def rules(say, history: History) -> Markup:
    """Firings, notices and the first day by rule, beside the other policy."""
    names = ("rule", "mode", "firings", "against", "per_week", "busiest", "notices", "from_now", "catch_up")
    mine, other = history.policy, {each.rule: each.firings for each in history.against.rules}
    rows = [_rule(say, each, other.get(each.rule)) for each in mine.rules]
    rows.append(_total(say, mine, history.against.firings))
    refused = sum(mine.other_refusals.values())
    note = Markup("<p class='note'>{}</p>").format(say("read.other_refusals", count=refused)) if refused else Markup("")
    return table([say(f"read.{name}") for name in names], rows, text=2) + note


def _rule(say, rule: RuleHistory, other: int | None) -> list:
    day, others = rule.first_day, "–" if other is None else f"{other:,}"
    return [
        Markup("<b>{}</b>").format(rule.rule), say(f"act.{rule.mode}"), f"{rule.firings:,}", others,
        f"{rule.per_person_week:.2f}", f"{rule.busiest_week:,}", f"{rule.notices:,}", f"{day.from_now:,}", f"{day.catch_up:,}",
    ]  # fmt: skip


def _total(say, mine: PolicyHistory, other: int) -> list:
    return [
        say("read.all"), "", f"{mine.firings:,}", f"{other:,}", f"{mine.firings_per_person_week:.2f}",
        f"{max((each.firings for each in mine.by_person_week), default=0):,}", f"{mine.notices:,}",
        f"{mine.first_day.from_now:,}", f"{mine.first_day.catch_up:,}",
    ]  # fmt: skip


def fates(say, history: History) -> Markup:
    """Each rule in plain words, and what became of the records on which it fired."""
    line = Markup("<li><b>{}</b> <span class='note'>{}</span><br>{}</li>")
    lines = [line.format(each.rule, say.both(each.words), say.both(each.sentence)) for each in history.policy.rules]
    return Markup("<h3>{}</h3><ul class='known'>{}</ul>").format(say("read.fates"), Markup("").join(lines))


def people(say, history: History) -> Markup:
    """Everybody's busiest week, the busiest first."""
    busiest: dict = {}
    for each in history.policy.by_person_week:
        if each.unit not in busiest or (each.notices, each.firings) > (busiest[each.unit].notices, busiest[each.unit].firings):
            busiest[each.unit] = each
    found = sorted(busiest.values(), key=lambda each: (-each.notices, -each.firings, each.unit))[:MOST_PEOPLE]
    rows = [[each.unit, each.week, each.notices, each.firings] for each in found]
    heads = [say(f"read.{name}") for name in ("person", "week", "to_person", "on_records")]
    return Markup("<h3>{}</h3>{}").format(say("read.people"), table(heads, rows, text=2)) if rows else Markup("")


def lines(say, report: Validation) -> Markup:
    """Lines over the past."""
    if not report.lines:
        return Markup("<p class='note'>{}</p>").format(say("read.no_lines"))
    heads = [say(f"read.{name}") for name in ("line", "state", "value", "against", "limit")]
    rows = [
        [
            f"{say.both(each.title)} · {each.rule}" if each.rule else say.both(each.title), state(say, each.state),
            *(say.both(shown_figure(each.figure, number)) for number in (each.value, each.against, each.at_most)),
        ]
        for each in report.lines
    ]  # fmt: skip
    return table(heads, rows, text=2)


def guardrails(say, report: Validation) -> Markup:
    """Lines of the rehearsal."""
    sentence = Markup("<p class='lead'>{}</p>").format(say.both(report.rehearsal.sentence))
    if not report.guardrails:
        return sentence + Markup("<p class='note'>{}</p>").format(say("read.no_lines"))
    heads = [say(f"read.{name}") for name in ("line", "state", "change", "bound", "limit")]
    rows = [
        [
            say.both(each.title), state(say, each.state),
            percent(each.value, signed=True).of(say.language), rail_bound(each, "share").of(say.language),
            f"{'≥' if each.side == 'at_least' else '≤'} {rail_limit(each, 'share').of(say.language)}",
        ]
        for each in report.guardrails
    ]  # fmt: skip
    return sentence + table(heads, rows, text=2)


def state(say, name: State) -> Markup:
    """Held, broken or undecided, in its colour."""
    return Markup("<span class='tag {}'>{}</span>").format(_TONES[name], say.both(STATES[name]))


def table(heads: list[str], rows: Iterable[list], text: int) -> Markup:
    """A table; the first `text` columns hold words, the others numbers."""
    kind = ["" if place < text else "number" for place in range(len(heads))]
    head = Markup("").join(Markup("<th class='{}'>{}</th>").format(*each) for each in zip(kind, heads, strict=True))
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td class='{}'>{}</td>").format(*each) for each in zip(kind, row, strict=True))
        )
        for row in rows
    )
    return Markup("<div class='scroll'><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>").format(head, body)


def _listed(items: Iterable[str]) -> Markup:
    return Markup("<ul class='known'>{}</ul>").format(
        Markup("").join(Markup("<li>{}</li>").format(escape(each)) for each in items)
    )
