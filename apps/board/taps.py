"""What a browser may report from the board: checked like any other input, before anything is done."""

from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from coach.events import LONGEST_TEXT, MOST_FIELDS
from coach.problems import CoachError

Does = Literal[
    "advance",
    "end",
    "done",
    "tap",
    "undo",
    "explain",
    "work_out",
    "stop",
    "find",
    "file",
    "apart",
    "join",
    "decide",
    "task",
    "take",
    "finish",
    "ask_desk",
    "answer_desk",
    "take_back",
    "read_note",
    "put",
    "drop",
    "record_note",
    "assign",
    "take_lead",
    "look_over",
    "hand_over",
    "target",
    "begin_review",
    "add_cause",
    "add_evidence",
    "add_improvement",
    "finish_review",
    "close_improvement",
    "coached",
    "say_of_rule",
    "learn",
]
DOES = get_args(Does)
Short = Annotated[str, StringConstraints(max_length=200)]


class Moment(NamedTuple):
    """When something was tapped (ms), and a number that no other tap has: of one that was kept until there was a connection."""

    at: int
    once: str


class Tap(BaseModel):
    """One tap: what to do, and the attributes of what was tapped."""

    model_config = ConfigDict(extra="ignore", strict=True)

    do: Does
    value: Short = ""
    rep: Short = ""
    event: Short = ""
    kind: Short = ""
    record: Short = ""
    key: Short = ""
    at: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,14}$")] = ""
    once: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16})?$")] = ""
    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,9}$")] = ""
    todo: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,9}$")] = ""
    fields: Annotated[
        dict[Short, Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]], Field(max_length=MOST_FIELDS)
    ] = {}

    @property
    def moment(self) -> Moment | None:
        """Of a tap that was kept; None for one that comes at once."""
        return Moment(int(self.at), self.once) if self.at and self.once else None


def tap_of(data: Any) -> Tap:
    """The tap that a browser reports; CoachError for anything that is none."""
    try:
        return Tap.model_validate(data)
    except ValidationError:
        raise CoachError(
            "The page sent something that this board does not know; load it again. Nothing was recorded.",
            "页面发来了看板无法识别的内容，请重新载入页面。未作任何记录。",
        ) from None
