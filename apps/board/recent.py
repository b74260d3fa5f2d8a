"""What the viewer recorded with one tap a short while ago: each can be taken back, also after the page was loaded again."""

from markupsafe import Markup

from apps.board.recording import SOURCE, TAPS
from coach.store.own_entries import own_entries

WINDOW_MS = 15 * 60_000
MOST = 5


def draw(board) -> Markup:
    """The last taps of the last quarter of an hour; nothing where there are none."""
    found = own_entries(board.store, board.viewer, SOURCE, board.now - WINDOW_MS) if board.viewer.role == "rep" else []
    lines = Markup("").join(
        Markup("<li>{} {}</li>").format(
            board.say(
                "told.earlier", at=board.write.time(each.acted_at), what=board.say(f"actions.{each.event}"),
                record=board.called(each.kind, each.id),
            ),
            take_back(board, each.key, each.kind, each.id),
        )
        for each in [each for each in found if each.event in TAPS and each.key != board.told_key][:MOST]
    )  # fmt: skip
    if not lines:
        return Markup("")
    return Markup("<section class='recent'><h2>{}</h2><ul class='notices'>{}</ul></section>").format(
        board.say("told.recently"), lines
    )


def take_back(board, key: str, kind: str, record: str) -> Markup:
    """The button that withdraws an entry."""
    button = Markup("<button class='quiet' data-do='undo' data-key='{}' data-kind='{}' data-record='{}'>{}</button>")
    return button.format(key, kind, record, board.say("told.undo"))
