"""Moving a deal on from the board: to another stage, to its end; through the policy's gates, which are answered in place."""

from markupsafe import Markup

from apps.board import recent
from apps.board.asking import asking_form, to_requests
from apps.board.taps import Tap
from coach.problems import CoachError
from coach.rules.refusing import refusal_words
from coach.rules.stretch import GateRefusal
from coach.store import reading
from policies.record.records import APPROVALS

ENDS = ("won", "lost", "no_decision")


def _advance(board, tap: Tap) -> None:
    stages = len(board.policy.stages)
    if not tap.value.isascii() or not tap.value.isdigit() or not 1 <= int(tap.value) <= stages:
        raise CoachError("There is no such stage.", "没有该阶段。")
    if _open_deal(board, tap.record)["values"].get("stage") == float(tap.value):
        raise CoachError("The deal is in that stage already; nothing was recorded.", "该商机已在此阶段；未作任何记录。")
    _step(board, "advanced", tap.record, {"stage": float(tap.value)}, board.write.stage(board.policy, float(tap.value)))


def _end(board, tap: Tap) -> None:
    if tap.value not in ENDS:
        raise CoachError("A deal ends won, lost or without a decision.", "商机的结果须为赢单、输单或未决策。")
    _open_deal(board, tap.record)
    _step(board, tap.value, tap.record, {}, board.say(f"story.{tap.value}"))


def _open_deal(board, record: str) -> dict:
    """The deal as it stands; CoachError where it has ended, as a page that was drawn before does not know."""
    deal = reading.record(board.store, board.viewer, "opportunity", record)
    if deal["status"] != "open":
        raise CoachError("The deal has ended already; nothing was recorded.", "该商机已有结果；未作任何记录。")
    return deal


def _step(board, event: str, record: str, payload: dict, what: str) -> None:
    key, refusal = board.recording.step(event, record, payload)
    if refusal is not None:
        board.tell(refusal_words(board.service, refusal)[board.language], "worse", _in_place(board, refusal))
        return
    board.told_key = key
    told = board.say("advance.done", record=board.called("opportunity", record), what=what)
    board.tell(told, "better", recent.take_back(board, key, "opportunity", record))


def _in_place(board, refusal: GateRefusal) -> Markup:
    """What is missing, to be filled in here; what a desk has to grant is asked for on its own page."""
    fields = [name for name in refusal.missing if name not in APPROVALS]
    form = asking_form(board, refusal.kind, refusal.record, fields) if fields else Markup("")
    return form + (to_requests(board) if len(fields) < len(refusal.missing) else Markup(""))


def choices(board, record: str, stage: float | None) -> Markup:
    """For an open deal of the viewer's own: the stages to move it to, and the ways in which it can end."""
    if board.viewer.role != "rep":
        return Markup("")
    number = int(stage) if stage is not None and stage == stage else 0
    onward = Markup("")
    if number < len(board.policy.stages):
        onward = Markup("<button data-do='advance' data-record='{}' data-value='{}'>{}</button>").format(
            record, number + 1, board.say("advance.to", stage=board.write.stage(board.policy, number + 1))
        )
    ends = Markup("").join(
        Markup("<button class='quiet' data-do='end' data-record='{}' data-value='{}'>{}</button>").format(
            record, each, board.say(f"story.{each}")
        )
        for each in ENDS
    )
    ended = Markup("<details class='ends'><summary>{}</summary><p class='taps'>{}</p></details>")
    return Markup("<p class='taps'>{}</p>{}").format(onward, ended.format(board.say("advance.ends"), ends))


TAPS = {"advance": _advance, "end": _end}
