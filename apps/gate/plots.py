"""The plots of the past: firings by week, and notices by person and week."""

from coach.validation.parts import History
from sim.experiment.report import frame

_COLOURS = ["#1d5bbf", "#0b766b", "#b24e08", "#69758a", "#7a4fb0", "#a3741a", "#2c8fb3", "#8c3b5d"]


def by_week(history: History):
    """Bars of firings by week, one colour a rule; a Bokeh figure, or None without firings."""
    rows = [(each.week[5:], each.rule, each.firings) for each in history.policy.by_week]
    if not rows:
        return None
    _, pandas = frame.libraries()
    wide = pandas.DataFrame(rows, columns=["week", "rule", "firings"]).pivot_table(
        index="week", columns="rule", values="firings", aggfunc="sum", sort=False
    )
    order = [each.rule for each in history.policy.rules if each.rule in wide]
    wide = wide.reindex([week[5:] for week in history.weeks])[order].fillna(0)
    wide.columns.name = None
    bars = wide.hvplot.bar(
        stacked=True,
        rot=60,
        xlabel="",
        ylabel="",
        color=_COLOURS[: len(order)] if len(order) <= 8 else "Category20",
        legend="right",
    )
    drawn = frame.figure(bars, height=300)
    for legend in drawn.legend:
        legend.visible = True
    return drawn


def heat(history: History):
    """Notices by person and week; a Bokeh figure, or None without notices."""
    rows = [(each.week[5:], each.unit, each.notices) for each in history.policy.by_person_week if each.notices]
    if not rows:
        return None
    _, pandas = frame.libraries()
    table = pandas.DataFrame(rows, columns=["week", "unit", "notices"])
    units = table["unit"].nunique()
    drawn = table.hvplot.heatmap(
        x="week", y="unit", C="notices", cmap="Blues", rot=60, xlabel="", ylabel="", colorbar=True, hover=True
    )
    return frame.figure(drawn, height=min(640, 110 + 24 * units), grid="")
