"""What a person asks of a desk on the board, and what a desk answers there."""

from apps.board.recording import typed
from apps.board.taps import Tap
from coach.desks import answering, asking
from coach.problems import CoachError
from coach.rules.service import Service
from coach.store import Store, Viewer

CHOICES = (
    "presales_answer", "legal_answer", "delivery_answer", "finance_answer", "manager_answer", "legal_approval",
    "presales_approval", "delivery_approval", "finance_approval", "manager_approval", "finance_expense", "manager_discount",
)  # fmt: skip
"""What can be asked of whom, in the order in which it is offered."""
_AMOUNTS = {"expense": "sum", "discount": "discount"}


class Requesting:
    """Asks and answers for one viewer. Raises CoachError with what is missing."""

    def __init__(self, store: Store, service: Service, viewer: Viewer):
        self._store, self._service, self._viewer = store, service, viewer

    def ask(self, fields: dict[str, str]) -> None:
        """Ask what the form says."""
        wanted = fields.get("wanted", "")
        if wanted not in CHOICES:
            raise CoachError("Choose what you ask for.", "请选择请求内容。")
        desk, asked_for = wanted.split("_", 1)
        named = _AMOUNTS.get(asked_for)
        amount = None
        if named is not None and fields.get("amount", "").strip():
            amount = typed("request", named, fields["amount"], self._store.calendar.zone)
        told = {named: float(amount)} if named is not None and amount is not None else {}
        question = fields.get("question", "")
        asking.ask_desk(self._service, self._viewer, asking.Wanted(fields.get("deal", ""), desk, asked_for, question, **told))

    def answer(self, request: str, how: str, text: str) -> None:
        """Answer in words, grant or refuse: `how` is empty, granted or refused."""
        granted = {"granted": True, "refused": False}.get(how)
        answering.answer(self._service, self._viewer, request, text, granted)

    def take_back(self, request: str) -> None:
        """Take a request back."""
        asking.withdraw(self._service, self._viewer, request)


def _ask(board, tap: Tap) -> list[str]:
    board.requesting.ask(tap.fields)
    board.tell(board.say("requests.sent"), "better")
    return ["requests.amount", "requests.question"]


def _answer(board, tap: Tap) -> list[str]:
    board.requesting.answer(tap.record, tap.value, tap.fields.get("answer", ""))
    board.tell(board.say("requests.told"), "better")
    return [f"answer.{tap.record}.{tap.value}"]


def _take_back(board, tap: Tap) -> None:
    board.requesting.take_back(tap.record)


TAPS = {"ask_desk": _ask, "answer_desk": _answer, "take_back": _take_back}
