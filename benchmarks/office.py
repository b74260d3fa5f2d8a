"""Speed of the office: both clocks, pairs on two threads, memory, start, growth."""

from benchmarks.hundred_pairs import PAIRS, WEEKS, pairs_of_the_main_job, run_pairs
from benchmarks.measure import Row, Words, first_and_second, interleaved, run_module, run_python, seconds
from policies.documents.loader import load_policy
from scenarios.loader import load_scenario
from sim.office.engine.clocks import SimpyClock
from sim.office.engine.events import WEEK
from sim.office.office import Office
from sim.office.scenario import Scenario

POLICY = "monthly-private"
WARM_UP_WEEKS = 8
NAMES = {
    "compiled": Words("default office, a year, compiled clock", "默认办公室，一年，编译时钟"),
    "simpy": Words("default office, SimPy clock", "默认办公室，SimPy 时钟"),
    "pairs": Words(f"{PAIRS} pairs of {WEEKS} weeks, two threads", f"{PAIRS} 对办公室，{WEEKS} 周，双线程"),
    "threads": Words("two threads against one", "双线程对单线程"),
    "memory": Words(f"peak memory of {PAIRS} pairs", f"{PAIRS} 对办公室的内存峰值"),
    "first": Words("first run, nothing compiled", "首次运行（尚未编译）"),
    "warm": Words("warm start of a run", "再次运行（已编译）"),
    "help": Words("rehearse --help", "rehearse --help"),
    "growth": Words("time per event, 500 reps", "每事件耗时，五百名销售"),
}


def clocks(lang: str) -> list[Row]:
    """Events a second of both clocks, from the same warmed-up office."""
    warm = warmed_up(load_scenario("default"))

    def compiled() -> float:
        office = warm.branch()
        return events_per_second(office, lambda: office.run_until(office.now + 52 * WEEK))

    def simpy() -> float:
        office = warm.branch()
        clock = SimpyClock(office)
        return events_per_second(office, lambda: clock.run_until(office.now + 8 * WEEK))

    fast, slow = interleaved(5, compiled, simpy)
    return [
        Row(getattr(NAMES["compiled"], lang), fast, "events/s", "1 M events/s (>= 1)", fast / 1e6),
        Row(getattr(NAMES["simpy"], lang), slow, "events/s", "0.1 M events/s (>= 1)", slow / 1e5),
        Row(getattr(NAMES["compiled"], lang), fast, "events/s", "SimPy clock (>= 8)", fast / slow),
    ]


def pairs(lang: str) -> list[Row]:
    """The hundred pairs of the issue in a process of their own, and fewer of them on one thread and on two."""
    whole = run_module("benchmarks.hundred_pairs")
    work = pairs_of_the_main_job()
    work(0)
    one, two = interleaved(3, lambda: run_pairs(work, 16, 1), lambda: run_pairs(work, 16, 2))
    rows = [
        Row(getattr(NAMES["pairs"], lang), whole["seconds"], "s", "24 s (<= 1)", whole["seconds"] / 24.0),
        Row(getattr(NAMES["threads"], lang), 16 / two, "pairs/s", "one thread (>= 1.7)", one / two),
    ]
    if whole["megabytes"] is not None:
        rows.append(Row(getattr(NAMES["memory"], lang), whole["megabytes"], "MB", "600 MB (<= 1)", whole["megabytes"] / 600.0))
    return rows


def start(lang: str) -> list[Row]:
    """First and second run of the program with an empty cache of its own, and its help."""
    program = ("-m", "apps.cli.main")
    first, warm = first_and_second(*program, "run", POLICY, "--weeks", "1")
    (helped,) = interleaved(5, lambda: run_python(*program, "--help")[1])
    return [
        Row(getattr(NAMES["first"], lang), first, "s", "60 s (<= 1)", first / 60.0),
        Row(getattr(NAMES["warm"], lang), warm, "s", "3 s (<= 1)", warm / 3.0),
        Row(getattr(NAMES["help"], lang), helped, "s", "0.3 s (<= 1)", helped / 0.3),
    ]


def growth(lang: str) -> list[Row]:
    """Time per event of an office ten times as large, everything in proportion."""
    small = load_scenario("default")
    offices = [warmed_up(small), warmed_up(ten_times(small))]

    def microseconds(warm: Office) -> float:
        office = warm.branch()
        return 1e6 / events_per_second(office, lambda: office.run_until(office.now + 4 * WEEK))

    few, many = interleaved(5, lambda: microseconds(offices[0]), lambda: microseconds(offices[1]))
    return [Row(getattr(NAMES["growth"], lang), many, "us/event", "50 reps (<= 1.5)", many / few)]


def warmed_up(scenario: Scenario) -> Office:
    """An office some weeks after its start, with everything compiled."""
    office = Office.start(scenario, load_policy(POLICY))
    office.run_until(office.now + WARM_UP_WEEKS * WEEK)
    return office


def ten_times(scenario: Scenario) -> Scenario:
    """Ten times the people and the leads."""
    people = scenario.people
    counts = ("reps", "teams", "regions", "presales", "legal", "delivery", "finance")
    larger = people.model_copy(update={name: 10 * getattr(people, name) for name in counts})
    leads = scenario.leads.model_copy(update={"per_week": 10 * scenario.leads.per_week})
    return scenario.model_copy(update={"people": larger, "leads": leads})


def events_per_second(office: Office, work) -> float:
    """Changes of state a second while `work` runs this office."""
    before = office.events
    elapsed = seconds(work)
    return (office.events - before) / elapsed
