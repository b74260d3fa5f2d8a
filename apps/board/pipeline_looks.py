"""The pipeline as a list that can be sorted, and as a board with a column for each stage."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from apps.board.deals import Deal

LOOKS = ("cards", "list", "stages")
SORTS: dict[str, Callable[[Deal], Any]] = {
    "health": lambda deal: (deal.health.value is None, deal.health.value or 0.0),
    "idle": lambda deal: -(deal.idle_days or 0.0),
    "amount": lambda deal: -(deal.values.get("amount") or 0.0),
    "stage": lambda deal: -(deal.values.get("stage") or 0.0),
    "next": lambda deal: (deal.next is None, deal.next.due_at if deal.next else 0),
}
"""Orders in which deals stand, the most pressing first; without one frozen deals lead."""
MOST = 100
"""Deals shown in a list, and in a column, before somebody asks for all."""


def chosen(board, deals: Sequence[Deal]) -> list[Deal]:
    """The deals that the address asks for, in its order."""
    wanted = [number for number in _stages(board) if str(number) == board.place.stage]
    kept = [deal for deal in deals if not wanted or _number(board, deal) in wanted]
    return sorted(kept, key=SORTS[board.place.sort]) if board.place.sort in SORTS else kept


def controls(board) -> Markup:
    """How the pipeline is looked at: the look, the order, the stage."""
    say, place = board.say, board.place
    looks = [(look, say(f"looks.{look}")) for look in LOOKS]
    sorts = [("", say("looks.usual")), *((name, say(f"looks.by_{name}")) for name in SORTS)]
    stages = [("", say("looks.all_stages")), *(
        (str(number), board.write.stage(board.policy, number)) for number in _stages(board)
    )]  # fmt: skip
    fields = Markup("").join(
        Markup("<label>{} <select name='{}'>{}</select></label>").format(say(f"looks.{name}"), name, _options(given, now))
        for name, given, now in (
            ("look", looks, place.look), ("sort", sorts, place.sort), ("stage", stages, place.stage),
        )
    )  # fmt: skip
    kept = Markup("").join(
        Markup("<input type='hidden' name='{}' value='{}'>").format(name, value)
        for name, value in (("view", "pipeline"), ("lang", board.language), ("rep", board.rep or ""))
        if value
    )
    return Markup("<form class='looks' action='/board' data-at-once>{}{}</form>").format(kept, fields)


def as_list(board, deals: Sequence[Deal]) -> Markup:
    """One line a deal."""
    say, write = board.say, board.write
    heads = Markup("").join(
        Markup("<th scope='col' class='{}'>{}</th>").format("number" if name in ("amount", "idle_days") else "", head)
        for name, head in (
            *((name, say(f"heads.{name}")) for name in ("record", "unit", "stage")), ("amount", write.money_head("amount")),
            *((name, say(f"heads.{name}")) for name in ("health", "idle_days")), ("next", say("looks.next_due")),
        )
    )  # fmt: skip
    rows = Markup("").join(_row(board, deal) for deal in _shown(board, deals))
    return Markup(
        "<div class='scroll' tabindex='0' role='region' aria-label='{}'><table class='list'><thead><tr>{}</tr></thead>"
        "<tbody>{}</tbody></table></div>"
    ).format(say("views.pipeline"), heads, rows)


def _row(board, deal: Deal) -> Markup:
    write = board.write
    health = "–" if deal.health.value is None else f"{deal.health.value:.0f}"
    idle = "–" if deal.idle_days is None else f"{deal.idle_days:.0f}"
    due = Markup("<time class='due' data-due='{}'></time>").format(deal.next.due_at) if deal.next else "–"
    frozen = Markup(" <span class='tag worse'>{}</span>").format(board.say("pipeline.frozen")) if deal.frozen else ""
    return Markup(
        "<tr><td>{}{}</td><td>{}</td><td>{}</td><td class='number'>{}</td><td><span class='tag {}'>{}</span></td>"
        "<td class='number'>{}</td><td>{}</td></tr>"
    ).format(
        board.record_link("opportunity", deal.id, deal.title[board.language]), frozen, write.unit(deal.unit, board.now),
        write.stage(board.policy, deal.values.get("stage")), write.money(deal.values.get("amount")), deal.health.colour or "",
        health, idle, due,
    )  # fmt: skip


def as_stages(board, deals: Sequence[Deal]) -> Markup:
    """A column for each stage; a rep's own deals can be dragged to another one, or moved by their button."""
    columns = []
    for number in (None, *_stages(board)):
        own = [deal for deal in deals if _number(board, deal) == number]
        if number is None and not own:
            continue
        worth = board.write.money(sum(deal.values.get("amount") or 0.0 for deal in own))
        cards = Markup("").join(_small(board, deal) for deal in _shown(board, own))
        drop = Markup("data-drop='advance' data-value='{}'").format(number) if number else ""
        called = board.write.stage(board.policy, number) if number else board.say("looks.no_stage")
        columns.append(
            Markup("<section class='column' {}><h3>{}</h3><p class='note'>{}</p>{}</section>").format(
                drop, called, board.say("looks.column", number=len(own), worth=worth), cards
            )
        )
    drag = Markup("<p class='note'>{}</p>").format(board.say("looks.drag")) if board.viewer.role == "rep" else ""
    columns_of = Markup("<div class='columns' tabindex='0' role='region' aria-label='{}'>{}</div>")
    return drag + columns_of.format(board.say("views.pipeline"), Markup("").join(columns))


def _small(board, deal: Deal) -> Markup:
    onward, number = Markup(""), int(deal.values.get("stage") or 0)
    if board.viewer.role == "rep" and number < len(board.policy.stages):
        onward = Markup("<button class='quiet' data-do='advance' data-record='{}' data-value='{}'>→ {}</button>").format(
            deal.id, number + 1, board.write.stage(board.policy, number + 1)
        )
    idle = "" if deal.idle_days is None else board.say("home.idle", days=f"{deal.idle_days:.0f}")
    told = [board.write.money(deal.values["amount"]) if deal.values.get("amount") else "", idle]
    return Markup("<article class='card small {}' {}><h4>{}</h4><p class='note'>{}</p>{}</article>").format(
        "frozen" if deal.frozen else deal.health.colour or "",
        Markup("draggable='true' data-drag='{}'").format(deal.id) if board.viewer.role == "rep" else "",
        board.record_link("opportunity", deal.id, deal.title[board.language]), " · ".join(filter(None, told)), onward,
    )  # fmt: skip


def _stages(board) -> range:
    return range(1, len(board.policy.stages) + 1)


def _number(board, deal: Deal) -> int | None:
    """The stage by its place; None for a deal without one, or with one that the policy in force does not have."""
    stage = deal.values.get("stage")
    return None if stage is None or stage not in _stages(board) else int(stage)


def _shown(board, deals: Sequence[Deal]) -> Sequence[Deal]:
    return deals if board.show_all else deals[:MOST]


def cut(board, deals: Sequence[Deal]) -> bool:
    """Whether the list, or a column, leaves deals out."""
    if board.place.look == "list":
        return len(_shown(board, deals)) < len(deals)
    columns = Counter(_number(board, deal) for deal in deals)
    return not board.show_all and max(columns.values(), default=0) > MOST


def _options(given: Sequence[tuple[str, str]], now: str) -> Markup:
    return Markup("").join(
        Markup("<option value='{}' {}>{}</option>").format(value, Markup("selected" if value == now else ""), label)
        for value, label in given
    )
