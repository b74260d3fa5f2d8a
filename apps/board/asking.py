"""A form in place for fields that a rule asks for, such as the stall reason that reopens a frozen deal."""

from markupsafe import Markup

from apps.board.fields import choice_name
from coach.events import about_field
from policies.words.rule_words import field_label

_INPUTS = {"number": "number", "money": "number", "share": "number", "instant": "datetime-local"}


def asking_form(board, kind: str, record: str, missing: list[str]) -> Markup:
    """One input per missing field; what is typed survives a reload until it is recorded."""
    frozen, kind = "stall_reason" in missing, board.kind_of(kind)
    inputs = Markup("").join(_input(board, kind, record, name) for name in missing)
    button = board.say("asking.reopen" if frozen else "asking.record")
    return Markup("<form class='ask' data-do='explain' data-kind='{}' data-record='{}'>{}<button>{}</button></form>").format(
        kind, record, inputs, button
    )


def to_requests(board) -> Markup:
    """To where desks are asked, and where their answers come."""
    return Markup("<div class='taps'><a class='quiet' href='{}'>{}</a></div>").format(
        board.link(view="requests"), board.say("views.requests")
    )


def _input(board, kind: str, record: str, name: str) -> Markup:
    language = board.write.language
    about = about_field(kind, name)
    keep, label = f"{record}.{name}", field_label(kind, name, language)
    if about is not None and about.type in ("choice", "flag"):
        choices = about.choices if about.type == "choice" else ("1",)
        options = Markup("").join(
            Markup("<option value='{}'>{}</option>").format(
                each, choice_name(about, each, language) if about.type == "choice" else board.say("asking.yes")
            )
            for each in choices
        )  # fmt: skip
        return Markup("<label>{}<select name='{}' data-keep='{}'>{}</select></label>").format(label, name, keep, options)
    suggestions = listed = Markup("")
    if name == "stall_reason":
        listed = Markup("list='reasons-{}'").format(record)
        suggestions = Markup("<datalist id='reasons-{}'>{}</datalist>").format(
            record,
            Markup("").join(Markup("<option>{}</option>").format(each) for each in board.say("asking.reasons").split("|")),
        )
    return Markup(
        "<label>{}<input name='{}' data-keep='{}' type='{}' step='any' required maxlength='2000' {}>{}</label>"
    ).format(label, name, keep, _INPUTS.get(about.type if about else "text", "text"), listed, suggestions)
