"""Hypothesis strategies for policies and journals: small but dense, so that many things fall on one instant."""

from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from policies.policy import Policy
from tests.policies import vocabulary as words
from tests.policies.oracle_record import Recorded

KINDS = ("opportunity", "lead", "unit", "request", "customer")


class Case(NamedTuple):
    """A policy, a journal, and the windows [a, b) in which nothing was evaluated."""

    policy: Policy
    events: tuple[Recorded, ...]
    stand_still: tuple[tuple[int, int], ...] = ()
    switches: tuple[tuple[int, Policy], ...] = ()


def mostly(*strategies: st.SearchStrategy) -> st.SearchStrategy:
    """One of these; unlike in `one_of`, one that is given twice comes twice as often."""
    return st.sampled_from(range(len(strategies))).flatmap(lambda position: strategies[position])


@cache
def conditions(kind: str, *, looks: bool = False) -> st.SearchStrategy[dict]:
    """A `when`: up to two comparisons, at times nested under any, all or not."""
    plain = st.sampled_from(words.COMPARISONS[kind] + (words.AT_LOOKS[kind] * 3 if looks else ()))
    group = st.lists(plain, min_size=1, max_size=2)
    item = st.one_of(
        plain.map(lambda inner: {"not": inner}),
        st.tuples(st.sampled_from(("any", "all")), group).map(lambda pair: {pair[0]: pair[1]}),
    )
    both = st.tuples(item, item).map(lambda pair: {**pair[0], **pair[1]})
    return mostly(plain, plain, plain, item, both, st.just({}))


@cache
def effects(kind: str) -> st.SearchStrategy[list]:
    """A `then` of one to three effects."""
    return st.lists(
        st.one_of(
            st.sampled_from(words.PLAIN_EFFECTS[kind]),
            st.sampled_from(("amber", "red")).map(lambda colour: {"flag": colour}),
            st.sampled_from(("todo", "escalate")).map(lambda effect: {effect: "manager"}),
            st.just({"notify": "manager"}),
            st.sampled_from(words.REQUIRABLE[kind]).map(lambda name: {"require": name}),
            st.sampled_from(words.SETTABLE[kind]).map(lambda values: {"set": values}),
        ),
        min_size=1,
        max_size=3,
    )


def timed(kind: str) -> st.SearchStrategy[dict]:
    """What is particular to a timed rule."""
    since = st.lists(st.sampled_from(words.SINCE[kind]), min_size=1, max_size=2, unique=True)
    return st.fixed_dictionaries({
        "when": conditions(kind),
        "then": effects(kind),
        "since": since.map(lambda names: names[0] if len(names) == 1 else {"latest": names}),
        "after": st.sampled_from(words.DELAYS),
        "activate": st.sampled_from(("from_now", "catch_up")),
    })


def periodic(kind: str) -> st.SearchStrategy[dict]:
    """What is particular to a periodic rule."""
    return st.fixed_dictionaries({
        "when": conditions(kind, looks=True),
        "then": effects(kind),
        "every": st.sampled_from(("day", "day", "week", "month")),
        "streak": st.integers(1, 3),
    })


def gate(kind: str) -> st.SearchStrategy[dict]:
    """A gate, which no entry of a journal may set off."""
    return st.fixed_dictionaries({"before": st.just("advance"), "when": conditions(kind)})


@cache
def rules(kind: str) -> st.SearchStrategy[dict]:
    """A rule without its id: mostly timed and live."""
    trigger = mostly(timed(kind), timed(kind), timed(kind), periodic(kind), periodic(kind), gate(kind))
    common = st.fixed_dictionaries({
        "on": st.just(kind),
        "mode": st.sampled_from(("live",) * 5 + ("shadow", "off")),
        "exempt": st.sampled_from(((),) * 5 + (("north",),)),
    })
    return st.tuples(common, trigger).map(lambda parts: {**parts[0], **parts[1]})


@st.composite
def policies(draw, kinds: tuple[str, ...] = KINDS) -> Policy:
    """Three to seven rules, mostly on the same kind of record, so that effects set off other rules."""
    main = draw(st.sampled_from(kinds))
    on = [main, *draw(st.lists(st.sampled_from((main,) * 8 + kinds), min_size=2, max_size=6))]
    return Policy(name="drawn", rules=[{"id": f"rule-{position}", **draw(rules(kind))} for position, kind in enumerate(on)])


class Draft(NamedTuple):
    """One entry before its journal is put together: positions, taken round in a circle, and how late it is entered."""

    record: int
    recorded: int
    late: int
    event: int
    voids: int


