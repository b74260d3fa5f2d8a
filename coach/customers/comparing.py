"""Two descriptions of customers held against each other: how they agree, and how likely they are the same customer.

Each pair of descriptions is compared in a few respects, and in each respect agrees at one of a few levels. The weights of the
levels are added up to log odds (Fellegi and Sunter, A Theory for Record Linkage, JASA 64, 1969), with weights fitted by
logistic regression on pairs whose truth is known; `benchmarks/duplicates_fit.py` does so and writes `weights.yaml`.

A likeness of 0.9 means: of the pairs that the register brings up with this likeness, nine in ten are the same customer. It is
calibrated on invented firms among whom namesakes, sister firms and branches are frequent, not on yours.
"""

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import OSA

from coach.customers.described import Described
from coach.customers.lexicon import lexicon
from coach.customers.names import Name
from coach.customers.numbers import Phone, TaxNumber
from coach.customers.wording import worded
from policies.documents.reading import read_file

_COUNTING = re.compile(
    r"\b[ivx]+\b|[一二三四五六七八九十甲乙丙丁\da-z]+(?=[部厂店区号队站所院组期分])|[东南西北](?=[部厂店区站院])|\d+"
)
_AS_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
LIKELY, PERHAPS = 0.5, 0.1
"""From which likeness on two are called likely the same, and perhaps the same."""


class Reason(NamedTuple):
    """One respect in which two agree or differ; `level` is a key of `weights.yaml` without its respect."""

    respect: str
    level: str
    en: str
    zh: str


class Likeness(NamedTuple):
    """How likely two are the same customer, and why; `share` between 0 and 1."""

    share: float
    reasons: tuple[Reason, ...]

    @property
    def verdict(self) -> str | None:
        """likely, perhaps, or None for no."""
        return "likely" if self.share >= LIKELY else "perhaps" if self.share >= PERHAPS else None


def compared(one: Described, other: Described) -> Likeness:
    """How likely two descriptions are of the same customer."""
    levels = agreement(one, other)
    weights = known_weights()
    odds = weights["prior"] + sum(weights.get(f"{respect}.{level}", 0.0) for respect, level in levels.items())
    return Likeness(1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, odds)))), _reasons(one, other, levels))


@lru_cache(maxsize=1)
def known_weights() -> Mapping[str, float]:
    """Weights by respect and level, natural logarithms of odds."""
    told = read_file(Path(__file__).parent / "weights.yaml").plain()
    return {name: float(weight) for name, weight in told.items()}


def agreement(one: Described, other: Described) -> dict[str, str]:
    """The level at which two descriptions agree, by respect; respects of which one side tells nothing are left out."""
    levels = {
        "tax": _tax(one.tax_number, other.tax_number),
        "phone": _phone(one.phones, other.phones),
        "domain": None if one.domain is None or other.domain is None else _same(one.domain == other.domain),
    }
    if one.name is not None and other.name is not None:
        levels |= _of_names(one.name, other.name)
    return {respect: level for respect, level in levels.items() if level is not None}


def _same(holds: bool) -> str:
    return "same" if holds else "differ"


def _tax(one: TaxNumber | None, other: TaxNumber | None) -> str | None:
    if one is None or other is None:
        return None
    if one.digits == other.digits:
        return "same"
    if len(one.digits) == len(other.digits) and OSA.distance(one.digits, other.digits, score_cutoff=1) <= 1:
        return "slip" if not (one.is_valid and other.is_valid) else "differ"
    organisation = {each.digits[8:17] for each in (one, other) if len(each.digits) == 18}
    if len(organisation) == 1 and len(one.digits) == len(other.digits):
        return "same"  # the same organisation code, registered elsewhere
    return "differ"


def _phone(one: Iterable[Phone], other: Iterable[Phone]) -> str | None:
    best: str | None = None
    for mine in one:
        for yours in other:
            level = _lines(mine, yours)
            best = level if best is None or _PHONE_LEVELS.index(level) < _PHONE_LEVELS.index(best) else best
    return best


_PHONE_LEVELS = ("mobile", "line", "exchange", "differ")


