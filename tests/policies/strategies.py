"""Hypothesis strategies for policies and journals: small but dense, so that many things fall on one instant."""

from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from policies.language.policy import Policy
from policies.language.rule import restful
from policies.record.records import GATES
from tests.policies import vocabulary as words
from tests.policies.oracle_record import Recorded
from tests.policies.vocabulary import Theme

THEMES = (*words.NARROW, *words.BROAD.values())


class Case(NamedTuple):
    """A policy, a journal, and the windows [a, b) in which nothing was evaluated."""

    policy: Policy
    events: tuple[Recorded, ...]
    stand_still: tuple[tuple[int, int], ...] = ()
    switches: tuple[tuple[int, Policy], ...] = ()


def mostly(*strategies: st.SearchStrategy) -> st.SearchStrategy:
    """One of these; unlike in `one_of`, one that is given twice comes twice as often."""
    return st.sampled_from(range(len(strategies))).flatmap(lambda position: strategies[position])


def conditions(plain: tuple[dict, ...]) -> st.SearchStrategy[dict]:
    """A `when`: up to two of these comparisons, at times nested under any, all or not."""
    one = st.sampled_from(plain)
    group = st.lists(one, min_size=1, max_size=2)
    nested = st.tuples(st.sampled_from(("any", "all")), group).map(lambda pair: {pair[0]: pair[1]})
    both = st.tuples(one, one | nested).map(lambda pair: {**pair[0], **pair[1]})
    return mostly(one, one, one, both, one.map(lambda inner: {"not": inner}), nested, st.just({}))


def timed(theme: Theme) -> st.SearchStrategy[dict]:
    """What is particular to a timed rule."""
    since = st.lists(st.sampled_from(theme.since), min_size=1, max_size=2, unique=True)
    return st.fixed_dictionaries(
        {
            "when": conditions(theme.when),
            "then": effects(theme),
            "since": since.map(lambda names: names[0] if len(names) == 1 else {"latest": names}),
            "after": st.sampled_from(words.DELAYS),
            "activate": st.sampled_from(("from_now", "catch_up")),
            "rests": mostly(st.none(), st.none(), st.none(), rests(theme)),
            "repeat": st.none() | st.fixed_dictionaries({"every": st.sampled_from(words.AGAIN), "times": st.integers(1, 3)}),
        }
    )


def rests(theme: Theme) -> st.SearchStrategy[dict | None]:
    """When the clock of a rule rests: on what is remembered of the record, or on the owner's absence."""
    on = tuple(each for each in theme.when if each and set(each) <= set(restful(theme.kind)))
    alone = st.just({"owner_absent": True})
    return st.fixed_dictionaries({"while": st.sampled_from(on), "owner_absent": st.booleans()}) if on else alone


def periodic(theme: Theme) -> st.SearchStrategy[dict]:
    """What is particular to a periodic rule."""
    return st.fixed_dictionaries(
        {
            "when": conditions(theme.when + 3 * theme.looks),
            "then": effects(theme),
            "every": st.sampled_from(("day", "day", "day", "week", "week", "month")),
            "streak": st.integers(1, 3),
        }
    )


def gate(theme: Theme) -> st.SearchStrategy[dict]:
    """A gate, which no entry of a journal may set off."""
    return st.fixed_dictionaries({"before": st.sampled_from(GATES[:2]), "when": conditions(theme.when + theme.looks)})


def effects(theme: Theme) -> st.SearchStrategy[list]:
    """A `then` of one to three effects."""
    return st.lists(st.sampled_from(theme.then), min_size=1, max_size=3)


def ends(theme: Theme) -> st.SearchStrategy[dict]:
    """A rule's own end of its to-dos and flags, for one in four that open any."""
    return st.fixed_dictionaries({"until": conditions(theme.when)}) if theme.when else st.just({})


def _ended(rule: dict, end: dict) -> dict:
    opens = any("todo" in each or "flag" in each for each in rule.get("then", ()))
    return {**rule, **end} if opens else rule


@cache
def rules(position: int) -> st.SearchStrategy[dict]:
    """A rule of a theme without its id: mostly timed and live."""
    theme = THEMES[position]
    trigger = mostly(*(timed(theme),) * 6, *(periodic(theme),) * 5, gate(theme))
    common = st.fixed_dictionaries(
        {
            "on": st.just(theme.kind),
            "mode": st.sampled_from(("live",) * 10 + ("shadow", "off")),
            "exempt": st.sampled_from(((),) * 8 + (("north",),)),
        }
    )
    end = mostly(*(st.just({}),) * 3, ends(theme))
    return st.tuples(common, trigger, end).map(lambda parts: _ended({**parts[0], **parts[1]}, parts[2]))


