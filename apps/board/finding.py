"""Looking for a customer before one is filed, and pursuing one together: what one visitor has asked and found."""

from apps.board.recording import LEAD_FIELDS, Recording
from apps.board.taps import Tap
from coach.customers import pursuits
from coach.customers.described import described
from coach.customers.register import Register
from coach.customers.searching import Known, check_telling, search
from coach.problems import CoachError
from coach.rules.refusing import refusal_words
from coach.rules.service import Service
from coach.store import Store, Viewer


class Finding:
    """What is sought and found on one board. `typed`: the fields as they were last sent; `found`: None before a search.

    `refused`: those that a lead could not be filed for.
    """

    def __init__(self, store: Store, service: Service, viewer: Viewer, customers: Register, recording: Recording):
        self._store, self._service, self._viewer = store, service, viewer
        self._customers, self._recording = customers, recording
        self.typed: dict[str, str] = {}
        self.found: list[Known] | None = None
        self.refused: list[Known] = []

    def find(self, fields: dict[str, str]) -> None:
        """Look for the customer that somebody typed. Raises CoachError for too little."""
        self.typed = {name: fields.get(name, "").strip() for name in LEAD_FIELDS}
        self.found, self.refused = None, []
        wanted = described(
            self.typed["customer"], self.typed["tax_number"], self.typed["phone"], country=self._customers.country
        )
        if wanted.says_nothing:
            raise CoachError("Write a name, a telephone or a tax number.", "请填写名称、电话或税号。")
        check_telling(wanted)
        self.found = search(self._store, self._customers, self._viewer, wanted)

    def file(self, fields: dict[str, str] | None, *, apart: bool = False) -> str | None:
        """File what was typed as a new lead; returns the customer's name, or None where it is likely known.

        `apart`: the person says that it is none of those for whom it was refused.
        """
        if fields is not None:
            self.typed = {name: fields.get(name, "").strip() for name in LEAD_FIELDS}
        others = [record.id for each in self.refused for record in each.records] if apart else []
        done = self._recording.file_lead(self._customers, self.typed, others)
        self.refused = done.known
        if done.refusal is not None and not done.known:
            told = refusal_words(self._service, done.refusal)
            raise CoachError(told["en"], told["zh"])
        if done.refusal is not None:
            self.found = None
            return None
        name = self.typed["customer"]
        self.typed, self.found = {}, None
        return name

    def pursuits(self) -> list[dict]:
        """Running joint pursuits that the viewer sees."""
        return pursuits.pursuits(self._store, self._viewer)

    def waiting(self) -> int:
        """How many requests wait for the viewer's own answer as the owner."""
        asked = (each for each in self.pursuits() if each["state"] == pursuits.ASKED)
        return sum(each["may_decide"] and each["owner_unit"] == self._viewer.unit for each in asked)

    def ask_to_join(self, kind: str, record: str, reason: str) -> None:
        """Ask the owner of a record."""
        pursuits.ask_to_join(self._store, self._viewer, kind, record, reason, self._service.clock())

    def decide(self, number: int, state: str) -> None:
        """Agree, decline or end."""
        pursuits.decide(self._store, self._viewer, number, state, self._service.clock())

    def add_task(self, number: int, text: str) -> None:
        """Put a task into the pool."""
        pursuits.add_task(self._store, self._viewer, number, text, self._service.clock())

    def take(self, task: int) -> None:
        """Take a task."""
        pursuits.take_task(self._store, self._viewer, task, self._service.clock())

    def finish(self, task: int) -> None:
        """A task is done."""
        pursuits.finish_task(self._store, self._viewer, task, self._service.clock())


def _find(board, tap: Tap) -> None:
    board.finding.find(tap.fields)


def _file(board, tap: Tap) -> list[str]:
    return _filed(board, board.finding.file(tap.fields or None))


def _file_apart(board, _tap: Tap) -> list[str]:
    return _filed(board, board.finding.file(None, apart=True))


def _filed(board, name: str | None) -> list[str]:
    if name is None:
        board.tell(board.say("customers.known_told"), "worse")
        return []
    board.tell(board.say("customers.filed", name=name), "better")
    return [f"customers.{field}" for field in LEAD_FIELDS]


def _join(board, tap: Tap) -> list[str]:
    board.finding.ask_to_join(tap.kind, tap.record, tap.fields.get("reason", ""))
    board.tell(board.say("customers.asked"), "better")
    return [f"join.{tap.record}"]


def _decide(board, tap: Tap) -> None:
    board.finding.decide(int(tap.number or -1), tap.value)


def _add_task(board, tap: Tap) -> list[str]:
    board.finding.add_task(int(tap.number or -1), tap.fields.get("text", ""))
    return [f"task.{tap.number}"]


def _take(board, tap: Tap) -> None:
    board.finding.take(int(tap.number or -1))


def _finish(board, tap: Tap) -> None:
    board.finding.finish(int(tap.number or -1))


TAPS = {
    "find": _find, "file": _file, "apart": _file_apart, "join": _join, "decide": _decide, "task": _add_task, "take": _take,
    "finish": _finish,
}  # fmt: skip
