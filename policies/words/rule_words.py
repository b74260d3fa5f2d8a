"""One rule in plain words."""

from collections.abc import Sequence
from typing import Any

from policies.language.effects import BY_ROUTING
from policies.language.predicate import CUSTOM_PREFIX, AllOf, AnyOf, Comparison, Not
from policies.language.rule import Rule
from policies.language.saying import RECORD, filled, spoken_fields
from policies.record.fields import Field
from policies.record.records import DESKS, FLAGS, OFFERS, ROLES, built_as, found_field, has_column
from policies.words.kind_words import kind_words
from policies.words.vocabulary import (
    CHOICES,
    DURATIONS,
    EFFECTS,
    FIELD_NAMES,
    FLAG_WORDS,
    INSTANT_OPERATORS,
    OPERATORS,
    PARTS,
    STATUS_OPERATORS,
)


def rule_words(rule: Rule, language: str) -> str:
    """What the rule does and when, as one sentence, with its mode and exemptions."""
    index = ("en", "zh").index(language)
    parts = {"kind": kind_words(rule.on, language), "when": ""}
    parts["effects"] = joined([_effect_words(rule, effect, language) for effect in rule.effects], "semicolon", language)
    if rule.predicate.items:
        parts["when"] = PARTS["if" if rule.before is None else "while"][index].format(
            condition_words(rule.on, rule.predicate, language)
        )
    if rule.since is not None:
        labels = [_start_words(rule.on, name, language) for name in rule.since_fields]
        parts["since"] = joined(labels, "either", language) + (PARTS["latest"][index] if len(labels) > 1 else "")
        parts["after"] = written_after(rule, language)
        sentence = PARTS["timed" if rule.delay.amount else "timed_at_once"][index].format(**parts)
        if rule.repeat is not None:
            again = PARTS["again" if rule.repeat.times > 1 else "once_more"][index]
            sentence += again.format(every=written_duration(rule.repeat.every, language), times=rule.repeat.times)
    elif rule.every is not None:
        key = "periodic_streak" if rule.streak > 1 else "periodic"
        sentence = PARTS[key][index].format(every=CHOICES[rule.every][index], streak=rule.streak, **parts)
    else:
        sentence = PARTS["gate"][index].format(gate=CHOICES[str(rule.before)][index], **parts)
    if rule.rests is not None:
        sentence += PARTS["rests"][index].format(_rest_words(rule, language))
    if rule.ends is not None:
        sentence += PARTS["until"][index].format(condition_words(rule.on, rule.ends, language))
    sentence += PARTS[rule.mode][index] if rule.mode != "live" else ""
    sentence += PARTS["stop"][index]
    if rule.exempt:
        sentence += PARTS["exempt"][index].format(joined(rule.exempt, "comma", language))
    sentence += PARTS["catch_up"][index] if rule.activate == "catch_up" else ""
    return sentence + (PARTS["says"][index].format(_said(rule, language)) if rule.says[language] else "")


def _said(rule: Rule, language: str) -> str:
    """What a rule says, with the names of the values that it tells."""
    text, index = rule.says[language], ("en", "zh").index(language)
    labels = {
        name: PARTS["record"][index] if name == RECORD else field_label(rule.on, name, language) for name in spoken_fields(text)
    }
    return filled(text, {name: f"[{label}]" for name, label in labels.items()}, "")


def condition_words(kind: str, node: Any, language: str) -> str:
    """A condition as part of a sentence."""
    index = ("en", "zh").index(language)
    if isinstance(node, Comparison):
        return _comparison_words(kind, node, language)
    if isinstance(node, Not):
        return PARTS["not"][index].format(condition_words(kind, node.item, language))
    if not node.items:
        return PARTS["always" if isinstance(node, AllOf) else "never"][index]
    words = []
    for item in node.items:
        inner = condition_words(kind, item, language)
        several = isinstance(item, (AllOf, AnyOf)) and len(item.items) > 1 and len(node.items) > 1
        words.append(PARTS["group"][index].format(inner) if several else inner)
    return joined(words, "or" if isinstance(node, AnyOf) else "both", language)


def field_label(kind: str, name: str, language: str) -> str:
    """What people call a field; a custom field by its own name."""
    about = found_field(kind, name)
    if about is None:
        return name.removeprefix(CUSTOM_PREFIX).replace("_", " ")
    if language == "zh":
        return about.zh
    return FIELD_NAMES.get(name, about.en) if has_column(kind, name) else about.en


