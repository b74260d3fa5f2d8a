"""What a verdict comes to in words: what to do, who is worse off, what a guardrail or a driver means."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sim.experiment.overturn.parts import Region, Surrogate
from sim.experiment.report.both import Both, both, percent, span, value
from sim.experiment.report.texts import text
from sim.experiment.verdict.calls import better_when, call_of
from sim.experiment.verdict.sentence import in_per_cent
from sim.experiment.verdict.verdict import Driver, Effect, Estimate, GuardrailResult, Text, Verdict


class Advice(NamedTuple):
    """What to do: a badge with its tone (better, worse, unsure), why, and a caution where the run itself calls for one."""

    tone: str
    badge: Both
    why: Both
    caution: Both | None


def advice(verdict: Verdict) -> Advice:
    """Gain and guardrails weighed: a broken guardrail stops any gain, an undecided one is no pass."""
    primary = verdict.metrics[verdict.metric]
    call = primary.call
    broken, undecided = rails_in(verdict, "broken"), rails_in(verdict, "undecided")
    named = Both("", "")
    if primary.low is None:
        tone, name = "unsure", "no_cases"
    elif call == "worse":
        tone, name = "worse", "keep"
    elif broken is not None:
        tone, name, named = "worse", "blocked", broken
    elif call == "better" and undecided is not None:
        tone, name, named = "unsure", "pilot", undecided
    elif call == "better":
        tone, name = "better", "go" if verdict.guardrails else "go_bare"
    else:
        tone, name = "unsure", {"unclear": "open", "identical": "same"}.get(call, "neutral")
    return Advice(tone, text(f"advice.{name}"), text(f"advice.{name}_why", names=named), caution(verdict))


def rails_in(verdict: Verdict, state: str) -> Both | None:
    """The guardrails in one state, by name; None where there are none."""
    titles = [result.title for result in verdict.guardrails if result.state == state]
    return listed([Both(title.en.lower(), title.zh) for title in titles]) if titles else None


def listed(names: list[Both]) -> Both:
    """Names as a list in a sentence."""
    return Both(", ".join(name.en for name in names), "、".join(name.zh for name in names))


def opening(sentence: Text) -> tuple[Both, Both]:
    """The verdict's first sentence, and the rest of what it says; a number and its sign of per cent stay on one line."""
    en, zh = (re.sub(r"(?<=\d) (?=%)", "\xa0", words) for words in (sentence.en, sentence.zh))
    parts = [re.split(r"(?<=[.!?])\s+(?=\S)", en, maxsplit=1), re.split(r"(?<=[。\uff01\uff1f])", zh, maxsplit=1)]
    first, rest = zip(*((part[0], part[1] if len(part) > 1 else "") for part in parts), strict=True)
    return Both(*first), Both(*rest)


def caution(verdict: Verdict) -> Both | None:
    """What the way the run ended says about the verdict."""
    if verdict.stopped == "interrupted":
        return text("advice.preliminary")
    return text("advice.capped") if verdict.stopped == "max-pairs" else None


def tone(call: str) -> str:
    """The colour class of a reading."""
    return call if call in ("better", "worse") else "unsure"


def side(estimate: Estimate, direction: int = 1) -> str:
    """The word for an interval: on the good side of zero, on the bad one, or on both (unclear)."""
    return call_of(estimate.low, estimate.high, direction)


def word(effect: Effect) -> Both:
    """The word for an effect: where nothing is decided, whether that is for want of cases."""
    if effect.low is None:
        return text("calls.none")
    return text(f"calls.{effect.call}")


def in_worlds(effect: Effect) -> Both:
    """In what share of worlds it is better; where neither direction is, in what share it is higher, and said so."""
    share = effect.better_share_of_worlds.value
    told = percent(share, places=0)
    return told if effect.direction or share is None else text("numbers.share_higher", share=told)


def told_interval(effect: Effect) -> Both:
    """The interval of the change in the form in which the verdict's sentence tells it: in per cent of today, or else in points
    or the metric's unit."""
    if in_per_cent(effect):
        return span(effect.relative.low, effect.relative.high, "share", signed=True)
    return span(effect.low, effect.high, effect.unit, signed=True, difference=True)


def good(effect: Effect, *, in_words: bool = False) -> Both:
    """In which direction a metric is better, for a column of its own or as words that stand alone."""
    return text(f"better.{better_when(effect.direction)}{'_said' if in_words else ''}")


def headline(title: Text) -> Both:
    """A title that begins a line: a capital first letter in English."""
    return Both(title.en[:1].upper() + title.en[1:], title.zh)


def activity(title: Text) -> Both:
    """The activity that a metric of hours is about, without the word for hours before it."""
    short = [re.sub(r"^[^:\uff1a]*[:\uff1a]\s*", "", words) for words in (title.en, title.zh)]
    return headline(Text(en=short[0], zh=short[1]))


class Strip(NamedTuple):
    """A small interval in a table row: places in percent of its width, zero in the middle."""

    left: float
    width: float
    dot: float


LEAST_WIDTH = 0.5  # percent, so that a narrow interval can be seen


def strip(estimate: Estimate, scale: float) -> Strip | None:
    """Where an interval lies on a strip that runs from -scale to +scale; None where there is none."""
    if estimate.known is None or scale <= 0:
        return None
    dot, low, high = (50 + 50 * min(max(x / scale, -1), 1) for x in estimate.known)
    if high - low < LEAST_WIDTH:
        low, high = (high - LEAST_WIDTH, high) if high < 50 else (low, low + LEAST_WIDTH)
    return Strip(round(low, 2), round(high - low, 2), round(dot, 2))


