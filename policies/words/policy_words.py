"""A policy, a rule, and the difference between two policies in plain words, in "en" or "zh"."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from policies.language.policy import Policy, Stage
from policies.language.quantities import Section, said_of
from policies.language.rule import Rule
from policies.record.phases import PHASE_NAMES
from policies.words.calendar_words import calendar_differences, calendar_words
from policies.words.declared_words import declared_differences, declared_words
from policies.words.rule_words import condition_words, field_label, joined, rule_words, written_after
from policies.words.vocabulary import (
    CHOICES,
    CHOICES_OF,
    MODES,
    NONE_AT_ZERO,
    PARTS,
    PHASE_WORDS,
    SENTENCES,
    UNITS,
    UNSAID_AS_USUAL,
    UNSAID_AT_ZERO,
    UNSAID_WITHOUT,
    WHOLE_SENTENCES,
)

__all__ = ["differences", "policy_words", "rule_words"]

_SHARES = ("share", "share of revenue")


def spaced(metric: str) -> str:
    """A metric by its own name, for callers without labels of metrics."""
    return metric.replace("_", " ")


def policy_words(policy: Policy, language: str, metric_name: Callable[[str], str] = spaced) -> list[str]:
    """What the policy says, one sentence per setting, stage, rule and guardrail; what is switched off is left out."""
    say = _speaker(language)
    settings = _settings(policy)
    sentences = [
        _sentence(path, value, _value_words(path, value, unit, language), language)
        for path, (value, unit) in settings.items()
        if not _unsaid(path, value, settings)
    ]
    sentences.append(say("stages").format(stage_names(policy, language)) + say("stop"))
    if _says_work(policy):
        sentences.append(say("work").format(_work(policy, language)) + say("stop"))
    sentences.extend(_stage_asks(stage, stage.requires, "stage_asks", language) for stage in policy.stages if stage.requires)
    for stage in policy.stages:
        sentences.extend(_entry_and_exit(stage, language))
    sentences.extend(declared_words(policy, language))
    sentences.extend(calendar_words(policy, language))
    sentences.extend(rule_words(rule, language) for rule in policy.rules)
    return [*sentences, *(_guardrail_words(*each, language, metric_name) for each in _guardrails(policy).items())]


def differences(old: Policy, new: Policy, language: str, metric_name: Callable[[str], str] = spaced) -> list[str]:
    """What the new policy says otherwise than the old, one sentence each; empty when they say the same.

    Names, titles and summaries are left out: they say nothing about how work is done.
    """
    return [
        *_setting_differences(old, new, language),
        *_stage_differences(old, new, language),
        *declared_differences(old, new, language),
        *calendar_differences(old, new, language),
        *_rule_differences(old, new, language),
        *_guardrail_differences(old, new, language, metric_name),
    ]


def _speaker(language: str):
    return lambda key: PARTS[key][_index(language)]


def _index(language: str) -> int:
    return ("en", "zh").index(language)


def _settings(policy: Policy) -> dict[str, tuple[Any, str]]:
    return {path: (value, unit) for path, value, unit in _leaves(policy, "") if path in SENTENCES}


def _leaves(section: Section, prefix: str) -> Iterator[tuple[str, Any, str]]:
    for name, about in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value, str(said_of(about).get("unit", ""))


def _value_words(path: str, value: Any, unit: str, language: str) -> str:
    index = _index(language)
    if isinstance(value, bool):
        return PARTS["yes" if value else "no"][index]
    if isinstance(value, tuple):
        return joined([_value_words(path, each, unit, language) for each in value], "and", language)
    if isinstance(value, dict):
        named = [f"{name} {_value_words(path, each, 'share', language)}" for name, each in value.items()]
        return joined(named, "comma", language) if named else PARTS["nowhere"][index]
    if value is None or isinstance(value, str):
        both = CHOICES_OF.get(path, {}).get(value) or CHOICES.get(value or "")
        return both[index] if both else str(value)
    if value == 0 and path in NONE_AT_ZERO:
        return NONE_AT_ZERO[path][index]
    if unit in _SHARES:
        return f"{value * 100:.6g}%"
    if unit == "minutes" and value >= 120:
        value, unit = value / 60, "hours"
    number = f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return UNITS[unit][index].format(number) if unit in UNITS else number


def _sentence(path: str, value: Any, words: str, language: str) -> str:
    index = _index(language)
    whole = WHOLE_SENTENCES.get((path, value)) if isinstance(value, str) else None
    return (whole[index] if whole else SENTENCES[path][index].format(words)) + PARTS["stop"][index]


def _unsaid(path: str, value: Any, settings: Mapping[str, tuple[Any, str]]) -> bool:
    if path in UNSAID_WITHOUT:
        return not any(settings[other][0] for other in UNSAID_WITHOUT[path])
    if path in UNSAID_AS_USUAL:
        return value == _usual()[path][0]
    return path in UNSAID_AT_ZERO and not value


@cache
def _usual() -> dict[str, tuple[Any, str]]:
    return _settings(Policy(name="usual"))


def _setting_differences(old: Policy, new: Policy, language: str) -> Iterator[str]:
    before = _settings(old)
    for path, (value, unit) in _settings(new).items():
        if value != before[path][0]:
            was, said = (_value_words(path, each, unit, language) for each in (before[path][0], value))
            yield _sentence(path, value, _change(was, said, language), language)


def _change(old: str, new: str, language: str) -> str:
    return PARTS["instead"][_index(language)].format(new=new, old=old)


def stage_name(stage: Stage, language: str) -> str:
    """What people call a stage."""
    return stage.name[language] or stage.id


def stage_names(policy: Policy, language: str) -> str:
    """The stages by their names, in order."""
    return " → ".join(stage_name(stage, language) for stage in policy.stages)


def _says_work(policy: Policy) -> bool:
    return any(stage.begins_with for stage in policy.stages)


def _work(policy: Policy, language: str) -> str:
    """Each phase of the work with which a stage begins, and the first such stage."""
    index, begins = _index(language), policy.begins
    begun = [
        PARTS["work_begins"][index].format(
            phase=PHASE_WORDS[PHASE_NAMES[phase - 1]][index], stage=stage_name(stage, language)
        )
        for stage, phase, before in zip(policy.stages, begins, (0, *begins), strict=False)
        if phase != before
    ]
    return joined(begun, "comma", language)


def _stage_asks(stage: Stage, names: Iterable[str], key: str, language: str) -> str:
    fields = joined([field_label("opportunity", name, language) for name in names], "and", language)
    return PARTS[key][_index(language)].format(stage=stage_name(stage, language), fields=fields)


def condition_sentences(stage: Stage, following: Stage | None, language: str) -> list[str]:
    """What must hold to leave a stage and to enter the one that follows."""
    exits = [each for each in _entry_and_exit(stage, language, enter=False)]
    return exits + ([] if following is None else _entry_and_exit(following, language, leave=False))


def _entry_and_exit(stage: Stage, language: str, *, enter: bool = True, leave: bool = True) -> list[str]:
    told = [("stage_enter", stage.entering)] if enter else []
    told += [("stage_leave", stage.leaving)] if leave else []
    return [
        PARTS[key][_index(language)].format(
            stage=stage_name(stage, language), condition=condition_words("opportunity", condition, language)
        )
        for key, condition in told
        if condition.items
    ]


def _stage_differences(old: Policy, new: Policy, language: str) -> Iterator[str]:
    say = _speaker(language)
    names = (stage_names(old, language), stage_names(new, language))
    if [stage.id for stage in old.stages] != [stage.id for stage in new.stages] or names[0] != names[1]:
        yield say("stages").format(_change(*names, language)) + say("stop")
    if (_says_work(old) or _says_work(new)) and old.begins != new.begins:
        yield say("work").format(_change(_work(old, language), _work(new, language), language)) + say("stop")
    before = {stage.id: stage.requires for stage in old.stages}
    for stage in new.stages:
        asked = [name for name in stage.requires if name not in before.get(stage.id, ())]
        dropped = [name for name in before.get(stage.id, ()) if name not in stage.requires]
        if asked:
            yield _stage_asks(stage, asked, "stage_asks", language)
        if dropped:
            yield _stage_asks(stage, dropped, "stage_no_longer", language)
    was = {stage.id: stage for stage in old.stages}
    for stage in new.stages:
        before_it = was.get(stage.id)
        told = [] if before_it is None else _entry_and_exit(before_it, language)
        now = _entry_and_exit(stage, language)
        yield from (each for each in now if each not in told)
        yield from (say("no_longer").format(each) for each in told if each not in now)


def _rule_differences(old: Policy, new: Policy, language: str) -> Iterator[str]:
    say = _speaker(language)
    before = {rule.id: rule for rule in old.rules}
    after = {rule.id: rule for rule in new.rules}
    for rule_id, rule in before.items():
        if rule_id not in after:
            yield say("rule_dropped").format(id=rule_id, words=rule_words(rule, language))
    for rule_id, rule in after.items():
        if rule_id not in before:
            yield say("rule_added").format(id=rule_id, words=rule_words(rule, language))
        elif rule != before[rule_id]:
            yield _rule_change(before[rule_id], rule, language)
    kept = [rule_id for rule_id in before if rule_id in after]
    if kept != [rule_id for rule_id in after if rule_id in before]:
        yield say("rules_reordered")


def _rule_change(old: Rule, new: Rule, language: str) -> str:
    say = _speaker(language)
    changed = {name for name in Rule.model_fields if getattr(old, name) != getattr(new, name)}
    if changed == {"after"}:
        change = _change(written_after(old, language), written_after(new, language), language)
        return say("rule_after").format(change, id=new.id)
    if changed == {"streak"}:
        return say("rule_streak").format(_change(str(old.streak), str(new.streak), language), id=new.id)
    if changed == {"mode"}:
        change = _change(MODES[old.mode][_index(language)], MODES[new.mode][_index(language)], language)
        return say("rule_mode").format(change, id=new.id)
    return say("rule_changed").format(id=new.id, words=rule_words(new, language))


def _guardrails(policy: Policy) -> dict[str, float]:
    return {each.metric: each.worse_by_at_most for each in policy.guardrails}


def _guardrail_words(metric: str, worse_by_at_most: float, language: str, metric_name: Callable[[str], str]) -> str:
    share = f"{worse_by_at_most * 100:.6g}%"
    return PARTS["guardrail"][_index(language)].format(metric=metric_name(metric), share=share)


def _guardrail_differences(old: Policy, new: Policy, language: str, metric_name: Callable[[str], str]) -> Iterator[str]:
    before, after = _guardrails(old), _guardrails(new)
    for metric, share in after.items():
        if before.get(metric) != share:
            yield _guardrail_words(metric, share, language, metric_name)
    for metric in before:
        if metric not in after:
            yield PARTS["guardrail_dropped"][_index(language)].format(metric=metric_name(metric))
