"""The kinds of record that a policy declares, in plain words."""

from collections.abc import Iterator

from policies.language.kinds import Count, where_of
from policies.language.policy import Policy
from policies.record.fields import Field
from policies.words.kind_words import bare, kind_words
from policies.words.rule_words import condition_words, joined
from policies.words.vocabulary import PARTS, THINGS


def declared_words(policy: Policy, language: str) -> list[str]:
    """One sentence for each kind: what is recorded of it, what it names, and what is counted for it."""
    return [kind_sentence(policy, name, language) for name in policy.kinds]


def declared_differences(old: Policy, new: Policy, language: str) -> Iterator[str]:
    """One sentence for each kind that the new policy declares otherwise, or no longer."""
    index = ("en", "zh").index(language)
    for name, about in new.kinds.items():
        if old.kinds.get(name) != about:
            yield kind_sentence(new, name, language)
    for name in old.kinds:
        if name not in new.kinds:
            yield PARTS["kind_dropped"][index].format(kind=bare(kind_words(old.kind(name), language)))


def kind_sentence(policy: Policy, name: str, language: str) -> str:
    """What a policy declares of one kind."""
    index, kind, about = ("en", "zh").index(language), policy.record_kinds[name], policy.kinds[name]
    called = bare(kind_words(kind, language))
    fields = [_label(field, language) for field in kind.fields if field.name in about.fields]
    links = [_link(policy, field, language) for field in kind.fields if field.name in about.links]
    counts = [
        _count(policy, field, about.counts[field.name], language) for field in kind.fields if field.name in about.counts
    ]
    if not kind.declared:
        return PARTS["kind_widened"][index].format(kind=called, counts=joined(counts, "semicolon", language))
    said = {"kind_fields": joined(fields, "comma", language), "kind_links": joined(links, "comma", language)}
    said["kind_counts"] = joined(counts, "semicolon", language)
    said["kind_plays"] = THINGS[about.plays][index] if about.plays else ""
    parts = [PARTS[key][index].format(words) for key, words in said.items() if words]
    return PARTS["kind"][index].format(kind=called, parts=joined(parts or [PARTS["kind_bare"][index]], "semicolon", language))


def _label(field: Field, language: str) -> str:
    label = field.zh if language == "zh" else field.en
    if not field.named:
        return label
    names = joined([each[language == "zh"] for each in field.named], "or", language)
    return PARTS["kind_choices"][language == "zh"].format(label, names)


def _link(policy: Policy, field: Field, language: str) -> str:
    there, label = bare(kind_words(policy.kind(field.to), language)), _label(field, language)
    return label if label == there else PARTS["kind_link"][language == "zh"].format(label, there)


def _count(policy: Policy, field: Field, count: Count, language: str) -> str:
    index, of = ("en", "zh").index(language), policy.record_kinds[count.of]
    summed = next((each for each in of.fields if each.name == count.sum), None)
    what = PARTS["kind_sum" if summed else "kind_number"][index].format(
        of=bare(kind_words(of, language)), field="" if summed is None else _label(summed, language)
    )
    where = where_of(count, policy.record_kinds)
    if where.items:
        what += PARTS["kind_where"][index].format(condition_words(of, where, language))
    return PARTS["kind_count"][index].format(_label(field, language), what)