def scale(estimates: Iterable[Estimate]) -> float:
    """The change that reaches the end of the strips: the largest, unless one interval dwarfs the others."""
    ends = sorted(max(abs(e.low), abs(e.high)) for e in estimates if e.low is not None and e.high is not None)
    if not ends:
        return 0.0
    return 1.05 * min(ends[-1], 3 * ends[len(ends) // 2])


def group_rows(verdict: Verdict) -> list[tuple[Both, Effect]]:
    """The groups that exist, reps first, then hires, then units."""
    groups = verdict.groups
    named = [(text(f"whom.{name}"), getattr(groups, name)) for name in ("low", "middle", "high", "hires")]
    return [row for row in named if row[1] is not None] + [(Both(name, name), effect) for name, effect in groups.units.items()]


def worse_off(verdict: Verdict) -> Both | None:
    """The groups that are worse off beyond chance, named; None where there are none."""
    names = [name for name, effect in group_rows(verdict) if effect.call == "worse"]
    return text("whom.worse_note", names=listed(names)) if names else None


class Rail(NamedTuple):
    """A guardrail in words."""

    title: Both
    whom: Both
    line: Both
    seen: Both
    bound: Both
    state: str


def rail(result: GuardrailResult, verdict: Verdict) -> Rail:
    """A guardrail with its numbers in the unit they are measured in."""
    unit = "share" if result.measure == "relative" else verdict.metrics[result.metric].unit
    kind = _rail_kind(result)
    limit = text(f"guardrails.{result.side}", limit=rail_limit(result, unit))
    measure = text(f"guardrails.{result.measure}")
    known = {"all": text("guardrails.everybody"), **{g: text(f"whom.{g}") for g in ("low", "middle", "high", "hires")}}
    return Rail(
        title=Both(result.title.en, result.title.zh),
        whom=known.get(result.group, Both(result.group, result.group)),
        line=both(lambda lang: f"{measure.of(lang)} {limit.of(lang)}"),
        seen=value(result.value, unit, **kind),
        bound=rail_bound(result, unit),
        state=result.state,
    )


def _rail_kind(result: GuardrailResult) -> dict:
    return {"signed": result.measure != "level", "difference": result.measure == "difference"}


def rail_limit(result: GuardrailResult, unit: str) -> Both:
    """The limit of a guardrail, as somebody chose it."""
    return value(result.limit, unit, trim=True, **_rail_kind(result))


def rail_bound(result: GuardrailResult, unit: str) -> Both:
    """The bound that decides, with as many digits as show on which side of the limit it lies."""
    return value(result.bound, unit, apart=result.limit, **_rail_kind(result))


def driver_meaning(driver: Driver) -> Both:
    """What following a driver means for the verdict."""
    if driver.overturned is not None and driver.turning_point is not None:
        return text(f"drivers.{driver.overturned}", point=value(driver.turning_point, driver.unit, trim=True))
    return text("drivers.more" if driver.correlation > 0 else "drivers.less")


def region_evidence(region: Region, primary: Effect) -> Both:
    """How well a region held up in worlds that had no part in finding it."""
    return text(
        "overturn.evidence",
        density=percent(region.density, places=0),
        base=percent(region.base, places=0),
        coverage=percent(region.coverage, places=0),
        gain=value(region.gain.value, primary.unit, difference=True),
        n=region.worlds,
    )


def surrogate_said(surrogate: Surrogate) -> Both:
    """What the surrogate is worth: how much it predicts, or that it predicts too little."""
    r2 = percent(max(surrogate.r2 or 0.0, 0.0), places=0)  # less than nothing is nothing
    kind = "overturn.shares_said" if surrogate.influences else "overturn.shares_none"
    known = {"r2": r2, "ceiling": percent(surrogate.ceiling, places=0)}
    return text(kind, **known) if surrogate.influences else text(kind, bound=percent(surrogate.bound, trim=True), **known)


class Tile(NamedTuple):
    """One of the four numbers under the sentence."""

    name: Both
    value: Both
    note: Both
    tone: str


def tiles(verdict: Verdict) -> list[Tile]:
    """Money a month (or the primary metric), its relative change, the share of worlds, the guardrails."""
    primary, money = verdict.metrics[verdict.metric], verdict.costs.money_per_month
    confidence, title = percent(verdict.settings.confidence, trim=True), Both(primary.title.en, primary.title.zh)

    def tile(name: Both, estimate: Estimate, unit: str, shade: str, **how) -> Tile:
        ends = span(estimate.low, estimate.high, unit, **how)
        return Tile(name, value(estimate.value, unit, **how), text("tiles.interval", confidence=confidence, span=ends), shade)

    if money is not None:
        first = tile(text("tiles.money"), money.net, "money", tone(side(money.net)), signed=True)
    else:
        change = Estimate(value=primary.difference, low=primary.low, high=primary.high)
        first = tile(text("tiles.primary", title=title), change, primary.unit, tone(primary.call), signed=True, difference=True)
    worlds = text("tiles.worlds" if primary.direction else "tiles.worlds_higher")
    return [
        first,
        tile(text("tiles.relative", title=title), primary.relative, "share", tone(primary.call), signed=True),
        tile(worlds, primary.better_share_of_worlds, "share", "", places=0),
        guardrail_tile(verdict),
    ]


def guardrail_tile(verdict: Verdict) -> Tile:
    """How many guardrails held."""
    states = [result.state for result in verdict.guardrails]
    if not states:
        return Tile(text("tiles.guardrails"), Both("–", "–"), text("tiles.guardrails_none"), "unsure")
    held, broken, undecided = (states.count(state) for state in ("held", "broken", "undecided"))
    note = text("tiles.guardrails_note", broken=broken, undecided=undecided)
    colour = "worse" if broken else "unsure" if undecided else "better"
    return Tile(text("tiles.guardrails"), text("tiles.of", n=held, total=len(states)), note, colour)
