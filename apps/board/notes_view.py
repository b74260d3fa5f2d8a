"""Notes: type or dictate what happened, see what it says and from which words, put it right with one tap, record it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from apps.board.noting import name_kept
from apps.board.taking import Table
from coach.events import LONGEST_TEXT
from coach.noting.reading import FIELDS, Found
from policies.words.rule_words import field_label

_KINDS = {"budget": "text", "decision_maker": "text", "competitor": "text", "next_step_at": "datetime-local"}
_TONGUES = {"en": "en-GB", "zh": "zh-CN"}


def draw(board) -> tuple[Markup, Table]:
    """The form, and what the note says; the table holds the same."""
    say, noting = board.say, board.noting
    waits = noting.waits
    board.look_again(waits)
    parts = [
        Markup("<h1>{}</h1><p class='lead'>{}</p>").format(say("notes.title"), say("notes.lead")), _form(board),
        Markup("<p class='callout' role='status'>{}</p>").format(say("notes.reading")) if waits else "",
        "" if noting.told is None else _said(board),
    ]  # fmt: skip
    return Markup("").join(parts), _table(board)


def _form(board) -> Markup:
    say, noting, language = board.say, board.noting, board.write.language
    deals = noting.deals()
    if not deals:
        return board.empty("pipeline.none")
    options = Markup("").join(
        Markup("<option value='{}' {}>{}</option>").format(
            each["id"], Markup("selected" if each["id"] == noting.record else ""), each["title"][language]
        )
        for each in deals
    )  # fmt: skip
    return Markup(
        "<form class='ask note' data-do='read_note'><label>{}<select name='record'>{}</select></label>"
        "<label class='whole'>{}<textarea name='text' rows='5' maxlength='{}' data-keep='{}' required>{}</textarea>"
        "</label>"
        "<p class='note whole' data-no-speech>{}</p>"
        "<button type='button' class='quiet' data-speak='text' data-tongue='{}' data-stop='{}' hidden>{}</button>"
        "<button>{}</button></form>"
    ).format(
        say("notes.deal"), options, say("notes.text"), LONGEST_TEXT, name_kept(noting.record, "text"), noting.text,
        say("notes.keyboard"), _TONGUES[language], say("notes.stop"), say("notes.speak"), say("notes.read"),
    )  # fmt: skip


def _said(board) -> Markup:
    say, noting = board.say, board.noting
    how = say("notes.by_endpoint" if noting.told.by == "endpoint" else "notes.by_rules")
    failed = "" if noting.told.failed is None else Markup("<p class='callout worse'>{}</p>").format(say("notes.failed"))
    rows = Markup("").join(_field(board, name) for name in FIELDS)
    return Markup(
        "<section class='card'><h2>{}</h2><p class='note'>{}</p>{}<blockquote>{}</blockquote>"
        "<form class='said' data-do='record_note'>{}{}<label class='met'><input type='checkbox' name='met' checked value='1'>"
        " {}</label><button>{}</button></form></section>"
    ).format(say("notes.says"), how, failed, _marked(noting.text, noting.fields.values()), rows, _step(board), say("notes.met"),
             say("notes.record"))  # fmt: skip


def _marked(text: str, found) -> Markup:
    """The note with the words that values came from."""
    parts, place = [], 0
    for each in sorted(found, key=lambda each: each.start):
        start = max(place, each.start)
        parts += [Markup("{}<mark>{}</mark>").format(text[place:start], text[start : each.end])] if each.end > start else []
        place = max(place, each.end)
    return Markup("").join(parts) + text[place:]


def _field(board, name: str) -> Markup:
    say, noting, language = board.say, board.noting, board.write.language
    found = noting.fields.get(name)
    value = "" if found is None else _typed(found, board.store.calendar.zone)
    about = say("notes.unsaid") if found is None else say("notes.from", words=found.words)
    if found is not None and not found.exact:
        about += f" {say('notes.roughly')}"
    drop = "" if found is None else Markup(
        "<button type='button' class='quiet' data-do='drop' data-value='{}'>{}</button>"
    ).format(name, say("notes.drop"))  # fmt: skip
    return Markup(
        "<div class='field'><label>{}<input name='{}' type='{}' value='{}' data-keep='{}' maxlength='200'></label>"
        "<p class='note'>{}</p><p class='chips'>{}{}</p></div>"
    ).format(
        field_label("opportunity", name, language), name, _KINDS[name], value, name_kept(noting.record, name), about, drop,
        _chips(board, name),
    )  # fmt: skip


def _chips(board, name: str) -> Markup:
    """What else the field could be, each with one tap."""
    chip = Markup("<button type='button' class='quiet' data-do='put' data-number='{}'>{}</button>")
    return Markup("").join(
        chip.format(place, board.say("notes.rather", value=_shown(board, each)))
        for place, each in enumerate(board.noting.others) if each.field == name
    )  # fmt: skip


def _step(board) -> Markup:
    found = board.noting.fields.get("next_step_at")
    return Markup(
        "<div class='field'><label>{}<input name='step' value='{}' data-keep='{}' maxlength='400'></label></div>"
    ).format(board.say("notes.step"), "" if found is None else found.words, name_kept(board.noting.record, "step"))


def _typed(found: Found, zone: str) -> str:
    """A value as it stands in its input."""
    if found.value is None:
        return ""
    if found.field == "next_step_at":
        return f"{datetime.fromtimestamp(float(found.value) / 1000, ZoneInfo(zone)):%Y-%m-%dT%H:%M}"
    return f"{found.value:.15g}" if isinstance(found.value, float) else found.value


def _shown(board, found: Found) -> str:
    if found.value is None:
        return found.words
    if found.field == "next_step_at":
        return board.write.instant(found.value)
    return board.write.money(found.value) if isinstance(found.value, float) else found.value


def _table(board) -> Table:
    say, noting = board.say, board.noting
    rows = [
        [field_label("opportunity", name, board.write.language), _typed(found, board.store.calendar.zone), found.words]
        for name in FIELDS if (found := noting.fields.get(name)) is not None
    ]  # fmt: skip
    return Table(say("views.notes"), [say(f"notes.head_{name}") for name in ("field", "value", "words")], rows)


