"""An office that can be run, branched, saved and asked for its outcomes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from policies.engine.compile import Rules
from policies.engine.following import Following
from policies.engine.layout import Layout, layout_of
from policies.engine.settings import SETTINGS, settings
from policies.engine.switching import switch
from policies.language.policy import Policy
from policies.language.target_sections import Moves, Targets
from policies.record.book import ROW, Book, longer
from policies.time.calendar_arrays import Days, UnitDays
from sim.office.counting.groups import fix_groups
from sim.office.counting.outcomes import Outcomes, outcomes_of
from sim.office.engine.build import build, exempt_rows, looks, market_corrections, reads_prosperity, unit_names
from sim.office.engine.clocks import run_on_heap
from sim.office.engine.compiled_run import after_switch, pay_to_date
from sim.office.engine.world import GROWING, LEAST_ROOM, World
from sim.office.pipeline import Pipeline
from sim.office.projects.switching import recording_under, with_projects_entered
from sim.office.scenario import Scenario

if TYPE_CHECKING:  # takes a quarter of a second to load, and only a journal needs it
    import pandas as pd

_NEVER_WRITTEN = ("days", "pipeline", "pipeline_own", "pipeline_leaving", "pipeline_sold")
_NESTED = {"book": Book, "rules": Rules, "days": Days, "days.units": UnitDays, "links": Following}


class Office:
    """One office under one policy, in one world.

    Attributes
    ----------
    arrays: all state, see `sim.office.world`
    scenario, policy, seed: what it was built from
    """

    def __init__(self, scenario: Scenario, policy: Policy, arrays: World, seed: int, earlier: tuple[Policy, ...] = ()):
        self.scenario = scenario
        self._earlier = earlier
        self.policy = policy
        self.arrays = arrays
        self.seed = seed

    @classmethod
    def start(
        cls,
        scenario: Scenario,
        policy: Policy,
        world: Mapping[str, float] | None = None,
        seed: int = 1,
        *,
        journal: bool = False,
        beyond: Mapping[str, float] | None = None,
        pipeline: Pipeline | None = None,
    ) -> "Office":
        """An office at the first instant of its warm-up; `world` gives behaviour parameters by name, `beyond` some that may
        lie outside their range. With a `pipeline` it holds a firm's own open deals from the policy date on."""
        return cls(scenario, policy, build(scenario, policy, world, seed, journal, beyond, pipeline), seed)

    @property
    def now(self) -> int:
        """Present instant, ms."""
        return int(self.arrays.state[0].now)

    @property
    def events(self) -> int:
        """Changes of state so far: events on the clock that were not overtaken."""
        return int(self.arrays.state[0].events)

    def run_until(self, until: int) -> None:
        """Run on the compiled clock up to and including an instant, ms."""
        self.arrays = run_on_heap(self.arrays, int(until))

    def mark(self) -> None:
        """Begin counting outcomes now, and fix the groups of reps by what they sold so far."""
        s = self.arrays.state[0]
        s.marked_at = s.now
        s.counting = 1
        s.heat_column = 0
        for array in (
            self.arrays.totals,
            self.arrays.hours,
            self.arrays.weekly,
            self.arrays.histogram,
            self.arrays.profile,
            self.arrays.cohort,
        ):
            array[:] = 0.0
        self.arrays.attainment[:] = np.nan
        fix_groups(self.arrays)
        pay_to_date(self.arrays, True)

    def close(self) -> None:
        """Stop counting: what follows is the run-off, in which only the margin of the window's leads is still told.

        A target's period that runs on is cut: what it has earned by now is paid, and it counts towards no attainment.
        """
        s = self.arrays.state[0]
        pay_to_date(self.arrays, False)
        s.counting = 0
        s.end_at = s.now

    def branch(self, policy: Policy | None = None) -> "Office":
        """A copy that shares nothing; with a policy, that policy is switched on in the copy at this instant."""
        twin = Office(self.scenario, self.policy, _copied(self.arrays), self.seed, self._earlier)
        if policy is not None:
            twin.switch(policy)
        return twin

    def switch(self, policy: Policy) -> None:
        """Put another policy in force now: rules keep their memory by id, targets begin anew if they are set differently."""
        self._earlier = (*self._earlier, self.policy)
        anew, self.policy = _asked(self.policy) != _asked(policy), policy
        layout = self.layout
        o = self.arrays = recording_under(self.arrays, policy, self.scenario.projects, layout)
        units = exempt_rows(self.scenario)
        book, rules = switch(o.book, o.rules, policy.rehearsed, self.now, o.days, units=units, custom=layout)
        heap = longer(o.heap, int(o.state[0].heap_size) + len(book.rows) + LEAST_ROOM)  # every record may have a new due
        self.arrays = o._replace(
            book=book, rules=rules, settings=settings(policy).astype(SETTINGS).view(np.recarray), heap=heap
        )
        self.arrays.market[:] = market_corrections(self.scenario, policy)
        self.arrays.state[0].looks = looks(rules)
        self.arrays.state[0].prosperity_read = int(reads_prosperity(rules))
        after_switch(self.arrays, anew)
        self.arrays = with_projects_entered(self.arrays)

    @property
    def layout(self) -> Layout | None:
        """In which columns stands what only policies name; None where none declares kinds of record."""
        before = [each for each in self._earlier if each.kinds]
        return layout_of([self.policy], before) if before or self.policy.kinds else None

    def outcomes(self) -> Outcomes:
        """What was counted since `mark`."""
        return outcomes_of(self)

    def journal(self) -> "pd.DataFrame":
        """The journal so far, one row per recorded fact; see `policies.records.JOURNAL`."""
        from sim.office.record.journal import journal_frame

        rows = self.arrays.journal[: int(self.arrays.state[0].journal)]
        return journal_frame(rows, unit_names(self.scenario), self.policy, self.layout or Layout({}))

    def save(self, path: Path) -> None:
        """Write the whole state to one file."""
        header = {
            "scenario": self.scenario.model_dump(mode="json"),
            "policy": self.policy.model_dump(mode="json"),
            "seed": self.seed,
            "earlier": [each.model_dump(mode="json") for each in self._earlier if each.kinds],
        }
        arrays: dict[str, Any] = dict(_flat(self.arrays))
        with Path(path).open("wb") as file:
            np.savez_compressed(file, header=np.frombuffer(json.dumps(header).encode(), np.uint8), **arrays)

    @classmethod
    def load(cls, path: Path) -> "Office":
        """Read an office back from `save`; it goes on exactly where it stopped."""
        with np.load(Path(path)) as file:
            header = json.loads(file["header"].tobytes().decode())
            parts = {key: file[key] for key in file.files if key != "header"}
        arrays = _whole(World, "", {key: each.view(np.recarray) if each.dtype.names else each for key, each in parts.items()})
        scenario = Scenario.model_validate(header["scenario"])
        earlier = tuple(map(Policy.model_validate, header["earlier"]))
        return cls(scenario, Policy.model_validate(header["policy"]), arrays, header["seed"], earlier)


