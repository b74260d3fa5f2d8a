"""What the coach says to people, in English and Chinese."""

from policies.rule import Rule
from policies.rule_words import field_label, rule_words
from policies.vocabulary import CHOICES, KINDS

_NOTICE = {
    "notified": ("Notice", "通知"),
    "todo_opened": ("To-do", "待办"),
    "escalated": ("Escalation", "升级"),
}
_TITLE = ("{what} for {role}: {kind} {record}", "{role}{what}：{kind} {record}")
_BY_RULE = ("By rule '{rule}'. {words}", "依据规则“{rule}”。{words}")
_MISSING = ("Still missing: {fields}.", "尚缺：{fields}。")
_REFUSED = {
    "requirement": ("A rule asks for more to be recorded first.", "规则要求先补充记录。"),
    "stage": ("This stage asks for more to be recorded first.", "本阶段要求先补充记录。"),
}


def _of(pair: tuple[str, str], language: str) -> str:
    return pair[language == "zh"]


def kind_name(kind: str, language: str) -> str:
    """A kind of record, without its article."""
    return _of(KINDS[kind], language).removeprefix("an ").removeprefix("a ")


def role_name(role: str, language: str) -> str:
    """Who plays a role."""
    return _of(CHOICES[role], language)


def notice_text(effect: str, role: str, kind: str, record: str, rule: Rule | None, rule_id: str, language: str) -> dict:
    """Title and text of a notice. `rule` is None when it is no longer in the policy."""
    title = _of(_TITLE, language).format(
        what=_of(_NOTICE[effect], language), role=role_name(role, language), kind=kind_name(kind, language), record=record
    )
    words = rule_words(rule, language) if rule is not None else ""
    return {"title": title, "text": _of(_BY_RULE, language).format(rule=rule_id, words=words).strip()}


def missing_text(kind: str, missing: list[str], language: str) -> str:
    """Which fields are still missing."""
    if not missing:
        return ""
    link = "、" if language == "zh" else ", "
    return _of(_MISSING, language).format(fields=link.join(field_label(kind, name, language) for name in missing))


def refusal_text(kind: str, rule_id: str, rule: Rule | None, missing: list[str], language: str) -> str:
    """Why a gate refuses, and what is missing."""
    if rule is not None:
        why = _of(_BY_RULE, language).format(rule=rule_id, words=rule_words(rule, language))
    else:
        why = _of(_REFUSED[rule_id], language)
    return (why + (" " if language == "en" else "") + missing_text(kind, missing, language)).strip()
