"""Policies and journals over declared kinds that link to each other and to a built-in one: small, so that links meet.

A deal counts its quotes and adds up what they are worth; a quote counts its comparisons by a condition over the link, and links
to a deal and to another quote; what is counted is counted again, and read over links.
"""

from hypothesis import strategies as st

from policies.language.policy import Policy
from tests.policies import vocabulary as words
from tests.policies.oracle_record import Recorded
from tests.policies.strategies import Case, stand_stills

KINDS = {
    "quote": {
        "fields": {
            "total": {"type": "money"},
            "sent_at": {"type": "instant"},
            "urgent": {"type": "flag"},
            "grade": {"type": "choice", "choices": {"a": {}, "b": {}}},
        },
        "links": {"deal": "opportunity", "twin": "quote"},
        "counts": {
            "comparisons": {"of": "comparison", "by": "quote", "where": {"price": "< field quote.total"}},
            "open_ones": {"of": "comparison", "by": "quote", "where": {"status": ["open", "started"]}},
        },
    },
    "comparison": {"fields": {"price": {"type": "money"}}, "links": {"quote": "quote"}},
    "opportunity": {
        "counts": {
            "quotes": {"of": "quote", "by": "deal"},
            "worth": {"of": "quote", "by": "deal", "sum": "total", "where": {"not": {"status": "withdrawn"}}},
            "compared": {"of": "quote", "by": "deal", "where": {"any": [{"comparisons": ">= 1"}, {"urgent": True}]}},
        }
    },
}
SINCE = {
    "quote": ("registered_at", "registered_at", "changed_at", "started_at", "completed_at", "sent_at", "twin.sent_at",
              "deal.last_action_at"),
    "comparison": ("registered_at", "changed_at", "quote.sent_at", "quote.started_at"),
    "opportunity": ("opened_at", "opened_at", "last_action_at", "stage_changed_at"),
}  # fmt: skip
WHEN = {
    "quote": (
        {"comparisons": "< 1"}, {"comparisons": ">= 1"}, {"open_ones": "> 0"}, {"deal.quotes": ">= 2"}, {"deal.flag": "red"},
        {"deal.worth": "> 10"}, {"twin.grade": "a"}, {"twin.status": "!= completed"}, {"twin.total": "missing"},
        {"urgent": True},
        {"total": "> field twin.total"}, {"deal.status": "missing"}, {"status": "open"}, {"required": "> 0"}, {"flag": "red"},
        {"twin.comparisons": 0}, {"grade": "missing"}, {"deal.compared": 1},
    ),
    "comparison": (
        {"quote.total": "> 4"}, {"quote.comparisons": ">= 2"}, {"quote.flag": ["red", "amber"]}, {"quote.urgent": True},
        {"quote.registered_at": "missing"}, {"price": "missing"}, {"status": "!= completed"}, {"quote.grade": "b"},
    ),
    "opportunity": (
        {"quotes": 0}, {"quotes": ">= 1"}, {"worth": "> 5"}, {"worth": "< field amount"}, {"compared": ">= 1"},
        {"compared": "< field quotes"}, {"flag": "red"}, {"status": "open"},
    ),
}  # fmt: skip
THEN = {
    "quote": ({"notify": "owner"}, {"todo": "owner"}, {"flag": "red"}, {"flag": "amber"}, {"set": {"urgent": True}},
              {"set": {"total": 7}}, {"set": {"grade": "b"}}, {"require": "sent_at"}, {"require": "deal"}),
    "comparison": ({"notify": "owner"}, {"flag": "red"}, {"todo": "manager"}, {"set": {"price": 2}}, {"require": "quote"}),
    "opportunity": ({"notify": "owner"}, {"flag": "red"}, {"todo": "owner"}, {"set": {"amount": 9}}),
}  # fmt: skip
GONE = float("nan")
RECORDS = range(6)
_LINKED = st.sampled_from((*map(float, RECORDS), GONE))
PAYLOADS = {
    "quote": {"total": st.sampled_from((1.0, 3.0, 5.0, 8.0, GONE)), "urgent": st.sampled_from((0.0, 1.0)),
              "grade": st.sampled_from((0.0, 1.0, GONE)), "deal": _LINKED, "twin": _LINKED,
              "sent_at": st.sampled_from(tuple(map(float, words.INSTANTS[:20])))},
    "comparison": {"price": st.sampled_from((0.5, 2.0, 4.0, GONE)), "quote": _LINKED},
    "opportunity": {"amount": st.sampled_from((4.0, 12.0))},
}  # fmt: skip
EVENTS = {
    "quote": ("field_recorded",) * 5 + ("started", "completed", "withdrawn", "voided", "voided"),
    "comparison": ("field_recorded",) * 4 + ("completed", "withdrawn", "voided"),
    "opportunity": ("field_recorded", "contact", "advanced", "voided"),
}


