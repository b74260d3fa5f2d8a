"""To-dos and notices of the people whom the viewer may see; one tap says that a to-do is done."""

from markupsafe import Markup

from apps.board.rules_view import saying, verdicts
from apps.board.taking import Table
from coach import texts
from coach.routing.words import ROUTING, rule_that_gave
from coach.rules.worded import with_notice_texts, with_todo_texts
from coach.store import reading

FIRST = 40


def draw(board) -> tuple[Markup, Table]:
    """Open to-dos, own ones first, then the latest notices."""
    say = board.say
    unit = board.viewer.unit
    todos = sorted(reading.todos(board.store, board.viewer), key=lambda each: unit not in (each["unit"], each["deputy"]))
    notices = with_notice_texts(board.service, reading.notices(board.store, board.viewer))
    shown = with_todo_texts(board.service, todos if board.show_all else todos[:FIRST])
    cards = Markup("").join(todo(board, each) for each in shown)
    more = Markup("")
    if len(todos) > len(shown):
        more = Markup("<a class='quiet' href='{}'>{}</a>").format(board.link(all=1), say("messages.all", number=len(todos)))
    told = Markup("").join(_notice(board, each) for each in notices)
    told = Markup("<ul class='notices'>{}</ul>").format(told) if told else board.empty("messages.no_notices")
    body = Markup("<h1>{}</h1><h2>{}</h2>{}{}<h2>{}</h2>{}").format(
        say("messages.title"), say("messages.todos", number=len(todos)), cards or board.empty("messages.no_todos"), more,
        say("messages.notices"), told,
    )  # fmt: skip
    return body, _table(board, todos, notices)


def todo(board, each: dict) -> Markup:
    """A to-do, for whom it is, and the button that says it is done."""
    write, say = board.write, board.say
    words = texts.todo_text(each["rule"], each["role"], board.rules.get(each["rule"]), write.language)
    whose = say("messages.yours") if each["unit"] == board.viewer.unit else say("messages.for", who=_whose(board, each))
    if each["deputy"] is not None:
        whose = _by_deputy(board, each["unit"], each["deputy"])
    late = say("messages.late") if each["late"] else ""
    return Markup(
        "<article class='card todo'><div class='top'><h3>{}</h3><span class='tag'>{}</span></div>"
        "<p class='does'><time class='due' data-due='{}'></time> <span>{}</span></p><p class='note'>{} {}</p>{}"
        "<button data-do='done' data-todo='{}'>{}</button>{}</article>"
    ).format(
        board.record_link(each["kind"], each["record_id"], each["title"][write.language]), whose, each["due_at"],
        say("today.by_rule", rule=each["rule"]), words,
        late, _history(board, each), each["id"], say("today.done"),
        saying(board, each["rule"], each["kind"], each["record_id"]),
    )  # fmt: skip


def _whose(board, each: dict) -> str:
    role = texts.role_name(each["role"], board.write.language)
    return f"{role} · {board.write.unit(each['unit'], board.now)}" if each["unit"] else role


def _by_deputy(board, absent: str, deputy: str) -> str:
    if deputy == board.viewer.unit:
        return board.say("messages.you_stand_in", who=absent)
    return board.say("messages.stands_in", who=absent, deputy=deputy)


def _history(board, each: dict) -> Markup:
    """What was recorded of the customer, where a message carries it."""
    lines = Markup("").join(Markup("<li>{}</li>").format(line) for line in each["history"][board.write.language])
    folded = Markup("<details class='history'><summary>{}</summary><ul class='known'>{}</ul></details>")
    return folded.format(board.say("messages.history"), lines) if lines else lines


def _by(board, each: dict) -> str:
    """By which rule; a lead is given out by none."""
    if each["rule"] == ROUTING:
        return board.say("messages.new_lead")
    return board.say("messages.by_rule", rule=rule_that_gave(each["rule"]))


def _notice(board, each: dict) -> Markup:
    say, write = board.say, board.write
    late = Markup(" <span class='tag'>{}</span>").format(say("messages.late")) if each["late"] else ""
    whose = "" if each["unit"] == board.viewer.unit else Markup(" <small>{}</small>").format(_whose(board, each))
    if each["unit"] is not None and each["told_to"] not in (None, each["unit"]):
        whose = Markup(" <small>{}</small>").format(_by_deputy(board, each["unit"], each["told_to"]))
    return Markup(
        "<li><details><summary><small>{}</small> <b>{}</b> <span class='tag {}'>{}</span>{} {}{}</summary>"
        "<p>{}</p>{}{}</details></li>"
    ).format(
        write.instant(each["at"]), each["title"][write.language],
        "worse" if each["effect"] == "escalated" else "", say(f"messages.what_{each['effect']}"), late,
        _by(board, each), whose, each["text"][write.language], _history(board, each),
        verdicts(board, each["rule"], each["kind"], each["record_id"]) if each["rule"] in board.rules else "",
    )  # fmt: skip


def _table(board, todos: list[dict], notices: list[dict]) -> Table:
    say, write = board.say, board.write
    names = ("what", "record", "unit", "due", "rule", "text", "id")
    rows = [
        [say("today.what_todo"), each["title"][write.language], each["unit"], write.stamp(each["due_at"]), each["rule"],
         texts.todo_text(each["rule"], each["role"], board.rules.get(each["rule"]), write.language), each["record_id"]]
        for each in todos
    ]  # fmt: skip
    rows += [
        [say("messages.notice"), each["title"][write.language], each["unit"], write.stamp(each["at"]), each["rule"],
         each["text"][write.language], each["record_id"]]
        for each in notices
    ]  # fmt: skip
    return Table(say("views.messages"), [say(f"heads.{name}") for name in names], rows)
