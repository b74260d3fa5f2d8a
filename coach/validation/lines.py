"""Which lines over the past held."""

from collections.abc import Iterable

from coach.problems import CoachError
from coach.validation import words
from coach.validation.document import HistoryLine
from coach.validation.parts import History, LineResult, PolicyHistory, RuleHistory, State
from policies.documents.errors import nearest_name
from policies.language.policy import Policy

FEWEST_DECIDED = 10
"""Decided records below which a share of wins says nothing."""


def check_lines(policy: Policy, lines: Iterable[HistoryLine]) -> None:
    """CoachError for a line about a rule that the policy does not have or that is off."""
    ids = [rule.id for rule in policy.rules if rule.mode != "off"]
    for line in lines:
        if line.rule is not None and line.rule not in ids:
            near = nearest_name(line.rule, ids)
            hint = (f"; did you mean {near!r}?", f"；是否想写“{near}”？") if near else (".", "。")
            raise CoachError(
                f"A guardrail names the rule {line.rule!r}, which the policy {policy.name!r} does not have or has off{hint[0]}",
                f"底线中的规则“{line.rule}”不在制度“{policy.name}”中，或已停用{hint[1]}",
            )


def judge(history: History | None, lines: Iterable[HistoryLine]) -> list[LineResult]:
    """The lines with their values; without a past every line is undecided."""
    return [_judged(history, line) for line in lines]


def _judged(history: History | None, line: HistoryLine) -> LineResult:
    value = None if history is None else figure_of(history.policy, line)
    against = None if history is None else figure_of(history.against, line)
    state: State = "undecided" if value is None else "held" if value <= line.at_most else "broken"
    return LineResult(
        figure=line.figure, title=words.FIGURES[line.figure], rule=line.rule, at_most=line.at_most, value=value,
        against=against, state=state,
    )  # fmt: skip


def figure_of(history: PolicyHistory, line: HistoryLine) -> float | None:
    """The figure that a line bounds; None where there is none."""
    rules = [each for each in history.rules if line.rule in (None, each.rule)]
    if line.rule is not None and not rules:
        return None
    if line.figure == "won_later":
        return _won_share(rules)
    if line.figure == "refused_steps":
        others = 0 if line.rule else sum(history.other_refusals.values())
        return float(sum(each.firings for each in rules if each.gate) + others)
    if line.rule is None:
        return _of_policy(history, line.figure)
    return _of_rule(rules[0], line.figure)


def _of_policy(history: PolicyHistory, figure: str) -> float | None:
    return {
        "firings_per_person_week": history.firings_per_person_week,
        "notices_per_person_week": history.notices_per_person_week,
        "notices_busiest_week": float(history.notices_busiest_week),
        "first_day_from_now": float(history.first_day.from_now),
        "first_day_catch_up": float(history.first_day.catch_up),
    }[figure]


def _of_rule(rule: RuleHistory, figure: str) -> float | None:
    return {
        "firings_per_person_week": rule.per_person_week,
        "notices_per_person_week": rule.notices_per_person_week,
        "notices_busiest_week": float(rule.notices_busiest_week),
        "first_day_from_now": float(rule.first_day.from_now),
        "first_day_catch_up": float(rule.first_day.catch_up),
    }[figure]


def _won_share(rules: Iterable[RuleHistory]) -> float | None:
    later = [(status, number) for each in rules if each.kind == "opportunity" for status, number in each.fates.later.items()]
    won = sum(number for status, number in later if status == "won")
    decided = won + sum(number for status, number in later if status in ("lost", "no_decision"))
    return won / decided if decided >= FEWEST_DECIDED else None
