"""In the office, too, what a rule says waits for quiet hours, for the digest at the close of business, or for a deputy."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from policies.documents.loader import edited, load_policy
from policies.language.policy import Policy
from policies.record.records import EVENT
from policies.time.calendar_arrays import day_of, next_close
from sim.office.engine.events import TASK
from sim.office.people.managers import IN_DIGEST
from tests.sim.offices import WEEK, started, written

PASS_ON = {
    "id": "pass-on", "on": "lead", "when": {"first_contact_at": "missing"}, "since": "registered_at", "after": "15min",
    "then": [{"notify": "manager"}],
}  # fmt: skip
QUIET = {"quiet_from": "17:00", "quiet_to": "09:30"}


def brought(office) -> np.ndarray:
    """What came to managers: rows of tasks without those that only waited."""
    tasks = office.arrays.tasks[: int(office.arrays.state[0].tasks)]
    return tasks[tasks["created_at"] > 0]


def run(weeks: int = 4, **notices):
    office = started(Policy(name="told", rules=(PASS_ON,), notices=notices))
    office.run_until(office.now + weeks * WEEK)
    return office


@pytest.mark.parametrize("quiet", [{}, QUIET])
@pytest.mark.parametrize("above", [1, 3])
def test_beyond_the_days_number_a_manager_gets_the_rest_at_the_close_of_business(above, quiet):
    office = run(digest_above=above, **quiet)
    tasks, days = brought(office), office.arrays.days
    notices = tasks[tasks["kind"] == TASK.notice]
    gathered = notices[notices["amount"] == IN_DIGEST]
    assert len(gathered) > 20
    clocks = {np.datetime64(int(at), "ms").astype(object) + timedelta(hours=8) for at in gathered["created_at"]}
    assert {f"{clock:%H:%M}" for clock in clocks} == ({"09:30"} if quiet else {"18:00"})
    if not quiet:
        assert all(next_close(days, int(at) - 1) == at for at in gathered["created_at"])
    single = notices[notices["amount"] != IN_DIGEST]
    a_day = Counter((office.arrays.seats[int(each["seat"])].team, day_of(days, int(each["created_at"]))) for each in single)
    business = {key: number for key, number in a_day.items() if days.days[key[1]].business}
    assert max(business.values()) <= above


@pytest.mark.parametrize("above", [0, 2])
def test_every_notice_reaches_somebody_or_waits_for_the_next_digest(above):
    office = run(digest_above=above)
    tasks, journal = office.arrays.tasks[: int(office.arrays.state[0].tasks)], written(office)
    came = brought(office)
    waiting = (len(tasks) - len(came)) - (came["amount"] == IN_DIGEST).sum()
    assert len(came) + waiting == (journal["event"] == EVENT.notified).sum() > 100


def test_with_a_deputy_the_manager_gets_what_is_for_a_rep_on_leave_and_without_one_it_waits_for_the_return():
    away = {"absence_rate": 0.2}
    rule = {"id": "remind", "on": "opportunity", "when": {"status": "open"}, "since": "last_action_at", "after": "1d",
            "then": [{"notify": "owner"}]}  # fmt: skip
    tasks = {}
    for deputy in (False, True):
        policy = Policy(name="told", rules=(rule,), notices={"deputy": deputy})
        office = started(policy, beyond=away)
        office.run_until(office.now + 4 * WEEK)
        tasks[deputy] = brought(office)
    kinds = {deputy: np.bincount(of["kind"], minlength=1)[TASK.notice] for deputy, of in tasks.items()}
    assert kinds[False] == 0
    assert kinds[True] > 5


@pytest.mark.parametrize("above", ["0", "3"])
def test_the_library_runs_with_any_digest(above):
    policy = edited(load_policy("full-playbook"), {"notices.digest_above": above})
    office = started(policy)
    office.run_until(office.now + 6 * WEEK)
    tasks = brought(office)
    assert (tasks[tasks["kind"] == TASK.notice]["amount"] == IN_DIGEST).any() == (above != "0")
