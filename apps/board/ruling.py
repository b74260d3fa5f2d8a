"""What is tapped about rules: what one is worth, and what was learned of it."""

from apps.board.taps import Tap
from coach.auditing import feedback


def _say(board, tap: Tap) -> list[str]:
    verdict, why = tap.fields.get("verdict", ""), tap.fields.get("why", "")
    kind, record = tap.kind or None, tap.record or None
    feedback.say(board.store, board.viewer, tap.value, verdict, why, board.service.clock(), kind, record)
    board.tell(board.say("rules.thanks"), "better")
    return [f"why.{tap.value}.{tap.record}"]


def _learn(board, tap: Tap) -> list[str]:
    feedback.learn(board.store, board.viewer, tap.value, tap.fields.get("text", ""), board.service.clock())
    return [f"lesson.{tap.value}"]


TAPS = {"say_of_rule": _say, "learn": _learn}
