"""State is arrays: saved, loaded and branched offices go on exactly where they stopped."""

from policies.documents.loader import load_policy
from sim.office.office import Office
from tests.sim.offices import WEEK, same_journals, started, written


def test_ten_weeks_saved_and_loaded_and_sixteen_more_equal_twenty_six(tmp_path):
    straight = started("freeze-15d")
    begin = straight.now
    straight.run_until(begin + 26 * WEEK)
    first = started("freeze-15d")
    first.run_until(begin + 10 * WEEK)
    first.save(tmp_path / "office.npz")
    second = Office.load(tmp_path / "office.npz")
    second.run_until(begin + 26 * WEEK)
    assert same_journals(straight, second)
    assert straight.policy == second.policy
    assert straight.scenario == second.scenario


def test_a_branch_under_the_same_policy_goes_the_same_way_and_shares_nothing():
    office = started("full-playbook")
    office.run_until(office.now + 4 * WEEK)
    twin = office.branch()
    until = office.now + 4 * WEEK
    twin.run_until(until)
    before = written(office).tobytes()
    office.run_until(until)
    assert written(office).tobytes() != before
    assert same_journals(office, twin)


def test_arms_of_one_office_share_the_past_and_part_at_the_policy_date():
    office = started("monthly-private")
    office.run_until(office.now + 4 * WEEK)
    past = len(written(office))
    arm = office.branch(load_policy("freeze-7d"))
    until = office.now + 6 * WEEK
    office.run_until(until)
    arm.run_until(until)
    assert written(arm)[:past].tobytes() == written(office)[:past].tobytes()
    assert written(arm).tobytes() != written(office).tobytes()