def _start_words(kind: str, name: str, language: str) -> str:
    """Where a clock starts; a field that only its own name tells of is quoted, since it need not read like an instant."""
    label, index = field_label(kind, name, language), ("en", "zh").index(language)
    by_its_name = name.removeprefix(CUSTOM_PREFIX).replace("_", " ") == label and not has_column(kind, name)
    return PARTS["the_own_field" if by_its_name else "the_field"][index].format(label)


def joined(words: Sequence[str], link: str, language: str) -> str:
    """Words in a row: with commas and a link before the last in English, with the link throughout in Chinese."""
    index = ("en", "zh").index(language)
    link = PARTS[link][index]
    if language == "en" and link in (PARTS["and"][0], PARTS["or"][0]) and len(words) > 2:
        return ", ".join(words[:-1]) + link + words[-1]
    return link.join(words)


def written_after(rule: Rule, language: str) -> str:
    """The rule's delay as people say it."""
    return written_duration(rule.after, language)


def written_duration(written: str, language: str) -> str:
    """A duration as people say it; a plural of one loses its ending."""
    amount, unit = _amount_and_unit(written)
    words = DURATIONS[unit][("en", "zh").index(language)].format(amount)
    return words.removesuffix("s") if language == "en" and amount == "1" else words


def _amount_and_unit(after: str) -> tuple[str, str]:
    written = after.strip()
    number = written.rstrip("abcdefghijklmnopqrstuvwxyz ")
    return number, written[len(number) :].strip() or "h"


def _comparison_words(kind: str, comparison: Comparison, language: str) -> str:
    index = ("en", "zh").index(language)
    name, op = comparison.field, comparison.op
    if name in FLAG_WORDS and op in ("eq", "ne") and not comparison.other:
        return FLAG_WORDS[name][index][0 if (comparison.value == 1) == (op == "eq") else 1]
    if comparison.other:
        said = PARTS["field"][index].format(field_label(kind, comparison.other, language))
        about = found_field(kind, name)
        operators = INSTANT_OPERATORS if about is not None and about.type == "instant" else OPERATORS
        return operators[op][index].format(field_label(kind, name, language), said)
    said = joined([_value_words(found_field(kind, name), each, language) for each in comparison.values], "or", language)
    operators = STATUS_OPERATORS if name == "status" and op in STATUS_OPERATORS else OPERATORS
    return operators[op][index].format(field_label(kind, name, language), said)


def _value_words(about: Field | None, value: float | str, language: str) -> str:
    index = ("en", "zh").index(language)
    if isinstance(value, str):
        return value
    if about is not None and about.type == "choice":
        return about.named[int(value)][index] if about.named else CHOICES[about.choices[int(value)]][index]
    if about is not None and about.type == "flag":
        return PARTS["yes" if value else "no"][index]
    if about is not None and about.type == "share":
        return f"{value * 100:.6g}%"
    return f"{value:,.6g}"


def _effect_words(rule: Rule, effect: Any, language: str) -> str:
    index = ("en", "zh").index(language)
    of_own = effect.code == "field_required" and built_as(rule.on) == "own"
    words = EFFECTS["field_required_of_own" if of_own else effect.code][index]
    if effect.code in ("notified", "todo_opened", "escalated"):
        return words.format(CHOICES[ROLES[effect.argument]][index]) + _task_words(effect, language)
    if effect.code == "passed_on":
        return EFFECTS["passed_on_by_routing"][index] if effect.value == BY_ROUTING else words.format(effect.value)
    if effect.code == "approval_asked":
        desk = CHOICES[DESKS[effect.argument]][index]
        return words.format(desk, desk)
    if effect.code == "flagged":
        return words.format(CHOICES[FLAGS[effect.argument]][index])
    if effect.code == "offered":
        return words.format(CHOICES[OFFERS[effect.argument]][index])
    if effect.code == "field_set" and effect.field in FLAG_WORDS:
        true, false = FLAG_WORDS[effect.field][index]
        return EFFECTS["flag_set"][index].format(true if effect.value else false)
    if effect.field:
        label = field_label(rule.on, effect.field, language)
        return words.format(label, _value_words(found_field(rule.on, effect.field), effect.value, language))
    return words


def _rest_words(rule: Rule, language: str) -> str:
    words = [] if rule.rests_while is None else [condition_words(rule.on, rule.rests_while, language)]
    if rule.rests_absent:
        words.append(PARTS["owner_absent"][("en", "zh").index(language)])
    return joined(words, "or", language)


def _task_words(effect: Any, language: str) -> str:
    """What a to-do is called and by when it is due, where the rule says it."""
    index = ("en", "zh").index(language)
    title = "" if effect.title is None else EFFECTS["titled"][index].format(effect.title[index])
    if not effect.within:
        return title
    return title + EFFECTS["within"][index].format(written_duration(effect.within, language))
