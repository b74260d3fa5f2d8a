"""Leads: which wait for somebody, who got which and why; for managers, giving them out and hand-over."""

from markupsafe import Markup

from apps.board.taking import Table

_MOST_SHOWN = 40


def draw(board) -> tuple[Markup, Table]:
    """What waits, what was given out last, and for managers the form of a hand-over; the table holds what was given out."""
    say, giving = board.say, board.giving
    waiting, given = giving.waiting(), giving.given_out()
    parts = [
        Markup("<h1>{}</h1><p class='lead'>{} <a href='/counter?lang={}'>{}</a></p>").format(
            say("leads.title"), say("leads.lead"), board.write.language, say("leads.file")
        ),
        Markup("<h2>{}</h2>").format(say("leads.waiting", number=len(waiting))),
        *([_waits(board, each) for each in waiting[:_MOST_SHOWN]] or [board.empty("leads.none_wait")]),
        Markup("<h2>{}</h2>").format(say("leads.given")),
        *([_given(board, each) for each in given] or [board.empty("leads.none_given")]),
    ]
    if giving.leads_others:
        parts.append(_hand_over(board))
    return Markup("").join(parts), _table(board, given)


def _waits(board, each: dict) -> Markup:
    say, write = board.say, board.write
    score = "" if each["score"] is None else say("leads.score", score=f"{each['score']:.0f}")
    due = Markup("<time class='due' data-due='{}'></time>").format(each["due_at"]) if each["due_at"] else ""
    return Markup(
        "<article class='card todo'><div class='top'><h3>{}</h3><span class='tag'>{}</span></div>"
        "<p class='does'>{} <span>{}</span></p><p class='note'>{}</p>{}</article>"
    ).format(
        each["title"][write.language], score, due, each["text"][write.language],
        say("leads.since", at=write.instant(each["since"])), _choice(board, each),
    )  # fmt: skip


def _choice(board, each: dict) -> Markup:
    """Giving it to somebody, or taking it."""
    say = board.say
    if board.giving.leads_others:
        return Markup(
            "<form class='ask' data-do='assign' data-record='{}'><label>{}<select name='unit'>{}</select></label>"
            "<button>{}</button></form>"
        ).format(each["lead"], say("leads.to"), _options(board), say("leads.assign"))
    return Markup("<button data-do='take_lead' data-record='{}'>{}</button>").format(each["lead"], say("leads.take"))


def _given(board, each: dict) -> Markup:
    say, write = board.say, board.write
    photo = ""
    if each["photo"]:
        photo = Markup("<p><a href='/api/v1/leads/{}/photo' target='_blank'>{}</a></p>").format(
            each["lead"], say("leads.photo")
        )
    return Markup(
        "<article class='card'><div class='top'><h3>{}</h3><span class='tag'>{}</span></div><p class='note'>{}</p>"
        "<p class='does'>{}</p>{}</article>"
    ).format(
        each["title"][write.language], write.unit(each["unit"], board.now), write.instant(each["at"]),
        each["reasons"][write.language], photo,
    )  # fmt: skip


def _hand_over(board) -> Markup:
    say, looked = board.say, board.giving.looked_over
    form = Markup(
        "<h2>{}</h2><p class='note'>{}</p><form class='ask' data-do='look_over'>"
        "<label>{}<select name='unit'>{}</select></label><label>{}<select name='to'>{}</select></label>"
        "<button>{}</button></form>"
    ).format(
        say("leads.hand_over"), say("leads.hand_over_note"), say("leads.from"), _options(board), say("leads.successor"),
        _options(board), say("leads.look_over"),
    )  # fmt: skip
    return form if looked is None else form + _moves(board, *looked)


def _moves(board, told: dict, to: str) -> Markup:
    """What would move, by name, and the button that moves it."""
    say, language = board.say, board.write.language
    names = Markup("").join(
        Markup("<li>{} <small>{}</small></li>").format(
            each["title"][language], each["called"][language] if each["called"] else say(f"leads.kind_{each['kind']}")
        )
        for each in told["records"][:_MOST_SHOWN]
    )
    more = len(told["records"]) - _MOST_SHOWN
    return Markup(
        "<article class='card todo'><h3>{}</h3><ul class='known'>{}{}</ul><p class='note'>{}</p>"
        "<button data-do='hand_over' data-value='{}' data-rep='{}'>{}</button></article>"
    ).format(
        say("leads.moves", unit=told["unit"], to=to, number=len(told["records"])), names,
        Markup("<li>{}</li>").format(say("leads.more", number=more)) if more > 0 else "",
        say("leads.todos", todos=told["todos"], notices=told["notices"], pursuits=told["pursuits"]),
        told["unit"], to, say("leads.do_hand_over"),
    )  # fmt: skip


def _options(board) -> Markup:
    return Markup("").join(
        Markup("<option value='{}'>{}</option>").format(each, board.write.unit(each, board.now)) for each in board.reps
    )


def _table(board, given: list[dict]) -> Table:
    say, write = board.say, board.write
    rows = [
        [each["title"][write.language], each["unit"], write.stamp(each["at"]), each["reasons"][write.language], each["lead"]]
        for each in given
    ]
    return Table(say("views.leads"), [say(f"leads.head_{name}") for name in ("lead", "unit", "at", "why", "id")], rows)
