"""Many events at once, from rows of files or the body of a request."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from coach.events import (
    BETWEEN,
    CONTROL,
    EARLIEST,
    LARGEST,
    LATEST,
    LONGEST_TEXT,
    MOST_FIELDS,
    Fault,
    PostedEvent,
    fault_of,
    kept_value,
)
from coach.money import CURRENCY, MONEY
from policies.record.records import ACTOR_EVENTS

_NAMES = frozenset(PostedEvent.model_fields) - {"intent", "voids", "not_the_same"}
_EVENTS = frozenset(ACTOR_EVENTS) - {"voided", "spent"}
"""Events of which every number is as good as any other."""
_VALUES = frozenset({float, str, bool, type(None)})
_LONGEST_NAME = 200
_NO_SHARE = 30.0


def read_events(rows: Iterable[Mapping[str, Any]]) -> tuple[list[PostedEvent], list[tuple[int, Fault]]]:
    """The events among some rows, and (position, what is wrong) of the others."""
    events, faults, plain = [], [], _Plain()
    for position, row in enumerate(rows):
        try:
            events.append(plain.event(row) or PostedEvent.model_validate(row))
        except ValidationError as error:
            faults.append((position, fault_of(error)))
    return events, faults


class _Fields:
    """Attributes by which the dictionaries of a million events share their keys, which would take half of the memory."""

    def __init__(self, source, key, event, kind, record, unit, acted_at, recorded_at, payload, dated):
        self.source, self.key, self.event, self.kind, self.record, self.unit = source, key, event, kind, record, unit
        self.acted_at, self.recorded_at, self.payload = acted_at, recorded_at, payload
        self.voids, self.dated, self.intent, self.not_the_same = None, dated, None, ()


class _Plain:
    """Reads rows in which nothing is odd. The model would give the same events, and take five times as long."""

    def __init__(self) -> None:
        self._clean: set[str] = set()
        self._fields: dict[tuple[str, str], tuple[bool, bool]] = {}
        self._given: dict[tuple[str, ...], set[str]] = {}
        self._told: dict[tuple[str, Any], dict[str, Any]] = {}

    def event(self, row: Mapping[str, Any]) -> PostedEvent | None:
        """The event of a row; None where the model has to look at it."""
        get = row.get
        source, key, name, kind, record = get("source"), get("key"), get("event"), get("kind"), get("record")
        unit, dated, payload = get("unit"), get("dated", True), get("payload", {})
        acted, stamp = get("acted_at"), get("recorded_at")
        if (
            not row.keys() <= _NAMES or type(dated) is not bool or type(name) is not str or name not in _EVENTS
            or type(kind) is not str or kind not in MONEY or type(acted) is not int or not EARLIEST <= acted < LATEST
            or (stamp is not None and (type(stamp) is not int or not acted <= stamp < LATEST))
            or not self._is_name(source) or not _is_clean(key) or not self._is_name(record)
            or (unit is not None and not self._is_name(unit)) or type(payload) is not dict
        ):  # fmt: skip
            return None
        kept = self._kept(kind, payload)
        if kept is None:
            return None
        return _made(self._names(row), _Fields(source, key, name, kind, record, unit, acted, stamp, kept, dated))

    def _is_name(self, text: Any) -> bool:
        """Names of records come again and again, those of events do not."""
        if type(text) is not str:
            return False
        if text not in self._clean:
            if not _is_clean(text):
                return False
            self._clean.add(text)
        return True

    def _kept(self, kind: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        if CURRENCY in payload or len(payload) > MOST_FIELDS:
            return None
        kept = {}
        for name, value in payload.items():
            if type(name) is not str or type(value) not in _VALUES:
                return None
            if not self._stays(kind, name, value):
                try:
                    value = kept_value(kind, name, value)
                except PydanticCustomError:
                    return None
            kept[name] = value
        # What stands alone, as stages do, comes again and again.
        return self._told.setdefault(next(iter(kept.items())), kept) if len(kept) == 1 else kept

    def _stays(self, kind: str, name: str, value: Any) -> bool:
        """Whether a value is kept as it is: numbers in fields of numbers, and texts in those of texts."""
        numbers, texts = self._fields.get((kind, name)) or self._fields.setdefault((kind, name), _taken_by(kind, name))
        if type(value) is float:
            return numbers and -LARGEST <= value <= LARGEST
        is_text = type(value) is str and texts and 0 < len(value) <= LONGEST_TEXT
        return is_text and not CONTROL.search(value) and not value.isspace()

    def _names(self, row: Mapping[str, Any]) -> set[str]:
        return self._given.setdefault(tuple(row), set(row))


def _taken_by(kind: str, name: str) -> tuple[bool, bool]:
    """Whether a field keeps any number, and any text, as it is."""
    taken = []
    for value in (0.5, _NO_SHARE, "any text"):
        try:
            taken.append(kept_value(kind, name, value) == value)
        except PydanticCustomError:
            taken.append(False)
    return all(taken[:2]) and (kind, name) not in BETWEEN, taken[2]


def _is_clean(text: Any) -> bool:
    return type(text) is str and 0 < len(text) <= _LONGEST_NAME and not CONTROL.search(text) and not text.isspace()


def _made(names: set[str], fields: _Fields) -> PostedEvent:
    """What `PostedEvent.model_construct` does."""
    event, put = PostedEvent.__new__(PostedEvent), object.__setattr__
    put(event, "__dict__", fields.__dict__)
    put(event, "__pydantic_fields_set__", names)
    put(event, "__pydantic_extra__", None)
    put(event, "__pydantic_private__", None)
    return event
