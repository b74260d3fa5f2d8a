"""Kinds of values on the command line: shares, times, ranges over a field."""

import re
from typing import NamedTuple

import click

from apps.cli.texts import say
from sim.experiment.running.limits import MOST_WEEKS

HOURS_PER_UNIT = {"h": 1.0, "d": 24.0, "w": 168.0}
VALUES_OF_A_RANGE = 5
MOST_VALUES = 25
LEAST_PAIRS = 8


class Weeks(click.IntRange):
    """A number of weeks for which an office can be run."""

    def __init__(self):
        super().__init__(min=1, max=MOST_WEEKS)


class Pairs(click.ParamType):
    """The most pairs to simulate; two worlds need `LEAST_PAIRS`."""

    name = "pairs"

    def convert(self, value, param, ctx):
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"\d{1,9}", value.strip()) or int(value) < LEAST_PAIRS:
            self.fail(say("error.pairs", value=value, least=LEAST_PAIRS), param, ctx)
        return int(value)


class WholeWeeks(click.ParamType):
    """A number of whole weeks, written as 4w."""

    name = "weeks"

    def convert(self, value, param, ctx):
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"([1-9]\d?)\s*w", value.strip())
        if match is None:
            self.fail(say("error.every", value=value), param, ctx)
        return int(match[1])


class Share(click.ParamType):
    """A share written as 1% or 0.01; the value is the number 0.01."""

    name = "share"

    def convert(self, value, param, ctx):
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", value.strip())
        share = float(match[1]) / (100 if match[2] else 1) if match else -1.0
        if not 0 < share < 1:
            self.fail(say("error.share", value=value), param, ctx)
        return share


class Days(click.ParamType):
    """A time that runs on, written as 45d, 6w or 36h; the value is the number of days."""

    name = "time"

    def convert(self, value, param, ctx):
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)([hdw])", value.strip())
        if not match or float(match[1]) == 0:
            self.fail(say("error.days", value=value), param, ctx)
        return float(match[1]) * HOURS_PER_UNIT[match[2]] / HOURS_PER_UNIT["d"]


class Range(NamedTuple):
    """A field of a policy and the values it is to take, as they would be written in the document."""

    path: str
    values: tuple[str, ...]


class RangeType(click.ParamType):
    """FIELD=from..to, FIELD=from..to/step or FIELD=a,b,c."""

    name = "range"

    def convert(self, value, param, ctx):
        if isinstance(value, Range):
            return value
        path, _, written = value.partition("=")
        if not path or not written:
            self.fail(say("error.range", value=value), param, ctx)
        if ".." not in written:
            return Range(path, tuple(part.strip() for part in written.split(",")))
        match = re.fullmatch(r"(-?[\d.]+)([a-z%]*)\.\.(-?[\d.]+)([a-z%]*)(?:/([\d.]+)([a-z%]*))?", written.replace(" ", ""))
        if match is None or match[1].count(".") > 1:
            self.fail(say("error.range", value=value), param, ctx)
        units = {unit for unit in (match[2], match[4], match[6]) if unit}
        if len(units) > 1:
            self.fail(say("error.range_units", value=value), param, ctx)
        numbers = steps(float(match[1]), float(match[3]), float(match[5]) if match[5] else None)
        if len(numbers) > MOST_VALUES:
            self.fail(say("error.range_many", value=value, count=len(numbers), most=MOST_VALUES), param, ctx)
        from coach.plain import plain

        unit = units.pop() if units else ""
        return Range(path, tuple(f"{plain(number, 6)}{unit}" for number in numbers))


def steps(low: float, high: float, step: float | None) -> list[float]:
    """Values from low to high: by the step, or five at equal distances, whole numbers where both ends are whole."""
    if step:
        return [low + step * count for count in range(int((high - low) / step + 1e-9) + 1)]
    distance = (high - low) / (VALUES_OF_A_RANGE - 1)
    whole = low.is_integer() and high.is_integer() and abs(high - low) >= VALUES_OF_A_RANGE - 1
    values = [low + distance * count for count in range(VALUES_OF_A_RANGE)]
    return [float(round(value)) if whole else value for value in values]


class TraitRange(NamedTuple):
    """A trait of the office and the range to try; without ends the trait's usual one."""

    name: str
    ends: tuple[float, float] | None


class TraitsType(click.ParamType):
    """NAME or NAME=from..to, one or two of them with a comma between."""

    name = "traits"

    def convert(self, value, param, ctx):
        if isinstance(value, tuple):
            return value
        return tuple(self._one(written.strip(), param, ctx) for written in value.split(","))

    def _one(self, written, param, ctx):
        match = re.fullmatch(r"(\w+)(?:=(-?\d+(?:\.\d+)?)(%?)\.\.(-?\d+(?:\.\d+)?)(%?))?", written)
        if match is None:
            self.fail(say("error.traits", value=written), param, ctx)
        if match[2] is None:
            return TraitRange(match[1], None)
        low, high = (float(match[place]) / (100 if match[3] or match[5] else 1) for place in (2, 4))
        return TraitRange(match[1], (low, high))
