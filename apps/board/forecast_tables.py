"""Tables of a forecast: wins and amounts by week, unit and rep, and what came of earlier forecasts."""

from collections.abc import Iterable

from markupsafe import Markup

from apps.board.taking import Table
from apps.pages.stacked import stacked
from coach.forecasting.backtest import Backtest, day
from coach.forecasting.forecast import Expected, Forecast
from coach.forecasting.measures import LEVELS
from coach.forecasting.words import USUAL

Line = tuple[str, Expected, Expected | None]
"""A week, unit or rep with its wins and, where there are amounts, revenue."""


def by_week(found: Forecast) -> list[Line]:
    """The weeks ahead, by their first day."""
    revenue = [None] * len(found.wins) if found.revenue is None else found.revenue
    return list(zip(found.begins, found.wins, revenue, strict=True))


def whole_number(number: float) -> str:
    """A number of wins as an end of an interval."""
    return f"{number:,.0f}"


def lines_of(board, first: str, lines: Iterable[Line]) -> Markup:
    """A table of wins with their intervals, and of amounts where there are any."""
    say, money = board.say, board.write.money
    lines = list(lines)
    with_money = any(revenue is not None for _, _, revenue in lines)
    heads = [say("forecast.wins"), *(f"{level} %" for level in LEVELS)]
    heads += [say("forecast.amount"), f"{USUAL} %"] if with_money else []
    rows = []
    for name, wins, revenue in lines:
        cells = [f"{wins.mean:,.1f}", *(_ends(wins, level, whole_number) for level in LEVELS)]
        if with_money and revenue is not None:
            cells += [money(revenue.mean), _ends(revenue, USUAL, money)]
        rows.append((name, cells))
    return stacked(say(first), heads, rows)


def _ends(expected: Expected, level: int, write) -> str:
    low, high = expected.intervals[level]
    return f"{write(low)}–{write(high)}"


def origins(board, tried: Backtest | None) -> Markup:
    """What was expected from each instant of the past, and what came; nothing where that is not for the viewer."""
    sums = [] if tried is None else [each for each in tried.sums if each.weeks]
    if tried is None or not sums:
        return Markup("")
    say = board.say
    heads = [say(f"forecast.{name}") for name in ("expected", "came", "of_weeks")]
    rows = [(day(each.at, tried.zone), (f"{each.expected:,.1f}", f"{each.came:,.0f}", str(each.weeks))) for each in sums]
    return Markup("<section class='card'><h2>{}</h2><p class='note'>{}</p>{}</section>").format(
        say("forecast.origins"), say("forecast.origins_note"), stacked(say("forecast.origin"), heads, rows)
    )


def taken(board, found: Forecast) -> Table:
    """Weeks, units and reps with all intervals, unrounded."""
    say = board.say
    heads = [say("heads.what"), say("forecast.name")]
    for name in ("wins", "amount"):
        head = say(f"forecast.{name}") if name == "wins" else board.write.money_head("amount")
        heads += [head, *(f"{head}, {level} % {say(f'forecast.{end}')}" for level in LEVELS for end in ("from", "to"))]
    lines = [("week", *each) for each in by_week(found)]
    for what, groups in (("unit", found.units), ("rep", found.reps)):
        lines += [(what, each.name, each.wins, each.revenue) for each in groups]
    rows = [[say(f"forecast.{what}"), name, *_cells(wins), *_cells(revenue)] for what, name, wins, revenue in lines]
    return Table(say("views.forecast"), heads, rows)


def _cells(expected: Expected | None) -> list[float | None]:
    if expected is None:
        return [None] * (1 + 2 * len(LEVELS))
    return [expected.mean, *(end for level in LEVELS for end in expected.intervals[level])]
