"""Amounts, instants and names as the board writes them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from coach.money import in_currency
from policies.language.policy import Policy
from sim.experiment.report.both import value

NOBODY: Mapping[str, float] = MappingProxyType({})
NO_TITLES: Mapping[str, str] = MappingProxyType({})


class Writer:
    """Writes in one language, one time zone and the firm's currency, if that is known. `say` are the page's texts.

    `left`: people who left the firm, with the instant (ms) from which they are gone; `called`: units that have a title.
    """

    def __init__(
        self, say, zone: str, currency: str | None = None, left: Mapping[str, float] = NOBODY,
        called: Mapping[str, str] = NO_TITLES,
    ):  # fmt: skip
        self.say, self.language, self._zone, self._currency, self._left = say, say.language, ZoneInfo(zone), currency, left
        self._called = called

    def money(self, amount: float | None) -> str:
        """An amount such as 12.3 k CNY or 1.23 万 CNY."""
        return "–" if amount is None else in_currency(value(amount, "money", signed=False).of(self.language), self._currency)

    def money_head(self, name: str) -> str:
        """Head of a column of amounts."""
        head = self.say(f"heads.{name}")
        return head if self._currency is None else self.say("heads.in_currency", head=head, currency=self._currency)

    def percent(self, share: float | None) -> str:
        """A share in whole per cent."""
        return "–" if share is None else f"{share:.0%}"

    def day(self, instant: float | None) -> str:
        """A day such as 24 Nov or 11 月 24 日."""
        if instant is None:
            return "–"
        local = self._local(instant)
        return f"{local.month} 月 {local.day} 日" if self.language == "zh" else f"{local.day} {local:%b}"

    def instant(self, instant: float) -> str:
        """Day and time of day."""
        return f"{self.day(instant)} {self._local(instant):%H:%M}"

    def full_instant(self, instant: float) -> str:
        """Day with its year, and time of day."""
        return f"{self._local(instant):%Y-%m-%d %H:%M}"

    def time(self, instant: float) -> str:
        """Time of day."""
        return f"{self._local(instant):%H:%M}"

    def today(self, instant: float) -> str:
        """Day of the week and day."""
        week = self.say("words.days_of_week").split(",")[self._local(instant).weekday()]
        return f"{self.day(instant)} {week}" if self.language == "zh" else f"{week}, {self.day(instant)}"

    def stamp(self, instant: float | None) -> str | None:
        """An instant for tables that are taken away: ISO 8601 with the offset."""
        return None if instant is None else self._local(instant).isoformat(timespec="minutes")

    def has_left(self, name: str | None, now: float) -> bool:
        """Whether the person of that name is gone."""
        return name is not None and name in self._left and self._left[name] <= now

    def last_day(self, name: str) -> str:
        """The last day of a person who left, with its year."""
        local = self._local(self._left[name] - 1)
        return f"{local.year} 年 {self.day(self._left[name] - 1)}" if self.language == "zh" else f"{local.day} {local:%b %Y}"

    def unit(self, name: str | None, now: float) -> str:
        """A unit by its title or name, and that the person left; in words where there is none."""
        if name is None:
            return self.say("pipeline.nobody")
        called = self._called.get(name, name)
        return self.say("words.left", name=called, day=self.last_day(name)) if self.has_left(name, now) else called

    def stage(self, policy: Policy, stage: float | None) -> str:
        """Name of a stage, counted from 1."""
        if stage is None or not 1 <= stage <= len(policy.stages):
            return "–"
        return policy.stages[int(stage) - 1].name[self.language]

    def _local(self, instant: float) -> datetime:
        return datetime.fromtimestamp(instant / 1000, self._zone)
