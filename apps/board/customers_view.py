"""Customers: look before you file, see who owns whom, and pursue one together with its owner."""

from markupsafe import Markup

from apps.board.recording import LEAD_FIELDS
from apps.board.taking import Table
from coach.customers.searching import Known

_LINK = {"en": "; ", "zh": "；"}


def draw(board) -> tuple[Markup, Table]:
    """The form, what was found, and joint pursuits with their tasks; the table holds what was found."""
    say, finding = board.say, board.finding
    running = finding.pursuits()
    parts = [
        Markup("<h1>{}</h1><p class='lead'>{}</p>").format(say("customers.title"), say("customers.lead")),
        _form(board),
        _found(board),
        Markup("<h2>{}</h2><p class='note'>{}</p>").format(
            say("customers.pursuits", number=len(running)), say("customers.pursuits_note")
        ),
        *([_pursuit(board, each) for each in running] or [board.empty("customers.no_pursuits")]),
    ]
    return Markup("").join(parts), _table(board, finding.refused or finding.found or [])


def _form(board) -> Markup:
    inputs = Markup("").join(
        Markup("<label>{}<input name='{}' data-keep='customers.{}' maxlength='200' value='{}'></label>").format(
            board.say(f"customers.{name}"), name, name, board.finding.typed.get(name, "")
        )
        for name in LEAD_FIELDS
    )
    return Markup("<form class='ask' data-do='find'>{}<button>{}</button></form>").format(inputs, board.say("customers.find"))


def _found(board) -> Markup:
    say, finding = board.say, board.finding
    if finding.refused:
        cards = Markup("").join(_known(board, each) for each in finding.refused)
        all_the_same = Markup("<button class='quiet' data-do='apart'>{}</button>").format(say("customers.apart"))
        return Markup("<h2>{}</h2>{}<p class='note'>{}</p>{}").format(
            say("customers.refused"), cards, say("customers.apart_note"), all_the_same
        )
    if finding.found is None:
        return Markup("")
    cards = Markup("").join(_known(board, each) for each in finding.found)
    name = say("customers.found" if finding.found else "customers.none", number=len(finding.found))
    return Markup("<h2>{}</h2>{}{}").format(name, cards, _file(board))


def _file(board) -> Markup:
    """Filing is for whoever works customers, and needs a name."""
    if board.viewer.unit is None or not board.finding.typed.get("customer"):
        return Markup("")
    name = "customers.file_other" if board.finding.found else "customers.file"
    return Markup("<p class='taps'><button data-do='file'>{}</button></p>").format(board.say(name))


def _known(board, each: Known) -> Markup:
    say, write = board.say, board.write
    about = [say("customers.owner", owner=write.unit(each.owner, board.now))]
    if each.open_deals is not None:
        about.append(say("customers.open_deals", number=each.open_deals))
    if each.seen and not any(record.is_active for record in each.records):
        about.append(say("customers.inactive"))
    verdict = each.likeness.verdict or "perhaps"
    return Markup(
        "<article class='card {}'><div class='top'><div><h3>{}</h3><p class='note'>{}</p></div>"
        "<span class='tag'>{}</span></div><ul class='known'>{}</ul>{}</article>"
    ).format(
        "asked" if verdict == "likely" else "", each.name, " · ".join(about),
        say(f"customers.{verdict}", share=write.percent(each.likeness.share)),
        Markup("").join(Markup("<li>{}</li>").format(reason) for reason in _reasons(each, write.language)), _join(board, each),
    )  # fmt: skip


def _reasons(each: Known, language: str) -> list[str]:
    return [getattr(reason, language) for reason in each.likeness.reasons]


def _join(board, each: Known) -> Markup:
    """Asking is for reps and managers, of what somebody else owns."""
    viewer = board.viewer
    if viewer.role not in ("rep", "manager") or viewer.unit is None or each.owner in (None, viewer.unit):
        return Markup("")
    first = each.first
    return Markup(
        "<form class='ask' data-do='join' data-kind='{}' data-record='{}'><label>{}<input name='reason' data-keep='join.{}' "
        "maxlength='400'></label><button>{}</button></form>"
    ).format(first.kind, first.id, board.say("customers.reason"), first.id, board.say("customers.join"))


def _pursuit(board, each: dict) -> Markup:
    say, write = board.say, board.write
    about = say(
        "customers.asker", asker=write.unit(each["asked_unit"], board.now), owner=write.unit(each["owner_unit"], board.now),
        at=write.instant(each["asked_at"]),
    )  # fmt: skip
    reason = Markup("<p class='does'>{}</p>").format(each["reason"]) if each["reason"] else Markup("")
    tasks = Markup("").join(_task(board, task) for task in each["tasks"])
    return Markup(
        "<article class='card todo'><div class='top'><div><h3>{}</h3><p class='note'>{}</p></div>"
        "<span class='tag'>{}</span></div>{}{}{}</article>"
    ).format(
        each["title"][write.language], about, say(f"customers.state_{each['state']}"), reason,
        Markup("<ul class='pool'>{}</ul>").format(tasks) if tasks else "", _answers(board, each),
    )  # fmt: skip


def _task(board, task: dict) -> Markup:
    say = board.say
    button = Markup("<button class='quiet' data-do='{}' data-number='{}'>{}</button>")
    if task["done_at"] is not None:
        state, buttons = say("customers.task_done", who=task["done_by"]), Markup("")
    elif task["taken_by"] is not None:
        mine = task["taken_by"] == board.viewer.name or board.viewer.role != "rep"
        state = say("customers.task_taken", who=task["taken_by"])
        buttons = button.format("finish", task["number"], say("today.done")) if mine else Markup("")
    else:
        state, buttons = say("customers.task_free"), button.format("take", task["number"], say("customers.take"))
    return Markup("<li>{} <small>{}</small> {}</li>").format(task["text"], state, buttons)


def _answers(board, each: dict) -> Markup:
    say, number = board.say, each["number"]
    button = Markup("<button class='quiet' data-do='decide' data-number='{}' data-value='{}'>{}</button>")
    if each["state"] == "asked":
        answers = ("joint", "declined") if each["may_decide"] else ("ended",)
        return Markup("<p class='taps'>{}</p>").format(
            Markup("").join(button.format(number, answer, say(f"customers.to_{answer}")) for answer in answers)
        )
    return Markup(
        "<form class='ask' data-do='task' data-number='{}'><label>{}<input name='text' data-keep='task.{}' maxlength='400' "
        "required></label><button>{}</button></form><p class='taps'>{}</p>"
    ).format(
        number,
        say("customers.task"),
        number,
        say("customers.add_task"),
        button.format(number, "ended", say("customers.to_ended")),
    )


def _table(board, found: list[Known]) -> Table:
    say, write = board.say, board.write
    rows = [
        [each.name, write.unit(each.owner, board.now), round(each.likeness.share, 3),
         _LINK[write.language].join(_reasons(each, write.language)), each.open_deals]
        for each in found
    ]  # fmt: skip
    heads = [say(f"customers.head_{name}") for name in ("name", "owner", "likeness", "reasons", "open_deals")]
    return Table(say("views.customers"), heads, rows)
