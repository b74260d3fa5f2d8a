"""Arrays have room for what one event may bring: many customers on the first day, a new due date for every record at once."""

from policies.documents.loader import load_policy
from sim.office.engine.world import GROWING, room_for_one_event
from sim.office.office import Office
from sim.office.scenario import Scenario
from tests.sim.offices import WEEK, same_journals, tiny, written


def crowded() -> Office:
    """Five reps who get far more leads than they can touch."""
    scenario = tiny()
    document = scenario.model_dump() | {"leads": scenario.leads.model_dump() | {"per_week": 2000.0}}
    office = Office.start(Scenario.model_validate(document), load_policy("monthly-private"), None, 2, journal=True)
    office.run_until(office.now + 2 * WEEK)
    return office


def test_a_firm_may_have_a_thousand_customers_for_each_rep():
    scenario = tiny(reps=18)
    many = scenario.model_copy(update={"customers": scenario.customers.model_copy(update={"per_rep": 1000})})
    office = Office.start(many, load_policy("monthly-private"), None, 1, journal=True)
    assert len(written(office)) > 65_536
    assert int(office.arrays.state[0].journal) < len(office.arrays.journal)


def test_a_switch_has_room_for_a_new_due_date_of_every_record():
    office, tight = crowded(), crowded()
    size = int(tight.arrays.state[0].heap_size)
    tight.arrays = tight.arrays._replace(heap=tight.arrays.heap[: size + 16].copy())
    for each in (office, tight):
        each.switch(load_policy("golden-48h"))
    added = int(office.arrays.state[0].heap_size) - size
    assert added > 16
    assert int(tight.arrays.state[0].heap_size) == size + added <= len(tight.arrays.heap)
    for each in (office, tight):
        each.run_until(each.now + WEEK)
    assert same_journals(office, tight)


def test_more_open_cases_need_more_room():
    office = crowded()
    state = office.arrays.state[0]
    open_cases = int(state.cases - state.ended)
    assert open_cases > 1000
    assert room_for_one_event(office.arrays) > 4 * open_cases
    assert all(len(getattr(office.arrays, name)) > int(state[counter]) for name, counter in GROWING.items())
