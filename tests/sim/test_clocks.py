"""One model, two clocks: the compiled heap and SimPy write the identical journal."""

import hashlib
import os
import subprocess
import sys

import pytest
import simpy

from policies.documents.loader import library_names
from sim.office.engine.clocks import SimpyClock
from tests.sim.offices import WEEK, same_journals, started, written

SEEDS = (1, 7)


@pytest.mark.parametrize("policy", library_names())
@pytest.mark.parametrize("seed", SEEDS)
def test_both_clocks_write_the_same_journal(policy, seed):
    on_heap, on_simpy = started(policy, seed), started(policy, seed)
    until = on_heap.now + 5 * WEEK
    on_heap.run_until(until)
    SimpyClock(on_simpy).run_until(until)
    assert same_journals(on_heap, on_simpy)
    assert on_heap.events == on_simpy.events


def test_stepping_by_hand_in_the_company_of_a_foreign_process_changes_nothing():
    alone, accompanied = started("full-playbook"), started("full-playbook")
    until = alone.now + 3 * WEEK
    alone.run_until(until)
    env = simpy.Environment(initial_time=accompanied.now)
    visits = []

    def visitor():
        while True:
            yield env.timeout(3_600_000)
            visits.append(env.now)

    env.process(visitor())
    clock = SimpyClock(accompanied, env)
    while env.peek() <= until:
        clock.step()
    assert same_journals(alone, accompanied)
    assert len(visits) == 3 * 7 * 24


def test_an_office_goes_from_one_clock_to_the_other_and_back():
    straight, changing = started("golden-48h"), started("golden-48h")
    begin = straight.now
    straight.run_until(begin + 4 * WEEK)
    changing.run_until(begin + WEEK)
    clock = SimpyClock(changing)
    clock.run_until(begin + 2 * WEEK)
    clock.release()
    changing.run_until(begin + 4 * WEEK)
    assert same_journals(straight, changing)


def digest_of_full_playbook() -> str:
    office = started("full-playbook", 3)
    office.run_until(office.now + 2 * WEEK)
    return hashlib.sha256(written(office).tobytes()).hexdigest()


@pytest.mark.nojit
def test_with_compilation_switched_off_the_journal_is_the_same():
    code = "from tests.sim.test_clocks import digest_of_full_playbook; print(digest_of_full_playbook())"
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    interpreted = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert interpreted.stdout.strip() == digest_of_full_playbook()