def _asked(policy: Policy) -> Targets:
    """What is asked of reps; what moves between units changes nobody's target."""
    return policy.targets.model_copy(update={"moves": Moves()})


def _flat(parts: Any, under: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Every array of a state by its path, such as "days.units.places"."""
    for name, value in parts._asdict().items():
        if under + name in _NESTED:
            yield from _flat(value, f"{under}{name}.")
        else:
            yield under + name, value


def _whole(kind: Any, under: str, arrays: Mapping[str, np.ndarray]) -> Any:
    """A state, or a part of one, from its arrays by their paths."""
    found = {}
    for name in kind._fields:
        path = under + name
        found[name] = _whole(_NESTED[path], f"{path}.", arrays) if path in _NESTED else arrays[path]
    return kind(**found)


_BOOK_COUNTS = {
    "values": "rows", "rows": "rows", "streaks": "rows", "entries": "entries", "changes": "changes", "fired": "fired",
}  # fmt: skip


def _part_copied(array: np.ndarray, used: int) -> np.ndarray:
    """A copy of an array of which only the first `used` rows were ever written; the rest keeps its first value."""
    if array.dtype == np.float64:
        copy = np.full_like(array, np.nan)
    elif array.dtype.names == ROW.names:
        copy = array.copy()
    else:
        copy = np.zeros(array.shape, array.dtype).view(type(array))
    copy[:used] = array[:used]
    return copy


def _book_copied(book: Book) -> Book:
    counts = book.counts[0]
    copied: dict[str, Any] = {
        name: _part_copied(array, int(counts[_BOOK_COUNTS[name]])) if name in _BOOK_COUNTS else array.copy()
        for name, array in book._asdict().items()
    }
    return book._replace(**copied)


def _copied(arrays: World) -> World:
    state = arrays.state[0]
    copies = {}
    for name, value in arrays._asdict().items():
        if name in _NEVER_WRITTEN:
            copies[name] = value
        elif name == "book":
            copies[name] = _book_copied(value)
        elif name in ("rules", "links"):
            copies[name] = type(value)(*(part.copy() for part in value))
        elif name in GROWING:
            copies[name] = _part_copied(value, int(state[GROWING[name]]))
        elif name == "work":
            copies[name] = _part_copied(value, int(state.cases))
        else:
            copies[name] = value.copy()
    return World(**copies)
