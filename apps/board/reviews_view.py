"""Reviews: causes of three kinds, the pack of evidence, improvements with their clocks; a rep sees those of the own unit."""

from markupsafe import Markup

from apps.board.taking import Table
from coach.retrospective.figures import figures
from coach.retrospective.improvements import departments, improvements
from coach.retrospective.reviews import CAUSES, EVIDENCE, LONGEST, ROLES, VALID, reviews

_FIRST = 12


def draw(board) -> tuple[Markup, Table]:
    """What waits, then reviews with their figures; the table holds all improvements."""
    say, viewer = board.say, board.viewer
    told = improvements(board.store, viewer, open_only=False)
    waiting = [each for each in told if each["closed_at"] is None]
    cards = Markup("").join(_improvement(board, each) for each in sorted(waiting, key=lambda each: not each["mine"]))
    parts = [
        Markup("<h1>{}</h1><p class='lead'>{}</p>").format(say("reviews.title"), say("reviews.lead")),
        Markup("<h2>{}</h2>").format(say("reviews.waiting", number=len(waiting))), cards or board.empty("reviews.nothing"),
    ]  # fmt: skip
    if viewer.role in ROLES:
        parts += [_figures(board), _begin(board), *_reviews(board)]
    return Markup("").join(parts), _table(board, told)


def waiting_for(board) -> int:
    """How many improvements wait for the viewer's own unit."""
    return sum(each["mine"] for each in improvements(board.store, board.viewer))


def _improvement(board, each: dict) -> Markup:
    say, write = board.say, board.write
    whose = say("messages.yours") if each["mine"] else write.unit(each["escalated_to"] or each["department"], board.now)
    up = Markup("")
    if each["late"]:
        leader = say("reviews.operations") if each["escalated_to"] is None else write.unit(each["escalated_to"], board.now)
        up = Markup("<p class='note'>{}</p>").format(
            say("reviews.gone_up", leader=leader, department=write.unit(each["department"], board.now))
        )
    return Markup(
        "<article class='card {}'><div class='top'><h3>{}</h3><span class='tag'>{}</span></div>"
        "<p class='does'><time class='due' data-due='{}'></time> <span>{}</span></p>{}"
        "<form class='ask' data-do='close_improvement' data-number='{}'><label>{}<input name='outcome' maxlength='{}' "
        "data-keep='outcome.{}' required></label><button>{}</button></form></article>"
    ).format(
        "asked" if each["late"] else "todo", each["text"], whose, each["due_at"],
        say("reviews.because", kind=say(f"reviews.{each['cause_kind']}"), cause=each["cause_text"], title=each["title"]), up,
        each["number"], say("reviews.outcome"), LONGEST, each["number"], say("reviews.close"),
    )  # fmt: skip


def _figures(board) -> Markup:
    say, write = board.say, board.write
    whole, *months = figures(board.store, board.viewer, board.now)
    per = "–" if whole.per_review is None else f"{whole.per_review:.1f}"
    tiles = (
        ("per_review", per, say("reviews.of_valid", valid=whole.valid, void=whole.void)),
        ("soon", write.percent(whole.share_soon), say("reviews.of_old", soon=whole.soon, old=whole.old_enough)),
        ("escalated", str(whole.escalated), say("reviews.of_all", number=whole.improvements)),
    )
    shown = Markup("").join(
        Markup("<div class='tile'><span>{}</span><b>{}</b><small>{}</small></div>").format(say(f"reviews.{name}"), value, more)
        for name, value, more in tiles
    )
    lines = Markup("").join(
        Markup("<li>{}</li>").format(
            say(
                "reviews.month", month=each.month, per="–" if each.per_review is None else f"{each.per_review:.1f}",
                valid=each.valid, soon=write.percent(each.share_soon),
            )
        )
        for each in months[:_FIRST]
    )  # fmt: skip
    return Markup("<div class='tiles'>{}</div><ul class='known'>{}</ul>").format(shown, lines)


def _begin(board) -> Markup:
    return Markup(
        "<h2>{}</h2><form class='ask' data-do='begin_review'><label>{}<input name='title' maxlength='400' "
        "data-keep='review.title' required></label><button>{}</button></form>"
    ).format(board.say("reviews.all"), board.say("reviews.what"), board.say("reviews.begin"))


def _reviews(board) -> list[Markup]:
    found = reviews(board.store, board.viewer)
    units = departments(board.store)
    shown = found if board.show_all else found[:_FIRST]
    more = board.say("reviews.show_all", number=len(found))
    button = [Markup("<a class='quiet' href='{}'>{}</a>").format(board.link(all=1), more)] if len(found) > len(shown) else []
    return [_review(board, each, units) for each in shown] + button


