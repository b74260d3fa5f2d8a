"""Due rules over a million open records, beside zen-engine; and a rep's list from a store of 20,000 open deals.

zen-engine is not among the packages that this project needs. `pip install zen-engine` adds the comparison.
"""

import json
import random
import statistics
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.measure import Row, Words, interleaved, seconds
from coach.events import PostedEvent
from coach.rules import advice
from coach.rules.service import Service
from coach.store import SYSTEM, Store
from policies.engine.compile import compile_rules
from policies.engine.driver import Driver
from policies.engine.evaluator import settle
from policies.language.policy import Policy
from policies.record.book import longer, new_book
from policies.record.records import OPPORTUNITY, OPPORTUNITY_KIND
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import DAY_MS

RECORDS = 1_000_000
ZEN_RECORDS = 4_000
NOW = 1_767_664_800_000  # 6 January 2026, 10:00 in Shanghai
DEALS, REPS, LISTS = 20_000, 50, 200
ROUNDS = 5
NAMES = {
    "due": Words("due rules, 12 rules over 1 M open records, one core", "到期规则：12 条规则，100 万条未结记录，单核"),
    "zen": Words("due rules a second against zen-engine", "每秒到期规则，对比 zen-engine"),
    "today": Words("a rep's list at 20 k open deals, SQLite, p95", "2 万条未结商机时的当日清单（SQLite，p95）"),
}
_FIELDS = ("status", "frozen", "stage", "amount", "discount", "needs_summary", "next_step_at", "last_action_at",
           "last_progress_at", "stage_changed_at", "opened_at")  # fmt: skip


def twelve_rules() -> Policy:
    """Twelve timed rules with two to five comparisons each."""
    is_open: dict[str, str | bool] = {"status": "open", "frozen": False}
    whens: list[dict[str, str | bool]] = [
        {}, {"needs_summary": "missing"}, {"next_step_at": "missing"}, {"stage": ">= 3"}, {"stage": "< 3"},
        {"amount": "> 50000"}, {"amount": "> 50000", "stage": ">= 3"}, {"discount": "> 15%"}, {"next_step_at": "present"},
        {"needs_summary": "present", "stage": "<= 2"}, {"amount": "< 10000"}, {"amount": "< 10000", "discount": "> 5%"},
    ]  # fmt: skip
    since = ("last_action_at", "last_progress_at", "stage_changed_at", "opened_at")
    rules = [
        {"id": f"rule-{n}", "on": "opportunity", "since": since[n % 4], "after": f"{20 + 3 * n}d", "when": is_open | when,
         "then": [{"notify": "owner"}]}
        for n, when in enumerate(whens)
    ]  # fmt: skip
    return Policy(name="twelve-rules", rules=rules)


def million(count: int) -> np.ndarray:
    """Values of open opportunities whose clocks began within the last three weeks, some percent of them longer ago."""
    chance = np.random.default_rng(1)
    values = np.full((count, len(OPPORTUNITY)), np.nan)
    values[:, OPPORTUNITY.status] = 0.0
    values[:, OPPORTUNITY.frozen] = chance.random(count) < 0.1
    values[:, OPPORTUNITY.stage] = chance.integers(1, 6, count)
    values[:, OPPORTUNITY.amount] = chance.lognormal(10, 1, count)
    values[:, OPPORTUNITY.discount] = chance.random(count) * 0.3
    for column in (OPPORTUNITY.needs_summary, OPPORTUNITY.next_step_at):
        values[chance.random(count) < 0.6, column] = 1.0
    for column in (
        OPPORTUNITY.last_action_at,
        OPPORTUNITY.last_progress_at,
        OPPORTUNITY.stage_changed_at,
        OPPORTUNITY.opened_at,
    ):
        days = np.where(chance.random(count) < 0.01, 30 + 30 * chance.random(count), 19 * chance.random(count))
        values[:, column] = np.floor(NOW - days * DAY_MS)
    return values


def driver_over(values: np.ndarray) -> Driver:
    """The rules over these records, as the coach holds them."""
    policy = twelve_rules()
    rules = compile_rules(policy, activated_at=NOW - 90 * DAY_MS)
    book = new_book(rules, len(values), voidable=False)
    book.values[:, : values.shape[1]] = values
    book.rows.kind = OPPORTUNITY_KIND
    book.counts[0].rows = len(values)
    # Room for whatever is due, as a switch of policy makes it.
    book = book._replace(agenda=longer(book.agenda, 12 * len(values)), firings=longer(book.firings, 24 * len(values)),
                         fired=longer(book.fired, 12 * len(values)))  # fmt: skip
    first, last = (Calendar().local_date(NOW + days * DAY_MS) for days in (-120, 120))
    return Driver(policy, rules, book, Calendar().days(first, last))


def work_through(driver: Driver) -> int:
    """Find what is due now for every record, fire it, and find when each is due next; returns how many rules fired."""
    driver.revise_all(NOW)
    settle(driver.book, driver.rules, driver.days, NOW)
    return int(driver.book.counts[0].fired)


