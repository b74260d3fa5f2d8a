"""What to-dos and notices say, in both languages, where they are read from the store."""

from collections.abc import Callable, Sequence

from coach import texts
from coach.messages.saying import said_first, sayings
from coach.messages.service_history import About, histories
from coach.routing.reading import reasons_at
from coach.routing.words import ROUTING
from coach.rules.service import Service
from policies.language.rule import Rule

_Words = Callable[[dict, Rule | None, str, str], str]


def with_todo_texts(service: Service, rows: Sequence[dict]) -> list[dict]:
    """To-dos with what they ask as `text`; those for others than the owner with the customer's `history`, lines by language."""
    return _with_histories(service, _with_texts(service, rows, _todo), lambda row: row["role"] != "owner")


def _todo(row: dict, rule: Rule | None, said: str, language: str) -> str:
    return texts.todo_text(row["rule"], row["role"], rule, language, said)


def with_notice_texts(service: Service, rows: Sequence[dict]) -> list[dict]:
    """Notices with what they say as `text`; escalations with the customer's `history`, lines by language."""
    given_out = [(row["record"], row["at"]) for row in rows if row["rule"] == ROUTING]
    with service.store.read() as connection:
        reasons = reasons_at(connection, given_out) if given_out else {}

    def words(row: dict, rule: Rule | None, said: str, language: str) -> str:
        said = reasons.get((row["record"], row["at"]), {}).get(language, said)
        about = (row["effect"], row["role"], row["title"][language], rule, row["rule"], language, said)
        return texts.notice_text(*about)["text"]

    told = _with_texts(service, rows, words)
    return _with_histories(service, told, lambda row: row["effect"] == "escalated" and row["role"] != "owner")


def _with_histories(service: Service, rows: list[dict], has: Callable[[dict], bool]) -> list[dict]:
    about = {row["id"]: About(row["record"], row["unit"]) for row in rows if has(row)}
    found = service.look(lambda connection, live: histories(connection, live, about.values())) if about else {}
    none: dict[str, list[str]] = {"en": [], "zh": []}
    by_row = {number: (found or {}).get(each, none) for number, each in about.items()}
    return [row | {"history": by_row.get(row["id"], none)} for row in rows]


def rule_text(service: Service, rule_id: str) -> dict[str, str]:
    """What a rule says of itself, by language, such as why it did something; the id where it is no longer in the policy."""
    rule = next((each for each in service.policy().rules if each.id == rule_id), None)
    return {language: texts.todo_text(rule_id, "owner", rule, language) for language in ("en", "zh")}


def _with_texts(service: Service, rows: Sequence[dict], words: _Words) -> list[dict]:
    policy = service.policy()
    rules = {rule.id: rule for rule in policy.rules}
    with service.store.read() as connection:
        said = sayings(connection, policy, ((each["rule"], each["kind"], each["record"]) for each in rows))

    def text(row: dict, language: str) -> str:
        own = said_first(said.get((row["rule"], row["record"])), language)
        return words(row, rules.get(row["rule"]), own, language)

    return [row | {"text": {language: text(row, language) for language in ("en", "zh")}} for row in rows]
