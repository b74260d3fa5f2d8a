"""Targets: the heat map of attainment by company, region, team and rep, week by week against pace."""

from markupsafe import Markup

from apps.board import habit_view, setting_view
from apps.board.attainment import Look, UnitRow, heat_map
from apps.board.taking import Table
from coach.store import reading
from coach.store.policy_history import policy_in_force

_BANDS = ((1.0, "ahead"), (0.9, "near"), (0.8, "slow"), (0.6, "behind"), (float("-inf"), "far"))
ON_A_PHONE = 4
"""Columns that a phone shows; earlier weeks are left out there."""


def band(pace: float | None) -> str:
    """Colour of a cell by pace."""
    return "none" if pace is None else next(name for least, name in _BANDS if pace >= least)


def draw(board) -> tuple[Markup, Table]:
    """The heat map of the units that are named to the viewer, and peers without names where the policy says so."""
    say = board.say
    version = policy_in_force(board.store, board.viewer)
    visibility = version.policy.targets.visibility if version else "private"
    rows = heat_map(board.store, board.viewer, board.now)
    nameless = [each for each in reading.targets(board.store, board.viewer) if each["unit"] is None]
    whose = "rep" if board.viewer.role == "rep" else "manager"
    head = Markup("<h1>{}</h1><p class='lead'>{}</p><p class='callout'>{}</p>").format(
        say("targets.title"), say("targets.lead"), say(f"visibility.{visibility}_{whose}")
    )
    red = [row.unit for row in rows if row.red]
    alarm = Markup("")
    if red:
        alarm = Markup("<p class='callout worse'>{}</p>").format(say("targets.red", units=say("words.comma").join(red)))
    shown = [row for row in rows if any(look and look.attainment is not None for look in row.looks)]
    map_ = _map(board, rows) if shown else board.empty("targets.none")
    body = head + alarm + map_ + _nameless(board, nameless) + setting_view.draw(board) + habit_view.table(board)
    return body, _table(board, rows, nameless)


def _map(board, rows: list[UnitRow]) -> Markup:
    say, write = board.say, board.write
    width = max(len(row.looks) for row in rows)
    looks = next(row.looks for row in rows if len(row.looks) == width)
    ends = [
        next((look.at for row in rows if place < len(row.looks) and (look := row.looks[place])), None)
        for place in range(len(looks))
    ]
    heads = Markup("").join(
        Markup("<th class='{}'>{}</th>").format(
            _age(place, width), say("targets.now") if place == width - 1 else write.day(at) if at else ""
        )
        for place, at in enumerate(ends)
    )
    body = Markup("").join(_row(board, row, width) for row in rows)
    bands = Markup("").join(Markup("<span class='{}'>{}</span>").format(name, say(f"bands.{name}")) for _, name in _BANDS)
    return Markup(
        "<div class='scroll'><table class='heat'><thead><tr><th>{}</th>{}</tr></thead><tbody>{}</tbody></table></div>"
        "<p class='legend'>{}</p><p class='note'>{}</p>"
    ).format(say("targets.unit"), heads, body, bands, say("targets.reading"))


def _age(place: int, width: int) -> str:
    return "now" if place == width - 1 else "old" if place < width - ON_A_PHONE else ""


def _row(board, row: UnitRow, width: int) -> Markup:
    cells = Markup("").join(
        _cell(board, row.looks[place] if place < len(row.looks) else None, _age(place, width)) for place in range(width)
    )
    called = board.write.unit(row.unit, board.now)
    name = Markup("<b>{}</b>").format(called) if row.depth == 0 or row.level != "rep" else called
    if row.level == "rep" and board.viewer.role != "rep":
        name = Markup("<a href='{}'>{}</a>").format(board.link(view="today", rep=row.unit), called)
    red = Markup(" <span class='mark' title='{0}'>▲<i>{0}</i></span>").format(board.say("targets.red_short")) if row.red else ""
    level = board.say(f"levels.{row.level}")
    mine = Markup(" <span class='tag'>{}</span>").format(board.say("targets.you")) if row.unit == board.viewer.unit else ""
    rank = Markup(" <small>#{:.0f}</small>").format(row.rank) if row.rank is not None else ""
    return Markup("<tr class='depth-{}'><th>{}{}{}{}<small class='level'>{}</small></th>{}</tr>").format(
        min(row.depth, 3), name, mine, rank, red, level, cells
    )


def _cell(board, look: Look | None, age: str) -> Markup:
    write = board.write
    if look is None or look.attainment is None:
        return Markup("<td class='{} none'>–</td>").format(age)
    told = board.say(
        "targets.cell", attained=write.money(look.attained), target=write.money(look.target), pace=write.percent(look.pace)
    )
    return Markup("<td class='{} {}' title='{}'>{}</td>").format(age, band(look.pace), told, write.percent(look.attainment))


def _nameless(board, nameless: list[dict]) -> Markup:
    if not nameless:
        return Markup("")
    bars = Markup("").join(
        Markup("<li><div class='meter'><i style='width:{:.0f}%'></i></div>{}</li>").format(
            min(100.0, 100 * (each["attainment"] or 0.0)), board.write.percent(each["attainment"])
        )
        for each in nameless
    )
    return Markup("<h2>{}</h2><ul class='peers'>{}</ul>").format(board.say("targets.peers"), bars)


def _table(board, rows: list[UnitRow], nameless: list[dict]) -> Table:
    say, write = board.say, board.write
    names = ("unit", "level", "week", "target", "attained", "attainment", "pace")
    told = [
        [row.unit, say(f"levels.{row.level}"), write.stamp(look.at), look.target, look.attained, _round(look.attainment),
         _round(look.pace)]
        for row in rows for look in row.looks if look is not None
    ]  # fmt: skip
    told += [[None, None, write.stamp(board.now), None, None, _round(each["attainment"]), None] for each in nameless]
    heads = [write.money_head(name) if name in ("target", "attained") else say(f"heads.{name}") for name in names]
    return Table(say("views.targets"), heads, told)


def _round(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
