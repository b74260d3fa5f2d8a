"""What is tapped in reviews: causes, evidence and improvements are added, a review is finished, an improvement is made."""

from apps.board.taps import Tap
from coach.retrospective import improvements, reviews


def _begin(board, tap: Tap) -> list[str]:
    reviews.begin(board.store, board.viewer, tap.fields.get("title", ""), board.service.clock())
    return ["review.title"]


def _add_cause(board, tap: Tap) -> list[str]:
    kind, text = tap.fields.get("kind", ""), tap.fields.get("text", "")
    reviews.add_cause(board.store, board.viewer, _number(tap.number), kind, text, board.service.clock())
    return [f"cause.{tap.number}"]


def _add_evidence(board, tap: Tap) -> list[str]:
    kind, text, source = (tap.fields.get(name, "") for name in ("kind", "text", "source"))
    reviews.add_evidence(board.store, board.viewer, _number(tap.number), kind, text, source, board.service.clock())
    return [f"evidence.{tap.number}", f"source.{tap.number}"]


def _add_improvement(board, tap: Tap) -> list[str]:
    cause, department, text = (tap.fields.get(name, "") for name in ("cause", "department", "text"))
    reviews.add_improvement(
        board.store, board.viewer, _number(tap.number), _number(cause), department, text, board.service.clock()
    )
    return [f"improvement.{tap.number}"]


def _finish(board, tap: Tap) -> None:
    done = reviews.finish(board.store, board.viewer, _number(tap.number), board.service.clock())
    board.service.on_change()
    name, tone = ("reviews.sent", "better") if done.state == reviews.VALID else ("reviews.voided", "worse")
    board.tell(board.say(name), tone)


def _close(board, tap: Tap) -> list[str]:
    improvements.close(board.store, board.viewer, _number(tap.number), tap.fields.get("outcome", ""), board.service.clock())
    board.tell(board.say("told.done"), "better")
    return [f"outcome.{tap.number}"]


def _number(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else -1


TAPS = {
    "begin_review": _begin, "add_cause": _add_cause, "add_evidence": _add_evidence, "add_improvement": _add_improvement,
    "finish_review": _finish, "close_improvement": _close,
}  # fmt: skip
