"""What a policy's rules would have done over the past: per rule, per person and week, and by what became of the records."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from coach.rules.addressees import addressee
from coach.validation import words
from coach.validation.parts import Card, Fates, FirstDay, PersonWeek, PolicyHistory, RuleHistory, Week
from coach.validation.past import PastBook, Worked, local_week
from policies.engine.driver import NOTICES
from policies.language.policy import Policy
from policies.language.rule import Rule
from policies.record.records import EVENT, FIELDS

FIRED = (EVENT.fired, EVENT.shadow_fired)
UNDECIDED = ("new", "open", "active")
"""Statuses that are still to change."""


class Happening(NamedTuple):
    """One firing, notice or refusal, with what the tables need to know of it."""

    rule: str
    row: int
    unit: str | None  # owner of the record; of a notice whom it reaches
    week: str
    status: str | None  # of the record at that instant


class Happened(NamedTuple):
    """All of them."""

    firings: list[Happening]
    notices: list[Happening]
    refusals: list[Happening]


def happened(worked: Worked, live: PastBook) -> Happened:
    """Sort what the rules did into firings, notices and refusals.

    Owners are those at the end of the past: whoever has the records now would have had the firings.
    """
    weeks: dict[int, str] = {}

    def week(instant: int) -> str:
        quarter = instant // 900_000  # every zone's midnight stands at the start of a quarter of an hour
        if quarter not in weeks:
            weeks[quarter] = local_week(live, instant)
        return weeks[quarter]

    firings, notices = [], []
    for done, status in zip(worked.done, worked.status_then, strict=True):
        if done.event in FIRED:
            firings.append(Happening(done.rule_id, done.row, live.units[done.row], week(done.at), status))
        elif done.event in NOTICES:
            unit = addressee(live, done.row, words.role(int(done.argument)), done.at)
            notices.append(Happening(done.rule_id, done.row, unit, week(done.at), status))
    refusals = [Happening(each.rule, each.row, live.units[each.row], week(each.at), each.status) for each in worked.refused]
    return Happened(firings, notices, refusals)


def owners(live: PastBook) -> set[str]:
    """Units that own leads, opportunities, customers or requests."""
    pairs = zip(live.kinds, live.units, strict=True)
    return {unit for kind, unit in pairs if unit is not None and kind != "unit"}


def policy_history(
    policy: Policy, card: Card, worked: Worked, live: PastBook, weeks: Sequence[str], first_day: dict[str, FirstDay]
) -> PolicyHistory:
    """The tables of one policy. `first_day` by rule id, and under "" for all rules together."""
    found = happened(worked, live)
    person_weeks = max(len(owners(live)), 1) * max(len(weeks), 1)
    ids = {rule.id for rule in policy.rules}
    firings = [*found.firings, *(each for each in found.refusals if each.rule in ids)]
    of_rule, told_of = _by_rule(firings), _by_rule(found.notices)
    rules = [
        _rule_history(rule, of_rule[rule.id], told_of[rule.id], worked, person_weeks, first_day.get(rule.id, first_day[""]))
        for rule in policy.rules if rule.mode != "off"
    ]  # fmt: skip
    told = Counter((each.unit, each.week) for each in found.notices if each.unit is not None)
    on_records = Counter((each.unit, each.week) for each in firings if each.unit is not None)
    (unit, week), most = max(told.items(), key=lambda each: (each[1], each[0]), default=((None, None), 0))
    by_week = Counter((each.week, each.rule) for each in firings)
    return PolicyHistory(
        policy=card, rules=rules, firings=len(firings), notices=len(found.notices),
        other_refusals=dict(Counter(each.rule for each in found.refusals if each.rule not in ids)),
        firings_per_person_week=len(firings) / person_weeks, notices_per_person_week=sum(told.values()) / person_weeks,
        notices_busiest_week=most, busiest_unit=unit, busiest=week, first_day=first_day[""],
        by_week=[Week(week=week, rule=rule, firings=number) for (week, rule), number in sorted(by_week.items())],
        by_person_week=[
            PersonWeek(unit=unit, week=week, firings=on_records[unit, week], notices=told[unit, week])
            for unit, week in sorted({*told, *on_records})
        ],
    )  # fmt: skip


def _by_rule(happenings: Sequence[Happening]) -> dict[str, list[Happening]]:
    found = defaultdict(list)
    for each in happenings:
        found[each.rule].append(each)
    return found


def _rule_history(
    rule: Rule, firings: list[Happening], notices: list[Happening], worked: Worked, person_weeks: int, first_day: FirstDay
) -> RuleHistory:
    fates = fates_of(rule.on, firings, worked.status_now)
    return RuleHistory(
        rule=rule.id, kind=rule.on, words=words.of_rule(rule), mode=rule.mode, gate=rule.before is not None,
        firings=len(firings), per_person_week=len(firings) / person_weeks, busiest_week=_busiest(firings),
        notices=len(notices), notices_per_person_week=len([each for each in notices if each.unit is not None]) / person_weeks,
        notices_busiest_week=_busiest(notices), fates=fates, first_day=first_day,
        sentence=words.of_fates(rule, fates),
    )  # fmt: skip


def _busiest(happenings: Sequence[Happening]) -> int:
    return max(Counter((each.unit, each.week) for each in happenings if each.unit is not None).values(), default=0)


def fates_of(kind: str, firings: Sequence[Happening], status_now: dict[int, str]) -> Fates:
    """What became of the records on which a rule fired; units have no fate."""
    if not any(field.name == "status" for field in FIELDS[kind]):
        return Fates(records=len({each.row for each in firings}), later={}, decided_before=0)
    first: dict[int, str | None] = {}
    for each in firings:
        first.setdefault(each.row, each.status)
    before = sum(status is not None and status not in UNDECIDED for status in first.values())
    later = Counter(status_now.get(row, "open") for row, status in first.items() if status is None or status in UNDECIDED)
    return Fates(records=len(first), later=dict(sorted(later.items())), decided_before=before)