@st.composite
def policies(draw, position: int) -> Policy:
    """Three to seven rules, mostly of one theme, so that effects set off other rules."""
    others = tuple(range(len(THEMES)))
    drawn = [position, *draw(st.lists(st.sampled_from((position,) * 2 * len(others) + others), min_size=2, max_size=6))]
    return Policy(name="drawn", rules=[{"id": f"rule-{place}", **draw(rules(theme))} for place, theme in enumerate(drawn)])


class Draft(NamedTuple):
    """One entry before its journal is put together: positions, taken round in a circle, and how late it is entered."""

    record: int
    recorded: int
    late: int
    event: int
    voids: int


DRAFTS = st.lists(
    st.builds(
        Draft,
        st.integers(0, 2),
        st.integers(0, 7),
        st.sampled_from(words.LATENESS),
        st.integers(0, 99),
        st.sampled_from((0, 0, 0, 1, 2, 5)),
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
def journals(draw, themes: tuple[Theme, ...]) -> tuple[Recorded, ...]:
    """Entries on one to three records, the first of the first theme; some entered late, some voided, many at one instant."""
    instants = draw(INSTANTS)
    on = [(themes[(place and position) % len(themes)], unit) for place, (position, unit) in enumerate(draw(RECORDS))]
    journal = []
    for record, (theme, unit) in enumerate(on):
        acted_at = instants[0] - draw(st.sampled_from(words.LATENESS))
        payload = draw(st.sampled_from(theme.first_values))
        journal.append(Recorded(record + 1, instants[0], acted_at, "registered", theme.kind, record, unit, payload))
    for draft in sorted(draw(DRAFTS), key=lambda each: each.recorded % len(instants)):
        journal.append(_entry(draft, journal, on, instants))
    return tuple(journal)


def _entry(draft: Draft, journal: list[Recorded], on: list[tuple[Theme, int]], instants: list[int]) -> Recorded:
    record = draft.record % len(on)
    theme, unit = on[record]
    event, payload = theme.entries[draft.event % len(theme.entries)]
    recorded_at = instants[draft.recorded % len(instants)]
    own = [entry.number for entry in journal if entry.record == record and entry.event != "voided"]
    voids = own[-1 - draft.voids % len(own)] if event == "voided" else None
    return Recorded(len(journal) + 1, recorded_at, recorded_at - draft.late, event, theme.kind, record, unit, payload, voids)


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
            st.sampled_from(("drop", "drop again", "to the end")),
            st.fixed_dictionaries({"mode": st.sampled_from(("live", "shadow", "off"))}),
            st.fixed_dictionaries({"after": st.sampled_from(words.DELAYS)}),
            st.fixed_dictionaries({"when": st.just({})}),
            st.fixed_dictionaries({"repeat": st.just({"every": "1d", "times": 2})}),
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
        if rule is None or edit in ("drop", "drop again"):
            continue
        if edit == "to the end":
            rules.append(rule)
        else:
            allowed = {"after", "repeat"}.isdisjoint(edit) or "since" in rule
            rules.insert(0, {**rule, **edit} if allowed else rule)
    return Policy(name="edited", rules=[*new, *rules])


@st.composite
def switches(draw, policy: Policy, events: tuple[Recorded, ...], position: int) -> tuple[tuple[int, Policy], ...]:
    """Up to two edits, then perhaps back to the first policy; each at an instant at which something may be recorded."""
    instants = sorted({entry.recorded_at + later for entry in events for later in (0, words.DAY)})
    changed, drawn = policy, []
    for instant in sorted(draw(st.lists(st.sampled_from(instants), min_size=1, max_size=3, unique=True))):
        new = draw(st.lists(rules(position), max_size=1))
        changed = edited(changed, draw(EDITS), [{"id": f"new-{len(drawn)}", **rule} for rule in new])
        drawn.append((instant, changed))
    back = len(drawn) > 1 and draw(st.booleans())
    return (*drawn[:-1], (drawn[-1][0], policy)) if back else tuple(drawn)


@st.composite
def cases(draw, *, switching: bool = False) -> Case:
    """A policy and a journal on the kinds of record that it watches, and edits of the policy on the way."""
    position = draw(st.sampled_from(range(len(THEMES))))
    policy = draw(policies(position))
    others = {rule.on: words.BROAD[rule.on] for rule in policy.rules if rule.on != THEMES[position].kind}
    events = draw(journals((THEMES[position], *others.values())))
    return Case(policy, events, draw(stand_stills(events)), draw(switches(policy, events, position)) if switching else ())
