"""Two clocks for one model: the compiled heap for experiments, and SimPy for stepping, tracing and company on the clock.

The SimPy clock schedules each posted event in a `simpy.Environment` and hands it back to the same compiled handlers, so both
give the identical journal. Anything else written in SimPy may share the environment; time there is whole milliseconds.
"""

import math
from typing import Any

import numpy as np
import simpy
from simpy.events import EventPriority

from policies.jit.by_reference import pinned
from policies.jit.compiled import JIT_DISABLED
from policies.record.book import grown, longer
from sim.office.engine.compiled_run import DONE, run_compiled, step_hosted
from sim.office.engine.events import ACTORS, DUES, RULES
from sim.office.engine.heap import EVENT_DTYPE
from sim.office.engine.world import (
    FILLED_AT_ONCE,
    GROWING,
    World,
    doubled,
    records,
    room_for_links,
    room_for_one_event,
)

_CLASS_BITS = 56
# By class of event. SimPy keeps 0 and 1 for itself; a foreign process at the same instant goes first.
_PRIORITIES = tuple(EventPriority(2 + each) for each in (ACTORS, DUES, RULES))


def enlarged(o: World) -> World:
    """The same office with every array that is filling up doubled, as often as one event may need."""
    s = o.state[0]
    room = room_for_one_event(o)
    changes: dict[str, Any] = {}  # each an array of its own type
    for name, counter in GROWING.items():
        array = getattr(o, name)
        if name == "journal" and not s.journal_on:
            continue
        wanted = max(s[counter] + room if name in FILLED_AT_ONCE else 0, math.ceil(4 * s[counter] / 3))
        while len(array) < wanted:
            array = changes[name] = doubled(array)
    if "cases" in changes:
        changes["work"] = longer(o.work, len(changes["cases"]))
        changes["signals"] = np.zeros((3, len(changes["cases"])))
    if len(o.outbox) < room:
        changes["outbox"] = longer(o.outbox, 2 * room)
    book = grown(o.book)
    if len(book.rows) > len(o.slots):
        slots = np.zeros(len(book.rows), np.int64)
        slots[: len(o.slots)] = o.slots
        changes["slots"] = slots
    if 1 < len(o.edge_heads) < len(book.rows):
        changes |= with_room_for_links(o, len(book.rows))
    return o._replace(book=book, **changes)


def with_room_for_links(o: World, rows: int) -> dict[str, np.ndarray]:
    """What is kept of links, for so many rows."""
    room = room_for_links(rows)
    room["edge_heads"][: len(o.edge_heads)] = o.edge_heads
    return room


def run_on_heap(o: World, until: int) -> World:
    """Run the compiled clock up to and including `until`; returns the arrays, which may have been enlarged."""
    if JIT_DISABLED:
        with np.errstate(over="ignore"):
            return _run(o, until)
    return _run(o, until)


def _run(o: World, until: int) -> World:
    while run_compiled(o, until) != DONE:
        o = enlarged(o)
    return o


class SimpyClock:
    """The office under SimPy.

    Parameters
    ----------
    office: the `Office` to run; its pending events move into the environment until `release`
    env: an environment to share, in milliseconds, `env.now` not behind the office's next event; a new one if None
    """

    def __init__(self, office, env: simpy.Environment | None = None):
        self.office = office
        self.env = simpy.Environment(initial_time=office.now) if env is None else env
        self._pending: dict[int, tuple] = {}
        self._bind(office.arrays)
        heap = np.sort(self._o.heap[: int(self._o.state[0].heap_size)], order=("time", "order"))
        self._o.state[0].hosted = 1
        self._o.state[0].heap_size = 0
        for event in heap.tolist():
            self._schedule(*event[:5])

    def _bind(self, arrays: World) -> None:
        self._o = self.office.arrays = arrays
        self._outbox = arrays.outbox
        # Unpacked for good: working out the arrays anew for every event would cost more than the event.
        self._pinned = pinned(arrays)

    def _schedule(self, time: int, order: int, kind: int, a: int, b: int) -> None:
        event = simpy.Event(self.env)
        event._ok = True
        event._value = self._pending[order] = (time, order, kind, a, b)
        event.callbacks.append(self._due)
        self.env.schedule(event, _PRIORITIES[order >> _CLASS_BITS], time - self.env.now)

    def _due(self, event: simpy.Event) -> None:
        time, order, kind, a, b = event._value
        del self._pending[order]
        posted = step_hosted(self._pinned, time, kind, a, b)
        if posted < 0:
            posted = -1 - posted
            self._bind(enlarged(self._o))
        for row in self._outbox[:posted].tolist():
            self._schedule(*row)

    def step(self) -> int:
        """Let the environment handle its next event, the office's or a foreign one; returns the instant."""
        self.env.step()
        return int(self.env.now)

    def run_until(self, until: int) -> None:
        """Run up to and including `until`."""
        while self.env.peek() <= until:
            self.env.step()
        self._o.state[0].now = max(until, int(self._o.state[0].now))

    def release(self) -> None:
        """Give the pending events back to the office, so that it can be saved, branched or run on its own clock."""
        s = self._o.state[0]
        s.hosted = 0
        pending = sorted(self._pending.values())
        while len(pending) + 4096 > len(self._o.heap):
            self.office.arrays = self._o = self._o._replace(heap=doubled(self._o.heap))
        heap = records(EVENT_DTYPE, len(self._o.heap))
        for place, (time, order, kind, a, b) in enumerate(pending):
            heap[place].time, heap[place].order, heap[place].kind, heap[place].a, heap[place].b = time, order, kind, a, b
        self._o.heap[:] = heap
        s.heap_size = len(pending)
        self._pending.clear()
