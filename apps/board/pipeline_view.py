"""The pipeline: health, idle days and which action last reset the clock, frozen deals with how to reopen them."""

from collections.abc import Collection, Sequence

from markupsafe import Markup

from apps.board.advancing import choices
from apps.board.asking import asking_form, to_requests
from apps.board.deals import LATE_ENTRY_MS, Deal, open_deals, reopened_last
from apps.board.pipeline_looks import as_list, as_stages, chosen, controls, cut
from apps.board.taking import Table
from apps.board.today_view import acts, calculator_link
from coach.desks.queue import approvals_asked
from coach.guidance.cards import Card, cards
from coach.money import ORIGINAL
from coach.offering.offered import Offered, offered
from coach.offering.pages import Sent, sent_for
from coach.texts import approval_text, kind_name

FIRST = 30
"""Deals shown before somebody asks for all."""


def draw(board, units: list[str | None]) -> tuple[Markup, Table]:
    """The open deals of some units, None for those of nobody, and the same as a table with all of them."""
    say, write = board.say, board.write
    deals = open_deals(board.store, board.service, board.viewer, units, board.now)
    frozen = sum(deal.frozen for deal in deals)
    value = sum(deal.values.get("amount") or 0.0 for deal in deals)
    head = Markup("<h1>{}</h1><p class='lead'>{}</p>").format(
        say("pipeline.title"), say("pipeline.lead", deals=len(deals), frozen=frozen, value=write.money(value))
    )
    deals = chosen(board, deals)
    if board.place.look in ("list", "stages"):
        look = as_list(board, deals) if board.place.look == "list" else as_stages(board, deals)
        more = _all_of(board, deals) if cut(board, deals) else ""
        return head + controls(board) + (look + more if deals else board.empty("pipeline.none")), _table(board, deals)
    shown = deals if board.show_all else deals[:FIRST]
    with board.store.read() as connection:
        rows = [deal.row for deal in shown]
        offers, pages = offered(connection, rows, board.now), sent_for(connection, rows)
        told = [{"row": deal.row, "unit": deal.unit, "values": deal.values} for deal in shown]
        guides = cards(connection, board.policy, told, board.now)
    told_of = {row: _offers(board, offers.get(row), pages.get(row, [])) + _card(board, guides.get(row)) for row in rows}
    asked = approvals_asked(board.store, {deal.id for deal in shown if deal.approvals})
    told_of = {deal.row: told_of[deal.row] + _approvals(board, deal, asked) for deal in shown}
    listed = Markup("").join(_deal(board, deal, len(units) > 1, told_of[deal.row]) for deal in shown)
    more = _all_of(board, deals) if len(deals) > len(shown) else Markup("")
    listed = Markup("<div class='deals'>{}</div>").format(listed) if deals else board.empty("pipeline.none")
    note = Markup("<p class='note'>{}</p>").format(say("pipeline.note"))
    return head + controls(board) + note + listed + more, _table(board, deals)


def _all_of(board, deals: Sequence[Deal]) -> Markup:
    return Markup("<a class='quiet' href='{}'>{}</a>").format(
        board.link(all=1), board.say("pipeline.all", number=len(deals))
    )


def _deal(board, deal: Deal, with_owner: bool, more: Markup) -> Markup:
    say, write = board.say, board.write
    about = [write.stage(board.policy, deal.values.get("stage"))]
    if deal.values.get("amount"):
        about.append(write.money(deal.values["amount"]))
    if (told := deal.values.get(f"{ORIGINAL}amount")) is not None:
        about.append(say("pipeline.told" if "amount" in deal.values else "pipeline.unpriced", amount=told))
    title, customer = deal.title[write.language], deal.values.get("customer")
    if isinstance(customer, str) and customer != title:
        about.insert(0, customer)
    if with_owner:
        about.append(write.unit(deal.unit, board.now))
    return Markup(
        "<article class='card deal {}'><div class='top'><div><h3>{}</h3><p class='note'>{}</p></div>{}</div>"
        "<dl><div><dt>{}</dt><dd class='big'>{}</dd></div><div class='wide'><dt>{}</dt><dd>{}</dd></div></dl>{}{}{}{}{}"
        "</article>"
    ).format(
        "frozen" if deal.frozen else "", board.record_link("opportunity", deal.id, title), " · ".join(about),
        _health(board, deal),
        say("pipeline.idle"), idle_words(board, deal), say("pipeline.reset"), reset_words(board, deal), _next(board, deal),
        more, asking_form(board, "opportunity", deal.id, deal.missing) if deal.missing else "", _taps(board, deal),
        _why(board, deal),
    )  # fmt: skip


def _health(board, deal: Deal) -> Markup:
    value, colour = deal.health.value, deal.health.colour
    return Markup("<div class='health {}' title='{}'><b>{}</b><small>{}</small></div>").format(
        colour or "", board.say("pipeline.health_title"), "–" if value is None else f"{value:.0f}",
        board.say(f"health.{colour}") if colour else board.say("health.none"),
    )  # fmt: skip


