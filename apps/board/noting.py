"""A note of a meeting on one board: what was typed or dictated, what it says, and what was put right before it is recorded."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from apps.board.taps import Tap
from coach.noting.asking import Reading, endpoint_of, read
from coach.noting.reading import FIELDS, Found, others_in
from coach.noting.recording import competitors_known, record_note, typed
from coach.problems import CoachError
from coach.rules.service import Service
from coach.store import Store, Viewer, reading

_ASKING = ThreadPoolExecutor(max_workers=4, thread_name_prefix="notes")
"""An endpoint may take seconds: nobody else's page waits for it."""


class Noting:
    """The note that one visitor works on. `fields`: what it says, by field, as it stands now; `others`: what else a field could
    mean; `told`: how it was read, None before."""

    def __init__(self, store: Store, service: Service, viewer: Viewer):
        self._store, self._service, self._viewer = store, service, viewer
        self.record, self.text = "", ""
        self.fields: dict[str, Found] = {}
        self.others: list[Found] = []
        self.told: Reading | None = None
        self._asked: Future[Reading] | None = None

    def deals(self) -> list[dict]:
        """Open deals that the viewer may note about, the latest first."""
        found = reading.records(self._store, self._viewer, kind="opportunity", status="open", limit=reading.MOST)
        return sorted(found, key=lambda each: -each["updated_at"])

    def open(self, record: str) -> None:
        """Begin with a deal."""
        self._forget()
        self.record = record

    @property
    def waits(self) -> bool:
        """Whether the endpoint is still being asked; when it has answered, its reading is taken."""
        if self._asked is not None and self._asked.done():
            self._take(self._asked.result())
        return self._asked is not None

    def read(self, record: str, text: str) -> None:
        """Read a note; CoachError for a deal that is not the viewer's to see, or for nothing written."""
        reading.record(self._store, self._viewer, "opportunity", record)
        if not text.strip():
            raise CoachError("Write or dictate a note first.", "请先输入或口述记录。")
        self._forget()
        self.record, self.text = record, text.strip()
        store = self._store
        asked = (self.text, self._service.clock(), store.calendar, store.currency, competitors_known(store), endpoint_of())
        if asked[-1] is None:
            self._take(read(*asked))
        else:
            self._asked = _ASKING.submit(read, *asked)

    def put(self, number: int) -> str:
        """Put another meaning in the place of what stands; returns its field."""
        if not 0 <= number < len(self.others):
            raise CoachError("The note was read anew; choose again.", "记录已重新识别，请重新选择。")
        chosen = self.others[number]
        replaced = self.fields.get(chosen.field)
        self.fields[chosen.field] = chosen
        self.others[number : number + 1] = [] if replaced is None else [replaced]
        return chosen.field

    def drop(self, field: str) -> None:
        """The note does not say that."""
        if (dropped := self.fields.pop(field, None)) is not None:
            self.others.append(dropped)

    def keep(self, fields: Mapping[str, str]) -> str:
        """Record the note with its fields as they were typed; returns the deal."""
        zone, currency = self._store.calendar.zone, self._store.currency
        values = {name: typed(name, text, zone, currency) for name, text in fields.items() if name in FIELDS}
        step = fields.get("step", "")
        record_note(
            self._store, self._service, self._viewer, self.record, self.text, values, step=step, met=fields.get("met") == "1"
        )
        record = self.record
        self._forget()
        return record

    def _take(self, told: Reading) -> None:
        self._asked, self.told = None, told
        self.fields = {each.field: each for each in told.found}
        store = self._store
        self.others = others_in(self.text, told.found, self._service.clock(), store.calendar, store.currency)

    def _forget(self) -> None:
        self.record, self.text, self.fields, self.others, self.told, self._asked = "", "", {}, [], None, None


def _read(board, tap: Tap) -> list[str]:
    typed_names = names_kept(board.noting.record)
    board.noting.read(tap.fields.get("record", ""), tap.fields.get("text", ""))
    return typed_names


def _put(board, tap: Tap) -> list[str]:
    field = board.noting.put(int(tap.number or -1))
    return [name_kept(board.noting.record, each) for each in (field, "step")]


def _drop(board, tap: Tap) -> list[str]:
    board.noting.drop(tap.value)
    return [name_kept(board.noting.record, each) for each in (tap.value, "step")]


def _keep(board, tap: Tap) -> list[str]:
    record = board.noting.keep(tap.fields)
    board.tell(board.say("notes.recorded", record=board.called("opportunity", record)), "better")
    return names_kept(record)


def name_kept(record: str, field: str) -> str:
    """By which name the browser keeps what is typed of a note on a deal."""
    return f"note.{record}.{field}"


def names_kept(record: str) -> list[str]:
    """All such names of a deal."""
    return [name_kept(record, each) for each in ("text", "step", *FIELDS)]


TAPS = {"read_note": _read, "put": _put, "drop": _drop, "record_note": _keep}
