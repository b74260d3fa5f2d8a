"""Days with complete records on the board: a rep's day in the habit programme, and how all reps stand (E2)."""

from markupsafe import Markup

from coach.recording.programme import Day
from coach.recording.reading import Standing, standings


def card(board, rep: str) -> Markup:
    """The day of one rep: the programme's task, how far it is, and what complete days earned; empty where none is asked."""
    reps = standings(board.store, board.viewer, board.now, rep)
    if not reps:
        return Markup("")
    found = reps[0]
    say, day = board.say, found.latest
    tag = say(f"habit.{_state(found)}")
    parts = [_head(board, found), *(_task(board, day) if found.today else ()), *_so_far(board, found)]
    lines = Markup("").join(Markup("<li>{}</li>").format(line) for line in parts[1:])
    return Markup(
        "<article class='card {}'><div class='top'><h3>{}</h3><span class='tag'>{}</span></div>"
        "<ul class='known'>{}</ul></article>"
    ).format("" if day.full or not found.today else "todo", parts[0], tag, lines)


def table(board) -> Markup:
    """How every rep stands whom the viewer may see; empty where no day is judged."""
    found = standings(board.store, board.viewer, board.now)
    if not found:
        return Markup("")
    say = board.say
    heads = [say("targets.unit"), *(say(f"habit.{name}") for name in ("at", "today", "facts", "days_complete", "earned"))]
    rows = Markup("").join(
        Markup("<tr><th>{}</th>{}</tr>").format(
            board.write.unit(each.unit, board.now),
            Markup("").join(Markup("<td>{}</td>").format(cell) for cell in _cells(board, each)),
        )
        for each in found
    )
    return Markup(
        "<h2>{}</h2><p class='note'>{}</p><div class='scroll'><table><thead><tr>{}</tr></thead>{}</table></div>"
    ).format(
        say("habit.title"), say("habit.note"), Markup("").join(Markup("<th>{}</th>").format(each) for each in heads), rows
    )  # fmt: skip


def _cells(board, each: Standing) -> list[str]:
    say, day = board.say, each.latest
    where = "–"
    if day.number is not None:
        where = say("habit.where", number=day.number, length=day.length, part=say(f"habit.{day.part}"))
    today = say("habit.of", done=day.entries, asked=day.asked) if each.today else "–"
    return [
        where, today, board.write.percent(day.filled) if each.today else "–",
        say("habit.of", done=each.full, asked=each.judged), board.write.money(each.earned),
    ]  # fmt: skip


def _state(found: Standing) -> str:
    if found.today is None:
        return "ended" if found.ended else "day_off"
    return "full" if found.today.full else "open"


def _head(board, found: Standing) -> str:
    day = found.latest
    if day.number is None:
        return board.say("habit.records")
    return board.say("habit.head", number=day.number, length=day.length, part=board.say(f"habit.{day.part}"))


def _task(board, day: Day) -> list[str]:
    """What is asked of a day, and how far it is."""
    say, write = board.say, board.write
    told = [say("habit.entries", done=day.entries, asked=day.asked)]
    if day.part == "filled":
        told.append(say("habit.filled_so_far", done=write.percent(day.filled), asked=write.percent(day.filled_asked)))
    if day.part == "together":
        told.append(say("habit.colleagues", others=day.others, before=day.others_before))
    if day.reward:
        told.append(say("habit.earned_today" if day.full else "habit.earns", reward=write.money(day.reward)))
    return told


def _so_far(board, found: Standing) -> list[str]:
    """What the days of the pay period came to; nothing before the first of them is judged."""
    if not found.judged:
        return []
    say, write = board.say, board.write
    since = write.day(found.since)
    if not found.latest.reward and not found.earned:
        return [say("habit.so_far", since=since, number=found.full, judged=found.judged)]
    return [say("habit.so_far_earned", since=since, number=found.full, judged=found.judged, earned=write.money(found.earned))]
