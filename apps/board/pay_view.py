"""Pay: what a rep has earned in the running period by the policy in force, and by which deals."""

from markupsafe import Markup

from apps.board.taking import Table
from coach.pay.statement import Statement, statement

_PARTS = ("base", "commission", "accelerated", "bonus", "rewards")


def draw(board, reps: list[str]) -> tuple[Markup, Table]:
    """A statement for each rep; the table holds their parts."""
    say = board.say
    found = [statement(board.store, board.viewer, rep, board.now) for rep in reps]
    cards = Markup("").join(_card(board, each) for each in found)
    body = Markup("<h1>{}</h1><p class='lead'>{}</p>{}").format(say("pay.title"), say("pay.lead"), cards)
    return body, _table(board, found)


def _card(board, each: Statement) -> Markup:
    say, write = board.say, board.write
    tiles = [Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(say(f"pay.{name}"), write.money(getattr(each, name)))
             for name in _PARTS]  # fmt: skip
    about = say("pay.sold", sold=write.money(each.sold))
    if each.target is not None:
        about = say("pay.of_target", sold=write.money(each.sold), target=write.money(each.target))
    capped = Markup("<p class='note'>{}</p>").format(say("pay.capped", capped=write.money(each.capped))) if each.capped else ""
    if each.foreseen:
        capped = Markup("{}<p class='note'>{}</p>").format(capped, say("pay.foreseen"))
    if each.frozen:
        capped = Markup("{}<p class='note'>{}</p>").format(capped, say("pay.frozen", frozen=write.money(each.frozen)))
    return Markup(
        "<section class='card'><div class='top'><div><h3>{}</h3><p class='note'>{} · {}</p></div>"
        "<span class='tag'>{}</span></div><dl>{}</dl>{}{}</section>"
    ).format(
        write.unit(each.unit, board.now), say("pay.period", start=write.day(each.start), end=write.day(each.end - 1)), about,
        say("pay.total", total=write.money(each.total)), Markup("").join(tiles), capped, _sales(board, each),
    )  # fmt: skip


def _sales(board, each: Statement) -> Markup:
    if not each.sales:
        return board.empty("pay.no_sales")
    say, write = board.say, board.write
    rows = Markup("").join(
        Markup("<li>{}</li>").format(
            say(
                "pay.sale_frozen" if sale.frozen else "pay.sale", deal=sale.title[write.language],
                at=write.day(sale.won_at), amount=write.money(sale.amount),
                commission=write.money(sale.commission),
            )
        )
        for sale in each.sales
    )  # fmt: skip
    return Markup("<details><summary>{}</summary><ul class='known'>{}</ul></details>").format(
        say("pay.sales", number=len(each.sales)), rows
    )


def _table(board, found: list[Statement]) -> Table:
    say, write = board.say, board.write
    names = ("sold", "target", *_PARTS, "total_pay")
    heads = [say("heads.unit"), say("heads.period_from"), say("heads.period_to"), *(write.money_head(name) for name in names)]
    rows = [
        [each.unit, write.stamp(each.start), write.stamp(each.end), each.sold, each.target,
         *(getattr(each, name) for name in _PARTS), each.total]
        for each in found
    ]  # fmt: skip
    return Table(say("views.pay"), heads, rows)
