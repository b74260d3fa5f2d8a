"""Requests to desks: ask one about a deal, see by when it promises to answer, and answer what is asked of the own desk."""

from markupsafe import Markup

from apps.board import setting_view
from apps.board.requesting import CHOICES
from apps.board.taking import Table
from coach.desks.answering import DECIDED
from coach.desks.queue import Request, requests
from coach.store import reading
from policies.words.rule_words import field_label
from policies.words.vocabulary import CHOICES as NAMES

CLOSED = 20


def draw(board) -> tuple[Markup, Table]:
    """What the viewer is to answer, the form to ask, what is open elsewhere, and what was answered last."""
    found = requests(board.store, board.viewer, open_only=False)
    mine = [each for each in found if each.status == "open" and each.may_answer]
    others = [each for each in found if each.status == "open" and not each.may_answer]
    closed = [each for each in found if each.status != "open"]
    closed = sorted(closed, key=lambda each: -(each.answered_at or each.requested_at))[:CLOSED]
    parts = [Markup("<h1>{}</h1><p class='lead'>{}</p>").format(board.say("requests.title"), board.say("requests.lead"))]
    if board.viewer.role != "rep":
        parts += _section(board, "to_answer", mine)
    if board.viewer.role == "desk":
        parts.append(setting_view.waiting(board))
    if board.viewer.role in ("rep", "manager"):
        parts.append(_form(board))
    if board.viewer.role != "desk":
        parts += _section(board, "open", others)
    parts += _section(board, "closed", closed) if closed else []
    return Markup("").join(parts), _table(board, found)


def _section(board, name: str, found: list[Request]) -> list[Markup]:
    head = Markup("<h2>{}</h2>").format(board.say(f"requests.{name}", number=len(found)))
    return [head, *([card(board, each) for each in found] or [board.empty(f"requests.no_{name}")])]


def _form(board) -> Markup:
    say, write = board.say, board.write
    units = [board.viewer.unit] if board.viewer.role == "rep" else [*board.units, None]
    deals = [each for unit in units for each in reading.open_opportunities(board.store, board.viewer, unit)]
    if not deals:
        return Markup("")
    option = Markup("<option value='{}'>{}</option>")
    offered = Markup("").join(option.format(each["id"], each["title"][write.language]) for each in deals)
    wanted = Markup("").join(option.format(name, say(f"requests.{name}")) for name in CHOICES)
    return Markup(
        "<h2>{}</h2><form class='ask' data-do='ask_desk'><label>{}<select name='deal' data-keep='requests.deal'>{}</select>"
        "</label><label>{}<select name='wanted' data-keep='requests.wanted'>{}</select></label>"
        "<label>{}<input name='amount' data-keep='requests.amount' maxlength='40' inputmode='decimal'></label>"
        "<label>{}<input name='question' data-keep='requests.question' maxlength='1000'></label><button>{}</button></form>"
        "<p class='note'>{}</p>"
    ).format(
        say("requests.ask"), say("requests.deal"), offered, say("requests.wanted"), wanted, say("requests.amount"),
        say("requests.question"), say("requests.send"), say("requests.amount_note"),
    )  # fmt: skip


def card(board, each: Request) -> Markup:
    """A request with what to answer it by, where the viewer may."""
    say = board.say
    title = each.title[board.write.language] if each.title is not None else say("requests.no_deal")
    is_late = each.status == "open" and each.is_late(board.now)
    due = Markup("")
    if each.status == "open" and each.promised_at is not None:
        due = Markup("<time class='due' data-due='{}'></time> ").format(each.promised_at)
    return Markup(
        "<article class='card {}'><div class='top'><div><h3>{}</h3><p class='note'>{}</p></div><span class='tag'>{}</span>"
        "</div><p class='does'>{}{}</p>{}{}</article>"
    ).format(
        "asked" if is_late else "todo" if each.status == "open" else "", title, _about(board, each), what(board, each), due,
        each.question,
        _facts(board, each) if each.may_answer and each.status == "open" else _answered(board, each), _buttons(board, each),
    )  # fmt: skip


