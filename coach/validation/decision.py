"""Pass or fail, with the reasons."""

from collections.abc import Sequence

from coach.validation.parts import Against, Decision, Found, History, LineResult
from coach.validation.words import STATES
from policies.words.where_it_acts import Both
from sim.experiment.report.both import percent, value
from sim.experiment.report.reading import rail_bound, rail_limit
from sim.experiment.verdict.parts import Text
from sim.experiment.verdict.verdict import GuardrailResult, Verdict

_SHARES = ("won_later",)


def decide(
    static: Sequence[Found],
    history: History | None,
    lines: Sequence[LineResult],
    rehearsal: Verdict,
    against: Against,
    rehearsed_only: Sequence[Both] = (),
) -> Decision:
    """A policy passes when the static check finds nothing and every line is held; undecided is no pass.

    `rehearsed_only`: what of the change nobody acts on live, told as remarks.
    """
    against_it = [
        *(_static(each) for each in static),
        *(line_words(each) for each in lines if each.state != "held"),
        *(guardrail_words(each) for each in rehearsal.guardrails if each.state != "held"),
    ]
    passed = not against_it
    for_it = [
        Text(en="The static check finds nothing to mend.", zh="静态检查没有发现问题。"),
        *(line_words(each) for each in lines),
        *(guardrail_words(each) for each in rehearsal.guardrails),
    ]
    remarks = [*_remarks(history, rehearsal, against), *(Text(en=each.en, zh=each.zh) for each in rehearsed_only)]
    return Decision(passed=passed, reasons=for_it if passed else against_it, remarks=remarks)


def _static(found: Found) -> Text:
    return Text(en=f"Static check: {found.text.en}", zh=f"静态检查：{found.text.zh}")


def line_words(line: LineResult) -> Text:
    """One line over the past, with its value."""
    rule = Text(en=f" ({line.rule})", zh=f"（{line.rule}）") if line.rule else Text(en="", zh="")
    shown, most = shown_figure(line.figure, line.value), shown_figure(line.figure, line.at_most)
    state = STATES[line.state]
    return Text(
        en=f"Past: {line.title.en}{rule.en}: {shown.en}, at most {most.en} – {state.en}.",
        zh=f"历史：{line.title.zh}{rule.zh}：{shown.zh}，上限 {most.zh}，{state.zh}。",
    )


def shown_figure(figure: str, number: float | None) -> Text:
    """A figure of the past as people read it."""
    told = percent(number, trim=True) if figure in _SHARES else value(number, "", trim=True)
    return Text(en=told.en, zh=told.zh)


def guardrail_words(rail: GuardrailResult) -> Text:
    """One guardrail of the rehearsal, with the change and its bound."""
    state = STATES[rail.state]
    change, bound, limit = percent(rail.value, signed=True), rail_bound(rail, "share"), rail_limit(rail, "share")
    side = ("at least", "不低于") if rail.side == "at_least" else ("at most", "不高于")
    return Text(
        en=f"Rehearsal: {rail.title.en}: {change.en}, cautiously {bound.en}, {side[0]} {limit.en} – {state.en}.",
        zh=f"预演：{rail.title.zh}：{change.zh}，谨慎估计 {bound.zh}，要求{side[1]} {limit.zh}，{state.zh}。",
    )


def _remarks(history: History | None, rehearsal: Verdict, against: Against) -> list[Text]:
    found = [Text(en=f"Rehearsal: {rehearsal.sentence.en}", zh=f"预演：{rehearsal.sentence.zh}")]
    if against == "usual":
        found.append(
            Text(
                en="No policy is in force and none was named: it is compared with the library's usual starting point.",
                zh="没有现行制度，也未指定对照，因此与库中常用的起点制度比较。",
            )
        )
    if history is None:
        found.append(Text(en="The store holds no events: there is no past to look at.", zh="存储中没有事件，没有历史可看。"))
    else:
        found.append(
            Text(
                en="The past shows what the rules would have fired on, not what people would have done about it; "
                "that is what the rehearsal is for.",
                zh="历史只说明规则会对哪些记录触发，不说明人们会如何应对；后者由预演回答。",
            )
        )
    found += [
        Text(en=f"Not rehearsed: {each.rule}. {each.reason.en}", zh=f"未预演：{each.rule}。{each.reason.zh}")
        for each in rehearsal.policies.b.cannot_rehearse
    ]
    return found