def _lines(one: Phone, other: Phone) -> str:
    if one.line == other.line:
        if one.is_mobile:
            return "mobile"
        return "exchange" if one.extension and other.extension and one.extension != other.extension else "line"
    short = min(len(one.line), len(other.line)) <= 11  # one of them without its area code, which a mobile number has not
    return "exchange" if short and one.local == other.local and not (one.is_mobile or other.is_mobile) else "differ"


def _of_names(one: Name, other: Name) -> dict[str, str | None]:
    bare = one.is_bare and other.is_bare
    level = _brand(one, other)
    if level == "same":
        level = "same_bare" if bare else "whole" if one.whole == other.whole else level
    if level in ("same", "sound", "slip") and _is_telling(one):
        level = f"{level}_long"
    return {
        "name": level,
        "trade": _trades(one, other),
        "place": _places(one, other),
        "form": _forms(one, other),
        "group": _same(one.group == other.group) if one.group or other.group else None,
        "branch": None if one.branch is None and other.branch is None else _same(one.branch == other.branch),
    }


def _is_telling(name: Name) -> bool:
    """Whether a proper name is so long that two firms hardly come upon it by themselves."""
    return len(name.brand) >= (3 if name.chinese else 7)


def _brand(one: Name, other: Name) -> str:
    mine, yours = one.brand, other.brand
    if mine == yours:
        return "same"
    if _counted(mine) != _counted(yours) and one.chinese == other.chinese:
        return "differ"
    if one.chinese != other.chinese:
        return "romanised" if one.sound == other.sound else _in_latin(one.sound, other.sound)
    if one.chinese and sorted(mine) == sorted(yours):
        return "turned"
    if one.sound == other.sound:
        return "sound" if one.chinese else "same"
    if not one.chinese:
        level = _in_latin(one.sound, other.sound)
        apart = set(mine.split()), set(yours.split())
        return "part" if level == "differ" and (apart[0] < apart[1] or apart[1] < apart[0]) else level
    if len(mine) == len(yours) > 4 and OSA.distance(mine, yours) == 1:
        return "slip"
    short, long = sorted((mine, yours), key=len)
    return "part" if len(short) > 1 and (long.startswith(short) or long.endswith(short)) else "differ"


def _counted(brand: str) -> list[str]:
    """What tells one of several apart: 一部 and 二部, 东区 and 西区, Works 2 and Works 3, Halden II and Halden III."""
    return [each.translate(_AS_DIGITS) for each in _COUNTING.findall(brand)]


def _in_latin(one: str, other: str) -> str:
    """slip for a letter too many, too few or in the wrong place, letter for another one: Halden and Walden are two names."""
    if min(len(one), len(other)) < 5 or OSA.distance(one, other, score_cutoff=1) > 1:
        return "differ"
    return "slip" if len(one) != len(other) or sorted(one) == sorted(other) else "letter"


def _trades(one: Name, other: Name) -> str | None:
    mine, yours = set(one.trades), set(other.trades)
    if mine == yours:
        return "same" if mine else None
    if not mine or not yours:
        return "missing"
    soft = lexicon().soft
    if (mine ^ yours) <= soft:
        return "soft"
    return "more" if mine < yours or yours < mine else "differ"


def _places(one: Name, other: Name) -> str | None:
    mine, yours = one.places, other.places
    if mine == yours:
        return "same" if mine else None
    if not mine or not yours:
        return "missing"
    within = lexicon().within
    around = [{*each, *(within[place] for place in each if place in within)} for each in (mine, yours)]
    return "within" if mine & around[1] or yours & around[0] or mine & yours else "differ"


def _forms(one: Name, other: Name) -> str | None:
    if not (one.form and other.form):
        return None
    lands = lexicon().lands
    mine, yours = lands.get(one.form_told), lands.get(other.form_told)
    if mine and yours and not mine & yours:
        return "abroad"
    return _same(one.form == other.form or one.chinese != other.chinese)  # 股份有限公司 is translated as Co., Ltd. too


def _reasons(one: Described, other: Described, levels: Mapping[str, str]) -> tuple[Reason, ...]:
    return tuple(Reason(respect, level, *worded(one, other, respect, level)) for respect, level in levels.items())
