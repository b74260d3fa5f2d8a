"""A manager's home: what needs a decision of the viewer, each with what to do and why, the most pressing first."""

from markupsafe import Markup

from apps.board import coaching, messages_view, requests_view, reviews_view, setting_view
from apps.board.attainment import UnitRow, heat_map
from apps.board.deals import open_deals
from apps.board.taking import Table
from coach.desks.queue import requests
from coach.rules.worded import with_todo_texts
from coach.store import reading

FIRST = 5
"""Of each kind shown here; the rest is behind its link."""
WORST = 3


def draw(board) -> tuple[Markup, Table]:
    """Approvals, escalations, units that fall behind, and what else waits; the table holds it line by line."""
    parts, lines = [], []
    for section in (_approvals, _escalations, _adjustments, _behind, _elsewhere):
        shown, told = section(board)
        parts.append(shown)
        lines += told
    lead = board.say("home.lead", day=board.write.today(board.now), number=len(lines))
    head = Markup("<h1>{}</h1><p class='lead'>{}</p>").format(board.say("home.title"), lead)
    nothing = Markup("") if lines else board.empty("home.nothing")
    heads = [board.say(f"home.head_{name}") for name in ("what", "about")]
    return head + nothing + Markup("").join(parts) + coaching.draw(board), Table(board.say("home.title"), heads, lines)


def _section(board, name: str, cards: list[Markup], number: int, view: str) -> Markup:
    if not cards:
        return Markup("")
    more = Markup("")
    if number > len(cards):
        more = Markup("<p><a class='quiet' href='{}'>{}</a></p>").format(
            board.link(view=view), board.say("home.all", number=number)
        )
    return Markup("<section class='decide'><h2>{}</h2><p class='note'>{}</p>{}{}</section>").format(
        board.say(f"home.{name}", number=number), board.say(f"home.{name}_why"), Markup("").join(cards), more
    )


def _approvals(board) -> tuple[Markup, list[list[str]]]:
    found = [each for each in requests(board.store, board.viewer) if each.may_answer]
    cards = [requests_view.card(board, each) for each in found[:FIRST]]
    told = [[board.say("home.an_approval"), requests_view.what(board, each)] for each in found]
    return _section(board, "approvals", cards, len(found), "requests"), told


def _escalations(board) -> tuple[Markup, list[list[str]]]:
    unit = board.viewer.unit
    own = [each for each in reading.todos(board.store, board.viewer) if unit in (each["unit"], each["deputy"])]
    cards = [messages_view.todo(board, each) for each in with_todo_texts(board.service, own[:FIRST])]
    told = [[board.say("home.a_todo"), each["title"][board.language]] for each in own]
    return _section(board, "escalations", cards, len(own), "messages"), told


def _adjustments(board) -> tuple[Markup, list[list[str]]]:
    mine = [each for each in board.setting.adjustments() if each["mine_to_decide"]]
    cards = [setting_view.adjustment(board, each) for each in mine[:FIRST]]
    told = [[board.say("home.an_adjustment"), board.write.unit(each["unit"], board.now)] for each in mine]
    return _section(board, "adjustments", cards, len(mine), "targets"), told


def _behind(board) -> tuple[Markup, list[list[str]]]:
    red = [row for row in heat_map(board.store, board.viewer, board.now) if row.red and row.unit != board.viewer.unit]
    cards = [_unit(board, row) for row in red[:FIRST]]
    told = [[board.say("home.a_unit"), board.write.unit(row.unit, board.now)] for row in red]
    return _section(board, "behind", cards, len(red), "targets"), told


def _unit(board, row: UnitRow) -> Markup:
    """A unit far behind: how far, and the open deals that stand worst."""
    look = next(look for look in reversed(row.looks) if look is not None)
    told = board.say(
        "targets.cell", attained=board.write.money(look.attained), target=board.write.money(look.target),
        pace=board.write.percent(look.pace),
    )  # fmt: skip
    deals = open_deals(board.store, board.service, board.viewer, [row.unit], board.now)[:WORST] if row.level == "rep" else []
    worst = Markup("").join(
        Markup("<li>{} <span class='note'>{}</span></li>").format(
            board.record_link("opportunity", deal.id, deal.title[board.language]), _state(board, deal)
        )
        for deal in deals
    )
    listed = Markup("<p class='note'>{}</p><ul class='known'>{}</ul>").format(board.say("home.worst"), worst) if deals else ""
    return Markup(
        "<article class='card asked'><div class='top'><h3>{}</h3><span class='tag worse'>{}</span></div><p class='does'>{}</p>"
        "{}<p class='taps'><a class='quiet' href='{}'>{}</a></p></article>"
    ).format(
        board.write.unit(row.unit, board.now), board.say("targets.red_short"), told, listed,
        board.link(view="pipeline", rep=row.unit), board.say("home.pipeline"),
    )  # fmt: skip


def _state(board, deal) -> str:
    if deal.frozen:
        return board.say("pipeline.frozen")
    return "" if deal.idle_days is None else board.say("home.idle", days=f"{deal.idle_days:.0f}")


def _elsewhere(board) -> tuple[Markup, list[list[str]]]:
    """What waits on other views, with how much of it."""
    waits = {
        "leads": len(board.giving.waiting()), "customers": board.finding.waiting(), "reviews": reviews_view.waiting_for(board),
        "targets": len(board.setting.proposed_moves()),
    }  # fmt: skip
    shown = [(view, board.say(f"home.{view}", number=number)) for view, number in waits.items() if number]
    if not shown:
        return Markup(""), []
    lines = Markup("").join(Markup("<li><a href='{}'>{}</a></li>").format(board.link(view=view), told) for view, told in shown)
    listed = Markup("<section class='decide'><h2>{}</h2><ul class='notices found'>{}</ul></section>")
    return listed.format(board.say("home.elsewhere"), lines), [[board.say(f"views.{view}"), told] for view, told in shown]