def idle_words(board, deal: Deal) -> str:
    """Idle days in words."""
    return "–" if deal.idle_days is None else board.say("pipeline.days", days=f"{deal.idle_days:.0f}")


def reset_words(board, deal: Deal) -> str:
    """Which action last reset the clock, when, and when it was entered if that was later."""
    say, write = board.say, board.write
    if deal.last is None:
        return say("reset.none")
    last = deal.last
    words = say("reset.by", action=say(f"actions.{last.event}"), at=write.instant(last.acted_at), source=last.source)
    if last.recorded_at - last.acted_at > LATE_ENTRY_MS:
        words += say("reset.entered", at=write.instant(last.recorded_at))
    if reopened_last(deal):
        words += say("reset.reopened", at=write.instant(deal.values["reopened_at"]))
    return words


def _next(board, deal: Deal) -> Markup:
    if deal.frozen:
        return Markup("<p class='does'><span class='tag worse'>{}</span> {}</p>").format(
            board.say("pipeline.frozen"), board.say("pipeline.how_to_reopen")
        )
    if deal.next is None:
        return Markup("")
    return Markup("<p class='does'><time class='due' data-due='{}'></time> <span>{}</span></p>").format(
        deal.next.due_at, acts(board, deal.next.rule)
    )


def _offers(board, stands: Offered | None, pages: list[Sent]) -> Markup:
    """What is offered for a deal and by which rule, and what was sent and looked at."""
    say, write = board.say, board.write
    lines = [] if stands is None else [say("pipeline.offered", rule=stands.rule, at=write.instant(stands.at))]
    for each in pages:
        looked = say("pipeline.never_looked")
        if each.last_look_at is not None:
            told = {"looks": each.looks, "minutes": f"{each.minutes:.1f}", "at": write.instant(each.last_look_at)}
            looked = say("pipeline.looked", **told)
        lines.append(say("pipeline.calculator_sent", at=write.instant(each.made_at), who=each.made_by, looked=looked))
    return Markup("").join(Markup("<p class='note offer'>{}</p>").format(each) for each in lines)


def _approvals(board, deal: Deal, asked: Collection[tuple[str, str]]) -> Markup:
    """Whose approval the deal lacks, and whether it has been asked for."""
    lines = Markup("").join(
        Markup("<p class='note'>{}</p>").format(approval_text(desk, (deal.id, desk) in asked, board.write.language))
        for desk in deal.approvals
    )
    return lines + to_requests(board) if lines else lines


def _card(board, card: Card | None) -> Markup:
    """The action card of a newcomer's deal."""
    if card is None:
        return Markup("")
    say, language = board.say, board.write.language
    source = say("card.wider" if card.wider else "card.like", wins=card.wins)
    stayed = "" if card.days is None else say("card.days", days=f"{card.days:.0f}")
    steps = Markup("").join(
        Markup("<li>{}</li>").format(
            say("card.done" if each.done else "card.open", what=each.words._asdict()[language], wins=each.wins, of=card.wins)
        )
        for each in card.steps
    )
    must = say("words.comma").join(each._asdict()[language] for each in card.must) or say("card.nothing")
    return Markup(
        "<details class='guide' open><summary>{}</summary><p class='does'>{}</p><ul class='known'>{}</ul>"
        "<p class='note'>{} {}</p></details>"
    ).format(say("card.title"), say("card.must", what=must), steps, source, stayed)


def _taps(board, deal: Deal) -> Markup:
    note = Markup("<a class='quiet' href='{}'>{}</a>").format(
        board.link(view="notes", record=deal.id), board.say("notes.open")
    )
    sending = calculator_link(board, deal.id) if board.viewer.role in ("rep", "manager") else Markup("")
    return choices(board, deal.id, deal.values.get("stage")) + Markup("<p class='taps'>{}</p>{}").format(note, sending)


def _why(board, deal: Deal) -> Markup:
    reasons = Markup("").join(Markup("<li>{}</li>").format(each[board.write.language == "zh"]) for each in deal.health.reasons)
    return Markup("<details><summary>{}</summary><ul class='known'>{}</ul></details>").format(
        board.say("pipeline.why"), reasons
    )


def _table(board, deals: list[Deal]) -> Table:
    say, write = board.say, board.write
    names = ("record", "unit", "stage", "amount", "told", "health", "idle_days", "reset", "frozen", "next_rule", "next_at")
    rows = [
        [
            deal.title[write.language], write.unit(deal.unit, board.now), write.stage(board.policy, deal.values.get("stage")),
            deal.values.get("amount"), deal.values.get(f"{ORIGINAL}amount"),
            None if deal.health.value is None else round(deal.health.value),
            None if deal.idle_days is None else round(deal.idle_days, 1), reset_words(board, deal),
            say("pipeline.frozen") if deal.frozen else None, deal.next and deal.next.rule,
            write.stamp(deal.next.due_at) if deal.next else None, deal.id,
        ]
        for deal in deals
    ]  # fmt: skip
    heads = [write.money_head(name) if name == "amount" else say(f"heads.{name}") for name in (*names, "id")]
    return Table(kind_name("opportunity", write.language), heads, rows)
