"""What a policy would set off at once, told rule by rule before it is put in force."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from coach.rules.addressees import present_owner
from coach.rules.live_book import LiveBook
from coach.rules.unknown_units import unknown_units
from coach.store.titles import titles
from policies.documents.errors import Fault
from policies.engine.driver import Done
from policies.language.policy import Policy
from policies.record.records import EVENT

FIRST = 20
"""Records that are told of each rule."""
ENDS = (EVENT.todo_closed, EVENT.flag_closed)


class RulePreview(NamedTuple):
    """What one rule would do at once if it caught up on the past; `people` and `records` are the most and the first.

    `ends`: to-dos and flags of the rule, as the policy in force has it, that would close whether it catches up or not;
    `ended`: the first records that they are on. `unknown`: sentences in "en" and "zh" about units that the rule exempts and the
    store does not know.
    """

    rule: str
    firings: int
    people: list[tuple[str | None, int]]
    records: list[dict]
    ends: int
    ended: list[dict]
    unknown: list[dict[str, str]]


def previews(
    connection: Connection, live: LiveBook, policy: Policy, fired: Iterable[Done], closed: Iterable[Done]
) -> list[RulePreview]:
    """Of every rule that is on, but of gates only where something is wrong with their exemptions."""
    unknown: dict[str, list[Fault]] = {}
    for fault in unknown_units(connection, policy):
        unknown.setdefault(fault.about, []).append(fault)
    told = [rule.id for rule in policy.rules if (rule.mode != "off" and rule.before is None) or rule.id in unknown]
    by_rule: dict[str, tuple[list[Done], list[Done]]] = {rule: ([], []) for rule in told}
    for place, some in enumerate((fired, closed)):
        for each in some:
            by_rule.setdefault(each.rule_id, ([], []))[place].append(each)
    return [_preview(connection, live, rule, *done, unknown.get(rule, ())) for rule, done in by_rule.items()]


def _preview(
    connection: Connection, live: LiveBook, rule: str, fired: list[Done], closed: list[Done], unknown: Sequence[Fault]
) -> RulePreview:
    people = Counter(present_owner(live, each.row, each.at) for each in fired)
    called = titles(connection, (each.row for some in (fired, closed) for each in some[:FIRST]))
    records, ended = (
        [
            {
                "kind": live.kinds[each.row], "record": live.ids[each.row], "title": called[each.row],
                "unit": live.units[each.row], "since": each.since,
            }
            for each in some[:FIRST]
        ]
        for some in (fired, closed)
    )  # fmt: skip
    sentences = [{language: fault.sentence(language) for language in ("en", "zh")} for fault in unknown]
    return RulePreview(rule, len(fired), people.most_common(), records, len(closed), ended, sentences)
