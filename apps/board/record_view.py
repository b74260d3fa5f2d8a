"""One record: what is known of it, what rules are going to do, and its whole story, from the latest entry back."""

from typing import Any, NamedTuple

from markupsafe import Markup

from apps.board import fields
from apps.board.advancing import choices
from apps.board.asking import asking_form
from apps.board.deals import AHEAD_MS, LATE_ENTRY_MS
from apps.board.taking import Table
from apps.board.today_view import acts, calculator_link, taps
from coach.entering import who_entered
from coach.rules.advice import to_record
from coach.store import reading
from coach.texts import kind_name
from policies.record.records import EVENTS

_QUIET = ("todo_closed", "flag_closed", "field_set", "fired")
"""Effects that say nothing beyond what stands beside them."""
_FIRST = 60


class _Line(NamedTuple):
    at: int
    what: str
    who: str
    told: str
    withdrawn: bool
    late: bool


def draw(board, kind: str, record: str) -> tuple[Markup, Table]:
    """A record that the viewer may see, and its story as a table. Raises NotFound for others."""
    told = reading.record(board.store, board.viewer, kind, record)
    kind = told["kind"] = board.kind_of(kind)
    story = _story(board, kind, record)
    shown = story if board.show_all else story[:_FIRST]
    more = Markup("")
    if len(story) > len(shown):
        more = Markup("<a class='quiet' href='{}'>{}</a>").format(
            board.link(kind=kind, record=record, all=1), board.say("story.all", number=len(story))
        )
    parts = [
        _head(board, told),
        _open(board, told),
        _known(board, told),
        Markup("<section class='card'><h2>{}</h2><ol class='story'>{}</ol>{}</section>").format(
            board.say("story.title"), Markup("").join(_entry(board, line) for line in shown), more
        ),
    ]
    return Markup("").join(parts), _table(board, told, story)


def _head(board, told: dict) -> Markup:
    status = told["values"].get("status") or told["status"]
    about = [kind_name(told["kind"], board.language)]
    if told["unit"] is not None and told["kind"] != "unit":
        about.append(board.write.unit(told["unit"], board.now))
    if status:
        about.append(fields.written(board, told["kind"], "status", status))
    return Markup("<h1>{}</h1><p class='lead'>{}</p>").format(told["title"][board.language], " · ".join(about))


def _open(board, told: dict) -> Markup:
    """What is asked for, what rules are going to do, and what can be done here."""
    kind, record, missing = told["kind"], told["id"], to_record(told)
    ahead = board.service.coming(told["unit"], board.now + AHEAD_MS) if told["unit"] else []
    coming = sorted((due, rule) for of, identifier, rule, due in ahead if (of, identifier) == (kind, record))
    lines = Markup("").join(
        Markup("<li><time class='due' data-due='{}'></time> {}</li>").format(due, acts(board, rule)) for due, rule in coming
    )
    todos = [each for each in reading.todos(board.store, board.viewer) if (each["kind"], each["record_id"]) == (kind, record)]
    lines += Markup("").join(
        Markup("<li><time class='due' data-due='{}'></time> {}</li>").format(
            each["due_at"], board.say("today.by_rule", rule=each["rule"])
        )
        for each in todos
    )
    does = taps(board, kind, record)
    if kind == "opportunity" and told["status"] == "open":
        does += choices(board, record, told["values"].get("stage"))
        does += Markup("<p class='taps'><a class='quiet' href='{}'>{}</a></p>").format(
            board.link(view="notes", record=record), board.say("notes.open")
        )
        does += calculator_link(board, record) if board.viewer.role in ("rep", "manager") else Markup("")
    asked = asking_form(board, kind, record, missing) if missing and board.viewer.role == "rep" else Markup("")
    if not (lines or does or asked):
        return Markup("")
    ahead_of = Markup("<h2>{}</h2><ul class='known'>{}</ul>").format(board.say("story.ahead"), lines) if lines else Markup("")
    return Markup("<section class='card todo'>{}{}{}</section>").format(ahead_of, asked, does)


def _known(board, told: dict) -> Markup:
    rows = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*line) for line in fields.lines(board, told["kind"], told["values"])
    )
    return Markup("<section class='card'><h2>{}</h2><dl class='facts'>{}</dl></section>").format(board.say("story.known"), rows)


def _story(board, kind: str, record: str) -> list[_Line]:
    told = reading.history(board.store, board.viewer, kind, record)
    withdrawn = {(each["source"], each["voids"]) for each in told["events"] if each["voids"] is not None}
    entries = [_posted(board, kind, each, withdrawn) for each in told["events"] if each["voids"] is None]
    fired = [_fired(board, each) for each in told["firings"] if each["event"] not in _QUIET]
    return sorted([*entries, *fired], key=lambda line: line.at)[::-1]  # of one instant the latest entry first, too


def _posted(board, kind: str, each: dict, withdrawn: set) -> _Line:
    words = "；" if board.language == "zh" else "; "
    payload = words.join(
        board.say("story.field", name=name, value=value) for name, value in fields.lines(board, kind, each["payload"])
    )
    who = who_entered(each["key"]) if each["source"] == "board" else board.say("story.from", source=each["source"])
    late = each["recorded_at"] - each["acted_at"] > LATE_ENTRY_MS
    told = payload + (words if payload and late else "")
    told += board.say("reset.entered", at=board.write.full_instant(each["recorded_at"])).strip(";； ") if late else ""
    return _Line(
        each["acted_at"], _event(board, each["event"]), who, told, (each["source"], each["key"]) in withdrawn, late
    )


def _event(board, name: str) -> str:
    return board.say(f"story.{name}") if name in EVENTS else name


def _fired(board, each: dict[str, Any]) -> _Line:
    return _Line(each["at"], board.say(f"story.{each['event']}"), board.say("story.rule", rule=each["rule"]), "", False, False)


def _entry(board, line: _Line) -> Markup:
    told = Markup("<p class='note'>{}</p>").format(line.told) if line.told else Markup("")
    what = Markup("<s>{}</s> {}").format(line.what, board.say("story.withdrawn_note")) if line.withdrawn else line.what
    return Markup("<li><time>{}</time><div><b>{}</b> <span class='note'>{}</span>{}</div></li>").format(
        board.write.full_instant(line.at), what, line.who, told
    )


def _table(board, told: dict, story: list[_Line]) -> Table:
    heads = [board.say(f"story.head_{name}") for name in ("at", "what", "who", "told")]
    rows = [[board.write.stamp(line.at), line.what, line.who, line.told] for line in story if not line.withdrawn]
    return Table(told["title"][board.language], heads, rows)
