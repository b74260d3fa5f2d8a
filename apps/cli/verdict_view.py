"""A verdict in the terminal: the sentence first, then the effects, for whom, the guardrails, what it depends on."""

from apps.cli.output import NO_VALUE, console, percent, quantity, table
from apps.cli.texts import pick, say

SECONDARY = ("revenue", "wins", "win_rate", "cycle_days", "frozen_share", "turnover", "alerts_per_manager_day", "satisfaction")
"""Metrics shown beside the one that decides; the page and the JSON have all."""
COLOURS = {"better": "green", "held": "green", "worse": "red", "broken": "red", "undecided": "yellow"}


def show_verdict(verdict) -> None:
    """Write the verdict (`sim.experiment.verdict.Verdict`) to the terminal."""
    screen = console()
    screen.print()
    screen.print(pick(verdict.sentence.en, verdict.sentence.zh), style="bold")
    screen.print(basis(verdict), style="dim")
    screen.print(effects(verdict))
    screen.print(groups(verdict))
    if verdict.guardrails:
        screen.print(guardrails(verdict))
    for line in [*drivers(verdict), *left_out(verdict), *(pick(note.en, note.zh) for note in verdict.notes)]:
        screen.print(line)


def basis(verdict) -> str:
    """What the verdict rests on, in one line."""
    return say(
        "verdict.basis",
        pairs=verdict.pairs,
        worlds=verdict.worlds,
        window=pick(verdict.window.text.en, verdict.window.text.zh),
        scenario=verdict.scenario.name,
        why=say(f"verdict.stopped.{verdict.stopped}"),
    )


def effect_cells(effect) -> tuple[str, ...]:
    """Baseline, difference, interval, share of worlds and call of one effect."""
    unit = effect.unit
    relative = effect.relative.value
    change = quantity(effect.difference, unit, signed=True)
    if relative is not None and unit != "share":
        change += f" ({relative * 100:+.1f} %)"
    colour = COLOURS.get(effect.call, "default")
    return (
        quantity(effect.baseline.value, unit),
        change,
        f"{quantity(effect.low, unit, signed=True)} … {quantity(effect.high, unit, signed=True)}",
        percent(effect.better_share_of_worlds.value, 0) if effect.direction else NO_VALUE,
        f"[{colour}]{say(f'verdict.call.{effect.call}')}[/]",
    )


def effect_table(verdict, title: str | None, first: str):
    """An empty table of effects."""
    return table(
        title,
        first,
        say("verdict.baseline", a=verdict.policies.a.name),
        say("verdict.difference"),
        say("verdict.interval", confidence=percent(verdict.settings.confidence, 0)),
        say("verdict.worlds"),
        say("verdict.call"),
    )


def effects(verdict):
    """The deciding metric first, then the secondary ones."""
    shown = effect_table(verdict, None, say("verdict.metric"))
    for name in dict.fromkeys((verdict.metric, *SECONDARY)):
        if effect := verdict.metrics.get(name):
            title = pick(effect.title.en, effect.title.zh)
            shown.add_row(f"[bold]{title}[/]" if name == verdict.metric else title, *effect_cells(effect))
    return shown


def groups(verdict):
    """Effects on the deciding metric by group of reps and by unit."""
    shown = effect_table(verdict, say("verdict.groups"), say("verdict.group"))
    for name in ("low", "middle", "high", "hires"):
        if effect := getattr(verdict.groups, name):
            shown.add_row(say(f"verdict.group.{name}"), *effect_cells(effect))
    for unit, effect in verdict.groups.units.items():
        shown.add_row(unit, *effect_cells(effect))
    return shown


def guardrails(verdict):
    """Each line with its bound and its state."""
    shown = table(say("verdict.guardrails"), say("verdict.guardrail"), say("verdict.bound"), say("verdict.state"))
    for rail in verdict.guardrails:
        unit = "share" if rail.measure == "relative" else verdict.metrics[rail.metric].unit if rail.metric in verdict.metrics else ""
        title = f"{pick(rail.title.en, rail.title.zh)} {say('verdict.side.' + rail.side)} {quantity(rail.limit, unit)}"
        state = f"[{COLOURS[rail.state]}]{say(f'verdict.state.{rail.state}')}[/]"
        shown.add_row(title, quantity(rail.bound, unit), state)
    return shown


def drivers(verdict) -> list[str]:
    """What the difference follows from world to world, strongest first."""
    if not verdict.drivers.named:
        return []
    lines = [say("verdict.drivers") + ":"]
    for driver in verdict.drivers.named:
        line = "  " + say("verdict.driver", title=pick(driver.title.en, driver.title.zh), correlation=f"{driver.correlation:+.2f}")
        if driver.overturned and driver.turning_point is not None:
            side = say(f"verdict.turning.{driver.overturned}")
            line += say("verdict.turning", side=side, point=f"{quantity(driver.turning_point)} {driver.unit}".strip())
        lines.append(line)
    return lines


def left_out(verdict) -> list[str]:
    """Rules that run live and cannot be rehearsed, with the reason."""
    cards = (verdict.policies.a, verdict.policies.b)
    rules = {rule.rule: rule for card in cards for rule in card.cannot_rehearse}
    return [say("verdict.left_out", rule=rule.rule, reason=pick(rule.reason.en, rule.reason.zh)) for rule in rules.values()]
