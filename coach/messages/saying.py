"""What rules say of records: the texts of their authors, with the record's values as people write them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from coach.events import about_field
from coach.money import in_currency
from coach.store import tables
from coach.store.rates import firm_currency
from coach.store.settings import calendar_of
from coach.store.store import Store
from coach.store.titles import record_name, titles
from coach.store.views import kept_values, over_link, values_over_links
from policies.language.policy import Policy
from policies.language.rule import Rule
from policies.language.saying import RECORD, filled, spoken_fields
from policies.words.vocabulary import CHOICES, PARTS

_NOT_THERE = -1
_UNKNOWN = {"en": "not recorded", "zh": "未记录"}


def sayings(
    connection: Connection,
    policy: Policy,
    about: Iterable[tuple[str, str, int]],
    told_of: Mapping[str, Any] | None = None,
) -> dict[tuple[str, int], dict[str, str]]:
    """What rules say of records, in "en" and "zh", by (rule, row); those without a text of their own are left out.

    `about`: rule, kind of record and its row in the store; -1 for one that is not there yet, of which only `told_of` is known.
    """
    rules = {rule.id: rule for rule in policy.rules if rule.says.en or rule.says.zh}
    wanted = [(rules[rule], kind, row) for rule, kind, row in about if rule in rules]
    if not wanted:
        return {}
    rows = {row for _, _, row in wanted}
    called, kept = titles(connection, rows), kept_values(connection, rows)
    zone, currency = calendar_of(connection).zone, firm_currency(connection)
    speaker = _Speaker(policy, zone, currency)
    kept[_NOT_THERE] = {name: value for name, value in (told_of or {}).items() if value is not None}
    for rule, _, row in wanted:
        kept[row] = kept[row] | values_over_links(connection, rule.on, _named_over_links(rule), kept[row])

    def said(rule: Rule, kind: str, row: int, language: str) -> str:
        text, values = rule.says[language], kept[row]
        kind = policy.kind(kind)
        words = {name: speaker.words(kind, name, values[name], language) for name in spoken_fields(text) if name in values}
        name = called[row][language] if row in called else record_name(kind, "", values, zone, currency)[language]
        return filled(text, words | {RECORD: name}, _UNKNOWN[language])

    return {
        (rule.id, row): {language: said(rule, kind, row, language) for language in ("en", "zh")} for rule, kind, row in wanted
    }


def _named_over_links(rule: Rule) -> set[str]:
    return {name for language in ("en", "zh") for name in spoken_fields(rule.says[language]) if over_link(name)}


def saying_of(
    store: Store, policy: Policy, rule: str, kind: str, record: str, told_of: Mapping[str, Any] | None = None
) -> dict[str, str] | None:
    """What one rule says of one record, which need not be there yet: then its values are those `told_of` it. None where the
    rule has no text of its own."""
    columns = tables.record.c
    with store.read() as connection:
        row = connection.scalar(select(columns.row).where(columns.kind == kind, columns.id == record))
        row = _NOT_THERE if row is None else row
        return sayings(connection, policy, [(rule, kind, row)], told_of).get((rule, row))


class _Speaker:
    """Values as people write them."""

    def __init__(self, policy: Policy, zone: str, currency: str | None):
        self._stages = [stage.name for stage in policy.stages]
        self._zone, self._currency = ZoneInfo(zone), currency

    def words(self, kind: str, name: str, value: Any, language: str) -> str:
        """A kept value in words."""
        about = about_field(kind, name)
        of_type = "" if about is None else about.type
        if about is not None and about.named and value in about.choices:
            return about.named[about.choices.index(value)][language == "zh"]
        if of_type == "choice" and value in CHOICES:
            return CHOICES[value][language == "zh"]
        if isinstance(value, str):
            return value
        if of_type == "flag":
            return PARTS["yes" if value else "no"][language == "zh"]
        if of_type == "instant":
            return f"{datetime.fromtimestamp(value / 1000, self._zone):%Y-%m-%d %H:%M}"
        if of_type == "share":
            return f"{100 * value:.4g}%"
        if of_type == "money":
            return in_currency(f"{value:,.0f}", self._currency)
        if (kind, name) == ("opportunity", "stage") and 1 <= value <= len(self._stages):
            return self._stages[int(value) - 1][language] or f"{value:g}"
        return f"{value:,.10g}"


def said_first(said: Mapping[str, str] | None, language: str) -> str:
    """What a rule says in a language, or in the other where its author wrote only that; empty for none."""
    return "" if said is None else said[language] or next(filter(None, said.values()), "")
