"""Holding a review: causes of three kinds, a pack of evidence of three kinds, and improvements for departments.

A review is open until whoever holds it finishes it. With at least one cause, and evidence of all three kinds, it is valid and
its improvements go to their departments; without, it is void: nothing goes out, and it counts as void until the pack is
complete and it is finished again.
"""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, insert, or_, select, update

from coach.problems import CoachError, NotAllowed, not_found
from coach.retrospective.vague import better_question, says_too_little
from coach.store import tables
from coach.store.database import next_number
from coach.store.store import Store, audited
from coach.store.titles import titles
from coach.store.viewer import Viewer, ask, may_see

CAUSES = ("process_gap", "missing_tool", "skill_gap")
EVIDENCE = ("record", "customer_words", "document")
"""What is recorded, the customer's own words, and a document such as a quote, a contract or a measurement."""
OPEN, VALID, VOID = "open", "valid", "void"
ROLES = ("manager", "operations", "admin")
HOURS_TO_ACT = 72
HOUR_MS = 3_600_000
LONGEST, MOST = 2000, 200
_review, _cause, _evidence = tables.review.c, tables.review_cause.c, tables.review_evidence.c
_improvement, _record = tables.improvement.c, tables.record.c


class VagueCause(CoachError):
    """A cause that blames or says nothing, with the question that leads to one."""

    code = "vague_cause"


class Finished(NamedTuple):
    """What became of a review: its state, and the kinds of evidence that are missing."""

    state: str
    missing: tuple[str, ...]


def begin(store: Store, viewer: Viewer, title: str, at: int, kind: str | None = None, record: str | None = None) -> int:
    """Begin a review, of a record where it is about one; returns its number."""
    ask(viewer, *ROLES)
    with store.write() as connection:
        row = None if kind is None or record is None else _row(connection, viewer, kind, record)
        number = next_number(connection, _review.number)
        connection.execute(
            insert(tables.review).values(
                number=number, title=_text(title), record=row, unit=viewer.unit, held_by=viewer.name, begun_at=at, state=OPEN
            )
        )
        audited(connection, at, viewer.name, "review_begun", str(number))
        return number


def add_cause(store: Store, viewer: Viewer, review: int, kind: str, text: str, at: int) -> int:
    """Add a cause; VagueCause, with a better question, for one that blames or says nothing."""
    _one_of(kind, CAUSES)
    kept = _text(text)
    if (question := better_question(kept)) is not None:
        raise VagueCause(
            f"{question.words!r} is no cause. Ask instead: {question.en}", f"“{question.words}”不是原因。请改问：{question.zh}"
        )
    if says_too_little(kept):
        raise VagueCause(
            "Say what exactly was missing: which step, which tool or which skill, and where.",
            "请具体写明缺什么：哪个环节、哪件工具或哪项技能，在何处。",
        )
    with store.write() as connection:
        _changeable(connection, viewer, review)
        number = next_number(connection, _cause.number)
        connection.execute(
            insert(tables.review_cause).values(
                number=number, review=review, kind=kind, text=kept, said_by=viewer.name, said_at=at
            )
        )
        return number


def add_evidence(store: Store, viewer: Viewer, review: int, kind: str, text: str, source: str, at: int) -> int:
    """Add a piece of evidence: what it shows, and where it can be looked up."""
    _one_of(kind, EVIDENCE)
    with store.write() as connection:
        _changeable(connection, viewer, review)
        number = next_number(connection, _evidence.number)
        connection.execute(
            insert(tables.review_evidence).values(
                number=number, review=review, kind=kind, text=_text(text), source=_text(source), said_by=viewer.name, said_at=at
            )
        )
        return number


def add_improvement(store: Store, viewer: Viewer, review: int, cause: int, department: str, text: str, at: int) -> int:
    """Add what a department is to improve about a cause; it goes out with the review. `department`: a unit of the firm."""
    with store.write() as connection:
        _changeable(connection, viewer, review)
        if connection.scalar(select(_cause.number).where(_cause.number == cause, _cause.review == review)) is None:
            raise not_found("cause", "原因", str(cause))
        if connection.scalar(select(_record.row).where(_record.kind == "unit", _record.id == department)) is None:
            raise not_found("department", "部门", department)
        number = next_number(connection, _improvement.number)
        connection.execute(
            insert(tables.improvement).values(
                number=number, review=review, cause=cause, department=department, text=_text(text)
            )
        )
        audited(connection, at, viewer.name, "improvement_added", str(number), review=review)
        return number