def sweep(values: np.ndarray) -> float:
    """Seconds of one whole sweep over records that no rule has seen."""
    driver = driver_over(values)
    return seconds(lambda: work_through(driver))


def due_rules(lang: str) -> list[Row]:
    """The sweep over a million records, and as many records a second as zen-engine."""
    values = million(RECORDS)
    sweep(values[:1000])
    (whole,) = interleaved(ROUNDS, lambda: sweep(values))
    rows = [Row(getattr(NAMES["due"], lang), whole, "s", "0.5 s (<= 1)", whole / 0.5)]
    zen = zen_seconds(values[:ZEN_RECORDS])
    if zen is not None:
        ratio = (RECORDS / whole) / (ZEN_RECORDS / zen)
        rows.append(Row(getattr(NAMES["zen"], lang), RECORDS / whole, "records/s", "zen-engine (>= 100)", ratio))
    return rows


def zen_decision() -> str:
    """The same rules as one decision of zen-engine: a list of twelve expressions."""
    signs = {"missing": "== null", "present": "!= null"}
    expressions = []
    for rule in twelve_rules().rules:
        parts = ["status == 'open'", "frozen == false"]
        for name, written in rule.when.items():
            if name not in ("status", "frozen"):
                wanted = signs.get(written, written)
                parts.append(f"{name} {wanted[:-1]} / 100" if wanted.endswith("%") else f"{name} {wanted}")
        parts.append(f"{rule.since} + {rule.delay.amount} <= now")
        expressions.append({"id": rule.id, "key": rule.id.replace("-", "_"), "value": " and ".join(parts)})
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {"id": "rules", "type": "expressionNode", "name": "rules", "position": {"x": 1, "y": 0},
         "content": {"expressions": expressions}},
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ]  # fmt: skip
    edges = [{"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "rules"), ("rules", "out"))]
    return json.dumps({"nodes": nodes, "edges": edges})


def zen_records(values: np.ndarray) -> list[dict]:
    """Records as zen-engine takes them."""
    told = []
    for row in values:
        record = {name: row[getattr(OPPORTUNITY, name)] for name in _FIELDS}
        record = {name: None if value != value else float(value) for name, value in record.items()}
        told.append(record | {"status": "open", "frozen": bool(record["frozen"]), "now": NOW})
    return told


def zen_seconds(values: np.ndarray) -> float | None:
    """Seconds of zen-engine over these records, after a check that it finds the same due; None if it is not installed."""
    try:
        import zen
    except ImportError:
        return None
    decision = zen.ZenEngine().create_decision(zen_decision())
    records = zen_records(values)
    found = sum(sum(decision.evaluate(record)["result"].values()) for record in records)
    ours = work_through(driver_over(values))
    if found != ours:
        raise RuntimeError(f"zen-engine finds {found} due rules, the evaluator {ours}")
    return statistics.median(seconds(lambda: [decision.evaluate(record) for record in records]) for _ in range(ROUNDS))


def firm(store: Store) -> Service:
    """A store with 20,000 open deals of 50 reps, and as many closed ones."""
    chance, began = random.Random(1), NOW - 200 * DAY_MS
    events = [
        PostedEvent(source="b", key=f"u{n}", event="registered", kind="unit", record=f"rep-{n}", acted_at=began,
                    payload={"level": "rep"})
        for n in range(REPS)
    ]  # fmt: skip
    for number in range(2 * DEALS):
        told = {"source": "b", "kind": "opportunity", "record": str(number)}
        opened = NOW - chance.randrange(1, 19) * DAY_MS
        payload = {"stage": chance.randrange(1, 6), "amount": chance.lognormvariate(10, 1), "needs_summary": "x"}
        events.append(PostedEvent(**told, key=f"r{number}", event="registered", unit=f"rep-{number % REPS}", acted_at=opened,
                                  payload=payload))  # fmt: skip
        events.append(PostedEvent(**told, key=f"c{number}", event="contact", acted_at=opened + DAY_MS // 2))
        if number >= DEALS:
            events.append(PostedEvent(**told, key=f"w{number}", event=chance.choice(("won", "lost")), acted_at=opened + DAY_MS))
    store.append(events, NOW)
    service = Service(store, lambda: NOW + DAY_MS)
    service.activate(twelve_rules(), "benchmark")
    return service


def today(lang: str) -> list[Row]:
    """95th percentile of a rep's list."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Store.open(Path(folder) / "store.db")
        service = firm(store)
        reps = [f"rep-{n % REPS}" for n in range(LISTS)]

        def asked(rep: str) -> float:
            return 1000 * seconds(lambda: advice.today(store, service, SYSTEM, rep, service.clock()))

        times = [asked(rep) for rep in reps]
        store.close()
    p95 = float(np.quantile(times[REPS:], 0.95))
    return [Row(getattr(NAMES["today"], lang), p95, "ms", "100 ms (<= 1)", p95 / 100.0)]
