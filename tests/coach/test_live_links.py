"""What comes over links in a running coach is what a coach finds that starts over the same store, whatever was told, taken
back, linked anew or linked to what is not there yet."""

import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.rules.live_book import LiveBook
from coach.store.policies import current
from policies.language.policy import Policy
from tests.coach.firm import OFFICE, Firm
from tests.policies.linked_cases import KINDS

POLICY = Policy(
    name="linked",
    kinds=KINDS,
    rules=[
        {"id": "few", "on": "quote", "since": "registered_at", "after": "1d", "when": {"comparisons": "< 1"},
         "then": [{"flag": "red"}, {"set": {"urgent": True}}]},
        {"id": "red", "on": "comparison", "since": "registered_at", "when": {"quote.flag": "red"}, "then": [{"todo": "owner"}]},
        {"id": "worth", "on": "opportunity", "since": "opened_at", "when": {"worth": "> 10", "compared": ">= 1"},
         "then": [{"flag": "amber"}]},
        {"id": "deal", "on": "quote", "every": "day", "when": {"deal.flag": "amber", "twin.grade": "a"},
         "then": [{"flag": "amber"}]},
    ],
)  # fmt: skip
NAMES = ("A", "B", "C")
LINK = st.sampled_from((*NAMES, "never", None))
PAYLOADS = {
    "quote": {"total": st.sampled_from((1.0, 6.0, 20.0)), "grade": st.sampled_from(("a", "b")), "deal": LINK, "twin": LINK},
    "comparison": {"price": st.sampled_from((2.0, 8.0)), "quote": LINK},
    "opportunity": {"amount": st.sampled_from((5.0, 30.0))},
}
STEPS = st.lists(
    st.one_of(
        st.sampled_from(tuple(PAYLOADS)).flatmap(
            lambda kind: st.tuples(
                st.sampled_from(("registered", "field_recorded", "field_recorded", "completed")), st.just(kind),
                st.sampled_from(NAMES), st.fixed_dictionaries({}, optional=PAYLOADS[kind]),
            )
        ),
        st.tuples(st.just("voided"), st.integers(0, 30)),
        st.tuples(st.just("days"), st.integers(1, 3)),
    ),
    min_size=6,
    max_size=24,
)  # fmt: skip


def later(now: int, days: int) -> str:
    """The wall clock so many days after an instant, as `Firm.until` takes it."""
    return datetime.fromtimestamp(now / 1000 + days * 86_400, ZoneInfo(OFFICE.zone)).strftime("%Y-%m-%d %H:%M")


def values_of(live: LiveBook) -> np.ndarray:
    """Everything that is known of every record but what only looks and gates know."""
    return live.book.values[: len(live.ids)]


@given(STEPS)
@settings(max_examples=settings.default.max_examples // 10)
def test_a_coach_that_starts_finds_what_the_running_one_knows(steps):
    with tempfile.TemporaryDirectory() as folder:
        firm = Firm(Path(folder), POLICY)
        told = []
        for kind, payloads in (("opportunity", {}), ("quote", {"deal": "A"}), ("comparison", {"quote": "B"})):
            firm.post("registered", "A", kind=kind, unit="rep-1", **payloads)
        for step in steps:
            if step[0] == "days":
                firm.until(later(firm.now, step[1]))
            elif step[0] == "voided":
                if told:
                    event = told[step[1] % len(told)]
                    firm.post("voided", event.record, kind=event.kind, voids=event.key)
            else:
                name, kind, record, payload = step
                event = firm.event(name, record, kind=kind, unit="rep-1", **payload)
                told += [event] if firm.service.post([event]).accepted else []
        live = firm.service._live
        with firm.store.read() as connection:
            again = LiveBook(connection, current(connection), firm.now)
        assert again.ids == live.ids
        np.testing.assert_array_equal(values_of(again), values_of(live))
        firm.store.engine.dispose()