def finish(store: Store, viewer: Viewer, review: int, at: int) -> Finished:
    """Finish a review: valid with a cause and all three kinds of evidence, else void. What is valid stays so."""
    with store.write() as connection:
        _changeable(connection, viewer, review)
        has_cause = connection.scalar(select(_cause.number).where(_cause.review == review).limit(1)) is not None
        if not has_cause:
            raise CoachError("Name at least one cause first.", "请先写明至少一个原因。")
        there = set(connection.scalars(select(_evidence.kind).where(_evidence.review == review)))
        missing = tuple(kind for kind in EVIDENCE if kind not in there)
        state = VOID if missing else VALID
        connection.execute(update(tables.review).where(_review.number == review).values(state=state, finished_at=at))
        if state == VALID:
            due = at + HOURS_TO_ACT * HOUR_MS
            mine = _improvement.review == review
            connection.execute(update(tables.improvement).where(mine).values(sent_at=at, due_at=due))
        audited(connection, at, viewer.name, f"review_{state}", str(review), missing=list(missing))
        return Finished(state, missing)


def reviews(store: Store, viewer: Viewer, limit: int = MOST) -> list[dict[str, Any]]:
    """Reviews that a viewer may see, the latest first, each with its causes, evidence and improvements."""
    ask(viewer, *ROLES)
    with store.read() as connection:
        query = _seen(viewer).order_by(_review.number.desc()).limit(min(limit, MOST))
        found = [dict(row._mapping) for row in connection.execute(query)]
        called = titles(connection, (each["record"] for each in found if each["record"] is not None))
        numbers = [each["number"] for each in found]
        parts = {
            name: _by_review(connection, table, numbers)
            for name, table in (
                ("causes", tables.review_cause), ("evidence", tables.review_evidence), ("improvements", tables.improvement),
            )
        }  # fmt: skip
    return [
        {name: value for name, value in each.items() if name != "record"}
        | {"about": called.get(each["record"])} | {name: parts[name].get(each["number"], []) for name in parts}
        | {"missing": [kind for kind in EVIDENCE if kind not in _kinds(parts["evidence"].get(each["number"], []))]}
        for each in found
    ]  # fmt: skip


def _kinds(evidence: list[dict]) -> set[str]:
    return {each["kind"] for each in evidence}


def _by_review(connection: Connection, table, numbers: list[int]) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = {}
    for row in connection.execute(select(table).where(table.c.review.in_(numbers)).order_by(table.c.number)):
        found.setdefault(row.review, []).append(dict(row._mapping))
    return found


def _seen(viewer: Viewer) -> Select:
    """Reviews of the viewer's own, of those below, and for operations all."""
    return select(tables.review).where(or_(_review.held_by == viewer.name, may_see(viewer, _review.unit)))


def _changeable(connection: Connection, viewer: Viewer, review: int) -> None:
    """Raises unless the viewer holds the review, or runs the place, and it is not valid yet."""
    ask(viewer, *ROLES)
    found = connection.execute(_seen(viewer).where(_review.number == review)).one_or_none()
    if found is None:
        raise not_found("review", "复盘", str(review))
    if viewer.role == "manager" and found.held_by != viewer.name:
        raise NotAllowed(f"{found.held_by} holds this review.", f"该复盘由 {found.held_by} 主持。")
    if found.state == VALID:
        raise CoachError("This review is finished; begin another one.", "该复盘已结束，请另开一次。")


def _row(connection: Connection, viewer: Viewer, kind: str, record: str) -> int:
    seen = select(_record.row).where(_record.kind == kind, _record.id == record, may_see(viewer, _record.unit))
    if (row := connection.scalar(seen)) is None:
        raise not_found(kind, "记录", record)
    return int(row)


def _one_of(kind: str, kinds: tuple[str, ...]) -> None:
    if kind not in kinds:
        raise CoachError(f"A kind is one of {', '.join(kinds)}.", f"类别须为以下之一：{', '.join(kinds)}。")


def _text(text: str) -> str:
    kept = text.strip()
    if not kept or len(kept) > LONGEST:
        raise CoachError(f"Write something, of at most {LONGEST} characters.", f"请填写内容，不超过 {LONGEST} 字。")
    return kept