def what(board, each: Request) -> str:
    """What is asked of whom, such as finance: 2,000 CNY."""
    desk = board.say("requests.nobody") if each.desk is None else _choice(board, each.desk)
    if each.asked_for == "expense" and each.sum is not None:
        return board.say("requests.of_sum", desk=desk, sum=board.write.money(each.sum))
    if each.asked_for == "discount" and each.discount is not None:
        return board.say("requests.of_discount", desk=desk, discount=f"{each.discount:.1%}")
    return board.say("requests.of_desk", desk=desk, what=_choice(board, each.asked_for))


def _choice(board, name: str) -> str:
    return NAMES[name][board.write.language == "zh"]


def _about(board, each: Request) -> str:
    say, write = board.say, board.write
    about = [say("requests.asked", who=each.asked_by or write.unit(each.unit, board.now), at=write.instant(each.requested_at))]
    if each.status == "open":
        promise = say("requests.no_promise")
        if each.promised_at is not None:
            promise = say("requests.promised", at=write.instant(each.promised_at))
        about.append(promise)
        if each.place:
            about.append(say("requests.ahead", number=each.place))
    return " · ".join(about)


def _facts(board, each: Request) -> Markup:
    """What the desk is told of the deal."""
    language = board.write.language
    facts = [
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
            field_label("opportunity", name, language), _value(board, name, value)
        )
        for name, value in each.about.items()
    ]
    return Markup("<dl class='answers'>{}</dl>").format(Markup("").join(facts)) if facts else Markup("")


def _value(board, name: str, value) -> str:
    if name in ("amount", "expenses"):
        return board.write.money(value)
    return f"{value:.1%}" if name == "discount" else str(value)


def _answered(board, each: Request) -> Markup:
    if each.status == "withdrawn":
        return Markup("<p class='note'>{}</p>").format(board.say("requests.withdrawn"))
    if each.status != "answered":
        return Markup("")
    state = "answered" if each.granted is None else "granted" if each.granted else "refused"
    at = "" if each.answered_at is None else board.write.instant(each.answered_at)
    late = f" {board.say('requests.late')}" if each.is_late(board.now) else ""
    return Markup("<p class='note'>{}{}</p><p class='does'>{}</p>").format(
        board.say(f"requests.{state}", at=at), late, each.answer
    )


def _buttons(board, each: Request) -> Markup:
    say = board.say
    if each.status != "open":
        return Markup("")
    if not each.may_answer:
        if board.viewer.role == "rep":
            return Markup("<button class='quiet' data-do='take_back' data-record='{}'>{}</button>").format(
                each.id, say("requests.take_back")
            )
        return Markup("")
    field = Markup(
        "<form class='ask' data-do='answer_desk' data-record='{id}' data-value='{value}'><label>{label}<input name='answer' "
        "data-keep='answer.{id}.{value}' maxlength='1000'></label><button>{send}</button></form>"
    )
    if each.asked_for not in DECIDED:
        return field.format(id=each.id, value="", label=say("requests.answer"), send=say("requests.answer_send"))
    grant = Markup("<p class='taps'><button data-do='answer_desk' data-record='{}' data-value='granted'>{}</button></p>")
    refuse = field.format(id=each.id, value="refused", label=say("requests.reason"), send=say("requests.refuse"))
    return grant.format(each.id, say("requests.grant")) + refuse


def _table(board, found: list[Request]) -> Table:
    say, write = board.say, board.write
    names = ("record", "what", "unit", "asked_at", "promised_at", "answered_at", "text", "answer")
    rows = [
        [
            "" if each.title is None else each.title[write.language], what(board, each), each.unit,
            write.stamp(each.requested_at), write.stamp(each.promised_at), write.stamp(each.answered_at), each.question,
            each.answer,
        ]
        for each in found
    ]  # fmt: skip
    return Table(say("views.requests"), [say(f"heads.{name}") for name in names], rows)
