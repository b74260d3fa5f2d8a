"""Scores: each with what it is, its worst numbers and their reasons, for those whom one may see."""

from markupsafe import Markup

from apps.board.taking import Table
from coach.knowledge.base import search
from coach.problems import CoachError
from coach.scoring.latest import Scored
from coach.scoring.readings import told
from coach.scoring.rows import Row
from coach.store.sight import EVERYTHING
from policies.scores.about import About, limit_words, written
from policies.scores.catalogue import ABOUT
from policies.words.rule_words import field_label

MOST_ANSWERS = 3
_RECORDED = {"firm": "unit", "stage": "opportunity", "question": "request"}
"""Kind of record that lacks a field, where the number is of none."""
FIRST = 5
"""Numbers of a score shown before somebody asks for all."""


def draw(board) -> tuple[Markup, Table]:
    """All scores that have a number for the viewer, and the same as a table."""
    say = board.say
    board.scoring.ask(EVERYTHING)
    found = board.scoring.latest(EVERYTHING)
    at = None if found is None else found.value.at
    head = Markup("<h1>{}</h1><p class='lead'>{}</p>{}").format(
        say("scores.title"), say("scores.lead"), board.standing(board.scoring, EVERYTHING, found, at, "scores.first")
    )
    head += _knowledge(board)
    if found is None:
        return head, Table(say("views.scores"), [], [])
    scored: Scored = found.value
    shown = [(ABOUT[name], rows) for name in scored.scores if (rows := told(board.store, board.viewer, scored.scores, name))]
    if not shown:
        return head + board.empty("scores.none"), Table(say("views.scores"), [], [])
    chosen = [each for each in shown if board.score in (None, each[0].id)]
    parts = _picker(board, shown) + Markup("").join(_score(board, about, rows) for about, rows in chosen)
    more = Markup("")
    if not board.show_all and any(len(rows) > FIRST for _, rows in chosen):
        more = Markup("<a class='quiet' href='{}'>{}</a>").format(board.link(all=1), say("scores.all"))
    return head + parts + more, _table(board, chosen)


def _knowledge(board) -> Markup:
    """A question to the knowledge base, and what it answers; for everybody who may see a record."""
    say, asked = board.say, board.question
    form = Markup(
        "<form class='ask' action='/board'><input type='hidden' name='view' value='scores'>"
        "<input type='hidden' name='lang' value='{}'>"
        "<label>{}<input name='question' value='{}' required maxlength='400'></label><button>{}</button></form>"
    ).format(board.language, say("knowledge.ask"), asked, say("knowledge.look_up"))
    answers: Markup | str = ""
    if asked:
        try:
            found = search(board.store, board.viewer, asked, MOST_ANSWERS)
            answers = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(each.question, each.answer) for each in found)
            answers = Markup("<dl class='answers'>{}</dl>").format(answers) if found else board.empty("knowledge.nothing")
        except CoachError as error:
            answers = Markup("<p class='callout worse' role='status'>{}</p>").format(getattr(error, board.write.language))
    return Markup("<section class='card knowledge'><h2>{}</h2>{}{}</section>").format(say("knowledge.title"), form, answers)


def _picker(board, shown: list[tuple[About, list[Row]]]) -> Markup:
    """Which score is shown."""
    say = board.say
    names = [("", say("scores.every"))] + [(about.id, f"{about.id} {say.both(about.name)}") for about, _ in shown]
    options = Markup("").join(
        Markup("<option value='{}' {}>{}</option>").format(
            name, Markup("selected" if name == (board.score or "") else ""), label
        )
        for name, label in names
    )
    return board.picking(say("scores.which"), "score", options)


def _score(board, about: About, rows: list[Row]) -> Markup:
    say = board.say
    limits = [(say(f"scores.{name}"), limit) for name in ("healthy", "alarm") if (limit := getattr(about, name)) is not None]
    lines = [(word, say.both(limit_words(about, limit))) for word, limit in limits]
    lines += [(say("scores.formula"), say.both(about.formula)), (say("scores.source"), say.both(about.source))]
    lines += [(say("scores.assumed"), say.both(about.assumed))] if about.assumed.en else []
    card = Markup("").join(Markup("<p><b>{}</b> {}</p>").format(*line) for line in lines)
    cells = Markup("").join(_row(board, about, row) for row in (rows if board.show_all else rows[:FIRST]))
    return Markup(
        "<section class='card numbers' id='score-{}'><h2>{}</h2><details><summary>{}</summary>{}</details>{}</section>"
    ).format(about.id, f"{about.id} {say.both(about.name)}", say("scores.about"), card, cells)


def _row(board, about: About, row: Row) -> Markup:
    say, write, score = board.say, board.write, row.score
    whose = write.unit(row.unit, board.now) if row.unit is not None and row.kind != "unit" else ""
    cases = "" if score.cases is None else say("scores.cases", cases=score.cases)
    ends = "" if score.interval is None else say("scores.interval", low=written(about, score.interval[0]),
                                                 high=written(about, score.interval[1]))  # fmt: skip
    reasons = Markup("").join(Markup("<li>{}</li>").format(say.both(each)) for each in (*score.reasons, *row.lines))
    like = Markup("").join(
        Markup("<li>{} · {}</li>").format(each.title[write.language], say.both(each.words)) for each in row.like
    )
    like = Markup("<p class='note'>{}</p><ul>{}</ul>").format(f"{say.both(row.like_of)}:", like) if like else Markup("")
    missing = [field_label(_RECORDED.get(row.kind, row.kind), name, write.language) for name in score.missing]
    lacking = Markup("<p class='note'>{}</p>").format(say("scores.missing", fields=say("words.comma").join(missing)))
    return Markup(
        "<div class='scored'><div class='health {}'><b>{}</b></div><div><h3>{}</h3><p class='note'>{}</p>"
        "<ul class='why'>{}</ul>{}{}</div></div>"
    ).format(
        score.colour or "", written(about, score.value), row.title[write.language],
        " · ".join(each for each in (whose, ends, cases) if each), reasons, like, lacking if missing else "",
    )  # fmt: skip


def _table(board, shown: list[tuple[About, list[Row]]]) -> Table:
    say = board.say
    names = ("score", "of", "unit", "value", "low", "high", "cases", "why", "id")
    semicolon = "；" if board.write.language == "zh" else "; "
    rows = [
        [
            f"{about.id} {say.both(about.name)}", row.title[board.write.language], row.unit, row.score.value,
            *(row.score.interval or (None, None)), row.score.cases,
            semicolon.join(say.both(each) for each in (*row.score.reasons, *row.lines)), row.id,
        ]
        for about, rows in shown for row in rows
    ]  # fmt: skip
    return Table(say("views.scores"), [say(f"heads.{name}") for name in names], rows)
