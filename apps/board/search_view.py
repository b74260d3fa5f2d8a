"""What was found for some words, among the records that the viewer may see."""

from markupsafe import Markup

from apps.board import fields
from apps.board.taking import Table
from coach.store.finding import LEAST, MOST, find_records
from coach.texts import kind_name


def draw(board) -> tuple[Markup, Table]:
    """The records in whose texts the words stand, each as a link."""
    say, asked = board.say, board.question.strip()
    found = find_records(board.store, board.viewer, asked)
    rows = [[each["title"][board.language], *_about(board, each)] for each in found]
    listed = Markup("").join(
        Markup("<li>{} <span class='note'>{}</span></li>").format(
            board.record_link(each["kind"], each["id"], each["title"][board.language]), " · ".join(filter(None, row[1:]))
        )
        for each, row in zip(found, rows, strict=True)
    )
    if len("".join(asked.split())) < LEAST:
        listed = board.empty("search.more")
    elif not found:
        listed = board.empty("search.none")
    else:
        listed = Markup("<ul class='notices found'>{}</ul>").format(listed)
    told = say("search.most", number=MOST) if len(found) == MOST else say("search.number", number=len(found))
    head = Markup("<h1>{}</h1><p class='lead'>{}</p>").format(say("search.title", words=asked), told if found else "")
    heads = [say(f"search.{name}") for name in ("record", "kind", "unit", "status", "updated")]
    return head + listed, Table(say("search.table"), heads, rows)


def _about(board, each: dict) -> list[str]:
    status = fields.written(board, each["kind"], "status", each["status"]) if each["status"] else ""
    unit = board.write.unit(each["unit"], board.now) if each["unit"] is not None and each["kind"] != "unit" else ""
    return [kind_name(board.kind_of(each["kind"]), board.language), unit, status, board.write.day(each["updated_at"])]
