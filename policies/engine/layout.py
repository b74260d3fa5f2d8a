"""In which column of a book stands what only policies name: fields that they declare, custom ones, and those over links.

A policy's columns may change when another comes into force; a book and its rules share one layout.
"""

from collections.abc import Iterator, Sequence

from policies.language.kinds import Count, where_of
from policies.language.policy import Policy
from policies.language.predicate import CUSTOM_PREFIX, comparisons
from policies.language.saying import spoken_fields
from policies.record.records import MOST_DECLARED, OWN, RECORD_KINDS, WIDTH, built_as, column, has_column

Pair = tuple[str, str]


class Layout(dict[Pair, int]):
    """Columns by (kind, field), of all that is named by one of some policies.

    `kinds`: names by the code of a kind; `width`: columns that a book needs. `clocks`: custom fields at which a rule's clock
    starts; a text in one is an instant, in `zone` where it tells no offset.
    """

    def __init__(
        self, columns: dict[Pair, int], kinds: Sequence[str] = RECORD_KINDS, clocks: frozenset[Pair] = frozenset(),
        zone: str = "UTC",
    ):  # fmt: skip
        super().__init__(columns)
        self.kinds, self.clocks, self.zone = tuple(kinds), clocks, zone
        self.width = 1 + max(columns.values(), default=WIDTH - 1)
        self.width = max(self.width, WIDTH)

    def place(self, kind: str, name: str) -> int:
        """The column of any field of a kind; KeyError where no policy of the layout names it."""
        return column(kind, name) if has_column(kind, name) else self[str(kind), name]


class TooManyKinds(ValueError):
    """A store holds more kinds of record than there is room for."""


def layout_of(policies: Sequence[Policy], before: Sequence[Policy] = (), zone: str = "UTC") -> Layout:
    """The layout for some policies. `before`: those in force earlier, in order, whose declared fields keep their columns."""
    columns: dict[Pair, int] = {}
    ends: dict[str, int] = {}
    for policy in (*before, *policies):
        for name, kind in policy.record_kinds.items():
            if kind.declared:
                ends.setdefault(name, len(OWN.fields))
                for each in kind.fields:
                    if not has_column(kind, each.name) and not each.linked and (name, each.name) not in columns:
                        columns[name, each.name] = ends[name]
                        ends[name] += 1
    if len(ends) > MOST_DECLARED:
        raise TooManyKinds(f"{len(ends)} > {MOST_DECLARED}")
    first = max((WIDTH, *ends.values()))
    required = {pair for policy in policies for pair in _required(policy)}
    # What is required comes first: only so many columns can be.
    pairs = {pair for policy in policies for pair in _named(policy)} - columns.keys()
    named = sorted(pairs, key=lambda pair: (pair not in required, pair))
    columns |= {pair: first + place for place, pair in enumerate(named)}
    return Layout(columns, (*RECORD_KINDS, *ends), frozenset(pair for policy in policies for pair in _clocks(policy)), zone)


def _named(policy: Policy) -> Iterator[Pair]:
    """Fields of the firm's own that rules name, counts, and what comes over links and a rule, its text or a count names."""
    for rule in policy.rules:
        for name in (*rule.custom_fields, *rule.signals):
            yield rule.on, name
    for stage in policy.stages:
        for name in stage.custom_fields:
            yield "opportunity", name
    for kind, name in over_links(policy):
        yield kind, name
    for kind, _, name in counted(policy):
        yield kind, name


def _clocks(policy: Policy) -> Iterator[Pair]:
    for rule in policy.rules:
        yield from ((rule.on, name) for name in rule.since_fields if name.startswith(CUSTOM_PREFIX))


def _required(policy: Policy) -> Iterator[Pair]:
    for rule in policy.rules:
        yield from ((rule.on, effect.field) for effect in rule.effects if effect.code == "field_required")


def counted(policy: Policy) -> list[tuple[str, Count, str]]:
    """Every count of a policy: (kind on which it stands, count, its name)."""
    return [(kind, count, name) for kind, about in policy.kinds.items() for name, count in about.counts.items()]


def over_links(policy: Policy) -> list[Pair]:
    """What a rule, its text or a count names over a link, as (kind, `link.field`)."""
    kinds = policy.record_kinds
    if not kinds:
        return []
    named = [
        (rule.on, name)
        for rule in policy.rules
        for name in (*rule.named_fields, *spoken_fields(rule.says.en), *spoken_fields(rule.says.zh))
    ]
    named += [
        (kinds[count.of], name)
        for _, count, _ in counted(policy)
        for each in comparisons(where_of(count, kinds))
        for name in each.fields
    ]
    there = [(kind, name) for kind, name in named if not name.startswith(CUSTOM_PREFIX) and "." in name]
    return list(dict.fromkeys((str(kind), name) for kind, name in there if built_as(kind) == "own"))