def _review(board, review: dict, units: list[str]) -> Markup:
    say, write = board.say, board.write
    is_open = review["state"] != VALID and (review["held_by"] == board.viewer.name or board.viewer.role != "manager")
    missing = Markup("")
    if review["missing"] and review["state"] != VALID:
        kinds = say("words.comma").join(say(f"reviews.{kind}") for kind in review["missing"])
        missing = Markup("<p class='callout {}'>{}</p>").format(
            "worse" if review["state"] == "void" else "", say(f"reviews.missing_{review['state']}", kinds=kinds)
        )
    about = "" if review["about"] is None else f"{review['about'][write.language]} · "
    head = say("reviews.held", who=review["held_by"], at=write.instant(review["begun_at"]))
    return Markup(
        "<section class='card'><div class='top'><div><h3>{}</h3><p class='note'>{}{}</p></div><span class='tag'>{}</span></div>"
        "{}{}{}</section>"
    ).format(
        review["title"], about, head, say(f"reviews.state_{review['state']}"), missing, _parts(board, review),
        _forms(board, review, units) if is_open else "",
    )  # fmt: skip


def _parts(board, review: dict) -> Markup:
    say, write = board.say, board.write
    causes = [say("reviews.line", kind=say(f"reviews.{each['kind']}"), text=each["text"]) for each in review["causes"]]
    pieces = [
        say("reviews.piece", kind=say(f"reviews.{each['kind']}"), text=each["text"], source=each["source"])
        for each in review["evidence"]
    ]
    made = [
        say("reviews.for", department=write.unit(each["department"], board.now), text=each["text"])
        for each in review["improvements"]
    ]
    named = (("causes", causes), ("pieces", pieces), ("improvements", made))
    return Markup("").join(
        Markup("<p class='does'>{}</p><ul class='known'>{}</ul>").format(
            say(f"reviews.{name}"), Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
        )
        for name, lines in named if lines
    )  # fmt: skip


def _forms(board, review: dict, units: list[str]) -> Markup:
    say, number = board.say, review["number"]
    text = Markup("<label>{}<input name='text' maxlength='{}' data-keep='{}.{}' required></label>")
    cause = _form(number, "add_cause", say("reviews.add_cause"), _select(board, "kind", CAUSES),
                  text.format(say("reviews.cause"), LONGEST, "cause", number))  # fmt: skip
    piece = _form(
        number, "add_evidence", say("reviews.add_evidence"), _select(board, "kind", EVIDENCE),
        text.format(say("reviews.shows"), LONGEST, "evidence", number),
        Markup("<label>{}<input name='source' maxlength='{}' data-keep='source.{}' required></label>").format(
            say("reviews.source"), LONGEST, number
        ),
    )  # fmt: skip
    if not review["causes"]:
        return cause + piece
    named = [(str(each["number"]), each["text"]) for each in review["causes"]]
    places = [(unit, board.write.unit(unit, board.now)) for unit in units]
    made = _form(
        number, "add_improvement", say("reviews.add_improvement"),
        _options("cause", say("reviews.cause"), named), _options("department", say("reviews.department"), places),
        text.format(say("reviews.improve"), LONGEST, "improvement", number),
    )  # fmt: skip
    finish = Markup("<p class='taps'><button data-do='finish_review' data-number='{}'>{}</button></p>").format(
        number, say("reviews.finish")
    )
    return cause + piece + made + finish


def _form(number: int, does: str, label: str, *fields: Markup) -> Markup:
    return Markup("<form class='ask' data-do='{}' data-number='{}'>{}<button>{}</button></form>").format(
        does, number, Markup("").join(fields), label
    )


def _select(board, name: str, kinds: tuple[str, ...]) -> Markup:
    return _options(name, board.say("reviews.kind"), [(kind, board.say(f"reviews.{kind}")) for kind in kinds])


def _options(name: str, label: str, choices: list[tuple[str, str]]) -> Markup:
    options = Markup("").join(Markup("<option value='{}'>{}</option>").format(value, words) for value, words in choices)
    return Markup("<label>{}<select name='{}'>{}</select></label>").format(label, name, options)


def _table(board, told: list[dict]) -> Table:
    say, write = board.say, board.write
    rows = [
        [
            each["title"], say(f"reviews.{each['cause_kind']}"), each["cause_text"], write.unit(each["department"], board.now),
            each["text"], write.stamp(each["due_at"]), write.stamp(each["escalated_at"]), write.stamp(each["closed_at"]),
            each["outcome"],
        ]
        for each in told
    ]  # fmt: skip
    names = ("review", "kind", "cause", "department", "improve", "due", "went_up", "closed", "outcome")
    return Table(say("views.reviews"), [say(f"reviews.{name}") for name in names], rows)
