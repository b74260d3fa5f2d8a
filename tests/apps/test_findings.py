"""Long work for pages: done once, beside the pages, kept as long as nothing is new, and stopped or told where it fails."""

import time
from threading import Event

import pytest

from apps.pages.findings import MOST, Findings
from coach.problems import CoachError
from coach.store import Store
from tests.coach.firm import Firm

PATIENCE = 300.0  # a machine that is busy with other tests


class Counting(Findings[str]):
    """Says how often it was asked; waits for `go` in the middle."""

    def __init__(self, firm: Firm):
        super().__init__(firm.store, lambda: firm.now)
        self.go, self.within, self.calls, self.together, self.fails = Event(), Event(), [], 0, None
        self.go.set()
        self._now = 0

    def find(self, asked, at, told):  # noqa: ARG002 -- it is no question of time
        told(0, 2)
        self._now += 1
        self.together = max(self.together, self._now)
        self.within.set()
        assert self.go.wait(PATIENCE)
        self._now -= 1
        told(1, 2)
        if self.fails:
            raise self.fails
        self.calls.append(asked)
        return asked, len(self.calls)


@pytest.fixture
def firm(tmp_path):
    built = Firm(tmp_path)
    built.deal()
    yield built
    built.store.close()


@pytest.fixture
def findings(firm):
    made = Counting(firm)
    yield made
    made.go.set()


def settled(findings: Counting, asked: str):
    """What was found, when the work is done."""
    until = time.monotonic() + PATIENCE
    while findings.under_way(asked) is not None:
        assert time.monotonic() < until
        time.sleep(0.01)
    found = findings.latest(asked)
    return None if found is None else found.value


def asked_again(findings: Counting, asked: str = "a"):
    findings.ask(asked)
    return settled(findings, asked)


def rested(findings: Counting, asked: str = "a") -> None:
    """The work is long past."""
    findings._found[asked] = findings._found[asked]._replace(ended=-1e9)


def test_what_was_found_is_kept_until_there_is_a_new_event(findings, firm):
    assert [asked_again(findings) for _ in range(3)] == [("a", 1)] * 3
    assert not findings.is_stale(findings.latest("a"))
    firm.post("contact")
    assert findings.is_stale(findings.latest("a"))
    rested(findings)
    assert asked_again(findings) == ("a", 2)


def test_where_events_come_in_all_the_time_it_rests_and_whoever_asks_for_it_is_served(findings, firm):
    assert asked_again(findings) == ("a", 1)
    findings._found["a"] = findings._found["a"]._replace(took=3600.0)
    firm.post("contact")
    assert asked_again(findings) == ("a", 1)
    findings.begin("a")
    assert settled(findings, "a") == ("a", 2)


def test_asking_does_not_wait_and_two_who_ask_share_the_work(findings):
    findings.go.clear()
    began = time.monotonic()
    for _ in range(5):
        findings.ask("a")
    assert time.monotonic() - began < 1.0
    assert findings.within.wait(PATIENCE)
    assert findings.under_way("a").step == (0, 2)
    assert findings.latest("a") is None
    findings.go.set()
    assert settled(findings, "a") == ("a", 1)


def test_one_thing_is_worked_out_at_a_time_and_what_waits_can_be_stopped(findings):
    findings.go.clear()
    findings.ask("a")
    assert findings.within.wait(PATIENCE)
    for asked in ("b", "c"):
        findings.ask(asked)
    assert findings.under_way("b").step is None
    findings.stop("c")
    assert settled(findings, "c") is None
    findings.go.set()
    assert (settled(findings, "a")[0], settled(findings, "b")[0]) == ("a", "b")
    assert (findings.calls, findings.together) == (["a", "b"], 1)


def test_what_is_stopped_is_not_begun_again_before_somebody_says_so_or_something_is_new(findings, firm):
    findings.go.clear()
    findings.ask("a")
    findings.stop("a")
    findings.go.set()
    assert settled(findings, "a") is None
    assert findings.failure("a").words is None
    assert asked_again(findings) is None
    firm.post("contact")
    assert asked_again(findings) == ("a", 1)
    assert findings.failure("a") is None


ERRORS = {
    CoachError("No ink.", "没有墨水。"): ("No ink.", "没有墨水。"),
    ZeroDivisionError("x"): ("(ZeroDivisionError)", "ZeroDivisionError"),
}


@pytest.mark.parametrize("error", ERRORS, ids=lambda each: type(each).__name__)
def test_what_fails_is_told_and_what_was_found_before_stays(findings, firm, error):
    assert asked_again(findings) == ("a", 1)
    firm.post("contact")
    rested(findings)
    findings.fails = error
    assert asked_again(findings) == ("a", 1)
    words = findings.failure("a").words
    assert all(part in told for part, told in zip(ERRORS[error], words, strict=True))
    findings.fails = None
    findings.begin("a")
    assert settled(findings, "a") == ("a", 2)
    assert findings.failure("a") is None


def test_those_asked_for_last_are_kept(findings):
    for number in range(MOST):
        asked_again(findings, str(number))
    findings.latest("0")
    asked_again(findings, "one more")
    assert findings.latest("0") is not None
    assert findings.latest("1") is None


def test_a_store_without_any_event_is_asked_about_once(findings, tmp_path):
    findings.store = Store.open(tmp_path / "empty.db")
    assert [asked_again(findings) for _ in range(2)] == [("a", 1)] * 2
    findings.store.close()