def whens(kind: str):
    """A condition of one or two comparisons, at times turned round or one of two."""
    one = st.sampled_from(WHEN[kind])
    both = st.tuples(one, one)
    return st.one_of(one, one, both.map(lambda two: two[0] | two[1]), both.map(lambda two: {"any": list(two)}),
                     one.map(lambda each: {"not": each}))  # fmt: skip


@st.composite
def rules(draw, kind: str) -> dict:
    """A timed or periodic rule on a kind, without its id."""
    rule = {
        "on": kind, "when": draw(whens(kind)), "then": draw(st.lists(st.sampled_from(THEN[kind]), min_size=1, max_size=2)),
        "mode": draw(st.sampled_from(("live",) * 8 + ("shadow", "off"))),
    }  # fmt: skip
    if draw(st.integers(0, 4)) == 0:
        return {**rule, "every": draw(st.sampled_from(("day", "week"))), "streak": draw(st.integers(1, 2))}
    after = st.sampled_from(("0h", "0h", "1h", "1d", "2bd"))
    return {**rule, "since": draw(st.sampled_from(SINCE[kind])), "after": draw(after)}


@st.composite
def policies(draw, called: str = "r") -> Policy:
    """Two to six rules over the three kinds, whose ids begin as told."""
    kinds = draw(st.lists(st.sampled_from(tuple(KINDS)), min_size=2, max_size=6))
    drawn = [{"id": f"{called}-{place}", **draw(rules(on))} for place, on in enumerate(kinds)]
    return Policy(name="linked", kinds=KINDS, rules=drawn)


@st.composite
def journals(draw) -> tuple[Recorded, ...]:
    """Entries on up to six records whose links name records that are there, come later, or never come."""
    instants = sorted(draw(st.lists(st.sampled_from(words.INSTANTS[:50]), min_size=3, max_size=7)))
    on = draw(st.lists(st.sampled_from(("opportunity", "quote", "quote", "comparison")), min_size=2, max_size=len(RECORDS)))
    begins = [draw(st.sampled_from((0, 0, 1, 2))) for _ in on]
    firsts = enumerate(zip(on, begins, strict=True))
    drafts = [(begun, -1, record, "registered", draw(payloads(kind))) for record, (kind, begun) in firsts]
    for place in range(draw(st.integers(4, 14))):
        record = draw(st.integers(0, len(on) - 1))
        event, at = draw(st.sampled_from(EVENTS[on[record]])), draw(st.integers(begins[record], len(instants) - 1))
        drafts.append((at, place, record, event, draw(payloads(on[record])) if event == "field_recorded" else {}))
    journal: list[Recorded] = []
    for at, place, record, event, payload in sorted(drafts, key=lambda each: each[:2]):
        own = [each.number for each in journal if each.record == record and each.event != "voided"]
        voids = own[-1 - place % len(own)] if event == "voided" else None
        journal.append(
            Recorded(len(journal) + 1, instants[at], instants[at], event, on[record], record, record % 2, payload, voids)
        )
    return tuple(journal)


def payloads(kind: str):
    """Some of the fields of a kind."""
    return st.fixed_dictionaries({}, optional=PAYLOADS[kind])


@st.composite
def cases(draw, *, switching: bool = False) -> Case:
    """A policy, a journal, a stand-still, and perhaps other rules, or no kinds at all, on the way and back."""
    policy, events = draw(policies()), draw(journals())
    switches = ()
    if switching:
        instants = sorted({each.recorded_at for each in events})
        instants = draw(st.lists(st.sampled_from(instants), min_size=1, max_size=2, unique=True))
        to = [draw(st.sampled_from((draw(policies("other")), Policy(name="none"), policy))) for _ in instants]
        switches = tuple(zip(sorted(instants), to, strict=True))
    return Case(policy, events, draw(stand_stills(events)), switches)
