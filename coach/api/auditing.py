"""Addresses for what people say of rules, what was learned, and the audit of rules and fields."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from coach.api.access import Asking, InStore, Now
from coach.api.records import Kind
from coach.auditing import feedback
from coach.auditing.audit import WEEKS, audit
from coach.events import Identifier

router = APIRouter(tags=["policy"])
Rule = Annotated[str, Path(max_length=200)]


class Feedback(BaseModel):
    """What somebody says of a rule, on a record where it acted."""

    model_config = ConfigDict(extra="forbid")
    verdict: Literal["helps", "in_the_way", "wrong"]
    why: str = Field("", max_length=feedback.LONGEST)
    kind: Kind | None = None
    record: Identifier | None = None


class Lesson(BaseModel):
    """What was learned of a rule."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=feedback.LONGEST)


@router.get("/rules/audit", summary="Audit of rules and fields")
def get_audit(
    viewer: Asking, store: InStore, now: Now, weeks: Annotated[int, Query(ge=1, le=104)] = WEEKS
) -> dict[str, Any]:
    """Each rule: fired, followed within seven days, what became of the records, alerts and minutes, what was said. Each field
    that is asked for: how often it is there, who uses it. Proposals to drop or loosen, each a whole policy to rehearse.
    `changed_an_outcome` is always null: the record alone cannot say it."""
    return audit(store, viewer, now, weeks).document()


@router.post("/rules/{rule}/feedback", summary="Say that a rule helps, is in the way or wrong")
def post_feedback(rule: Rule, said: Feedback, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """Your latest word on a rule and record counts."""
    return {"number": feedback.say(store, viewer, rule, said.verdict, said.why, now, said.kind, said.record)}


@router.post("/rules/{rule}/lessons", summary="Keep what was learned with a rule")
def post_lesson(rule: Rule, lesson: Lesson, viewer: Asking, store: InStore, now: Now) -> dict[str, int]:
    """For managers, operations and administrators."""
    return {"number": feedback.learn(store, viewer, rule, lesson.text, now)}


@router.get("/rules/{rule}/learned", summary="What was said and learned of a rule")
def get_learned(rule: Rule, viewer: Asking, store: InStore) -> dict[str, Any]:
    """What was said as far as you may read it, lessons, and for managers how it fared from change to change of the rule."""
    return feedback.learned(store, viewer, rule)