DRAFTS = st.lists(
    st.builds(
        Draft, st.integers(0, 2), st.integers(0, 7), st.sampled_from(words.LATENESS), st.integers(0, 99), st.integers(0, 9)
    ),
    min_size=10,
    max_size=24,
)
INSTANTS = st.tuples(  # the first early on, so that much falls due between the entries
    st.sampled_from(words.INSTANTS[: len(words.INSTANTS) // 3]),
    st.lists(st.sampled_from(words.INSTANTS), min_size=2, max_size=7),
).map(lambda drawn: sorted({drawn[0], *(max(instant, drawn[0]) for instant in drawn[1])}))
RECORDS = st.lists(st.tuples(st.sampled_from((0, 0, 1, 2)), st.sampled_from(tuple(words.UNIT_NAMES))), min_size=1, max_size=3)


@st.composite
def journals(draw, kinds: tuple[str, ...]) -> tuple[Recorded, ...]:
    """Entries on one to three records, some entered late, some voided, many at the same instant."""
    instants = draw(INSTANTS)
    records = [(kinds[(place and position) % len(kinds)], unit) for place, (position, unit) in enumerate(draw(RECORDS))]
    journal = [
        Recorded(number, instants[0], instants[0] - draw(st.sampled_from(words.LATENESS)), "registered", kind, record, unit,
                 draw(st.sampled_from(words.FIRST_VALUES[kind])))
        for number, (record, (kind, unit)) in enumerate(enumerate(records), start=1)
    ]
    for draft in sorted(draw(DRAFTS), key=lambda each: each.recorded % len(instants)):
        journal.append(_entry(draft, journal, records, instants))
    return tuple(journal)


def _entry(draft: Draft, journal: list[Recorded], records: list[tuple[str, int]], instants: list[int]) -> Recorded:
    record = draft.record % len(records)
    kind, unit = records[record]
    events = (*words.PAYLOADS[kind], *words.COMMON_ENTRIES)
    event, payload = events[draft.event % len(events)]
    recorded_at = instants[draft.recorded % len(instants)]
    own = [entry.number for entry in journal if entry.record == record and entry.event != "voided"]
    voids = own[-1 - draft.voids % len(own)] if event == "voided" else None
    return Recorded(len(journal) + 1, recorded_at, recorded_at - draft.late, event, kind, record, unit, payload, voids)


@st.composite
def stand_stills(draw, events: tuple[Recorded, ...]) -> tuple[tuple[int, int], ...]:
    """No window, or one that opens after the first entry and lasts an hour to ten days."""
    start = draw(st.sampled_from([event.recorded_at for event in events])) + draw(st.sampled_from((1, words.HOUR)))
    length = draw(st.sampled_from((0, words.HOUR, words.DAY, 3 * words.DAY, 10 * words.DAY)))
    return ((start, start + length),) if length else ()


EDITS = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.one_of(
            st.just("drop"),
            st.just("to the end"),
            st.fixed_dictionaries({"mode": st.sampled_from(("live", "shadow", "off"))}),
            st.fixed_dictionaries({"after": st.sampled_from(words.DELAYS)}),
            st.fixed_dictionaries({"when": st.just({})}),
        ),
    ),
    min_size=1,
    max_size=3,
)


def edited(policy: Policy, edits: list[tuple[int, str | dict]], new: list[dict]) -> Policy:
    """A policy with some rules dropped, moved or changed, and new ones in front."""
    rules = [rule.model_dump(exclude_unset=True) for rule in policy.rules]
    for position, edit in edits:
        rule = rules.pop(position % len(rules)) if rules else None
        if rule is None or edit == "drop":
            continue
        if edit == "to the end":
            rules.append(rule)
        else:
            allowed = "after" not in edit or "since" in rule
            rules.insert(0, {**rule, **edit} if allowed else rule)
    return Policy(name="edited", rules=[*new, *rules])


@st.composite
def switches(draw, policy: Policy, events: tuple[Recorded, ...]) -> tuple[tuple[int, Policy], ...]:
    """No change of policy, or up to two, each at an instant at which something may be recorded."""
    changed, drawn = policy, []
    instants = draw(st.lists(st.sampled_from([entry.recorded_at for entry in events]), max_size=2, unique=True))
    kinds = sorted({rule.on for rule in policy.rules})
    for instant in sorted(instants):
        new = draw(st.lists(st.sampled_from(kinds).flatmap(rules), max_size=1))
        changed = edited(changed, draw(EDITS), [{"id": f"new-{len(drawn)}", **rule} for rule in new])
        drawn.append((instant, changed))
    return tuple(drawn)


@st.composite
def cases(draw, *, switching: bool = False) -> Case:
    """A policy and a journal on the kinds of record that it watches, and edits of the policy on the way."""
    policy = draw(policies())
    events = draw(journals(tuple({rule.on: None for rule in policy.rules})))
    return Case(policy, events, draw(stand_stills(events)), draw(switches(policy, events)) if switching else ())
