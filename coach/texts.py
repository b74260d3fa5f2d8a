"""What the coach says to people, in English and Chinese."""

from coach.routing.words import PASSED_ON, ROUTING, TAKEN, rule_that_gave
from policies.language.policy import Policy, Stage
from policies.language.rule import Rule
from policies.record.records import ROLES
from policies.words.kind_words import bare, kind_words
from policies.words.policy_words import condition_sentences, stage_name, stage_names
from policies.words.rule_words import field_label, rule_words
from policies.words.vocabulary import CHOICES, PARTS

_ENDS = (".", "!", "?", "。", "！", "？")
_NOTICE = {
    "notified": ("Notice", "通知"),
    "todo_opened": ("To-do", "待办"),
    "escalated": ("Escalation", "升级"),
}
_TITLE = ("{what} for {role}: {record}", "{role}{what}：{record}")
_NEW_LEAD = ("New lead for you: {record}", "分配给您的新线索：{record}")
_YOURS = ("Now yours: {record}", "现由您负责：{record}")
_GAVE = ("Rule '{rule}' gave it to you.", "规则“{rule}”将其转交给您。")
_NOT_YOURS = ("No longer yours: {record}", "不再由您负责：{record}")
_TOOK = ("Rule '{rule}' gave it to somebody else.", "规则“{rule}”将其转交给他人。")
_BY_RULE = ("By rule '{rule}'. {words}", "依据规则“{rule}”。{words}")
_DIGEST = ("Daily digest: {number} notices", "每日汇总：{number} 条通知")
_MORE = ("and {more} more, under Messages", "另有 {more} 条，见“消息”")
_DEPUTY = ("{absent} is on leave, and you are the deputy. ", "{absent} 正在休假，由您代理。")
MOST_LINES, LONGEST_LINE = 20, 60
"""Lines of a digest and characters of a line: WeCom takes 4,096 bytes a message."""
_MISSING = ("Still missing: {fields}.", "尚缺：{fields}。")
_REFUSED = {
    "requirement": ("A rule asks for more to be recorded first.", "规则要求先补充记录。"),
    "stage": ("This stage asks for more to be recorded first.", "本阶段要求先补充记录。"),
    "duplicate": (
        "This is likely a customer that is known already. Ask its owner to join, or say of each that it is not the same.",
        "该客户很可能已经存在。请向其负责人申请共同跟进，或逐一说明并非同一客户。",
    ),
    "stage_order": ("Stages are taken one after the other: take the next one first.", "阶段须逐个推进：请先进入下一阶段。"),
    "no_such_stage": (
        "The policy has no such stage; its stages in order are {stages}.", "制度中没有该阶段；各阶段依次为：{stages}。"
    ),
    "discount_authority": (
        "The discount is above the {authority:.0%} that a rep gives alone, and the manager has not approved it: ask first.",
        "折扣超过销售可自行给出的 {authority:.0%}，且经理尚未批准：请先申请。",
    ),
    "discount_max": (
        "The discount is above the highest that the policy lets anybody give, {max:.0%}.",
        "折扣超过制度允许的最高折扣 {max:.0%}。",
    ),
    "expense_grant": (
        "Finance has granted no expense on this deal since the last one: ask finance first.",
        "自上一笔费用以来，财务尚未批准该商机的费用：请先向财务申请。",
    ),
    "expense_sum": (
        "The expenses on this deal would go beyond what finance has granted: ask finance for more first.",
        "该商机的费用将超过财务已批准的金额：请先向财务追加申请。",
    ),
}
_STANDS = {
    "next": ("The deal is in the stage {now}; the next one is {next}.", "该商机处于“{now}”阶段，下一阶段为“{next}”。"),
    "last": ("The deal is in the last stage, {now}.", "该商机处于最后阶段“{now}”。"),
    "beyond": (
        "The deal is beyond the last stage of the policy in force, {now}.", "该商机已超出现行制度的最后阶段“{now}”。"
    ),
    "first": ("No stage of the deal is recorded; the first one is {next}.", "该商机尚未记录阶段，首个阶段为“{next}”。"),
}


def _of(pair: tuple[str, str], language: str) -> str:
    return pair[language == "zh"]


def kind_name(kind: str, language: str) -> str:
    """A kind of record, without its article."""
    return bare(kind_words(kind, language))


def role_name(role: str, language: str) -> str:
    """Who plays a role."""
    return _of(CHOICES[role], language)


def notice_text(
    effect: str, role: str, record: str, rule: Rule | None, rule_id: str, language: str, said: str = ""
) -> dict:
    """Title and text of a notice about what `record` is called. `rule` is None when it is no longer in the policy; `said` is
    what its author has it say."""
    if rule_id == ROUTING:
        return {"title": _of(_NEW_LEAD, language).format(record=record), "text": said}
    if rule_id.startswith((PASSED_ON, TAKEN)):
        about = (_YOURS, _GAVE) if rule_id.startswith(PASSED_ON) else (_NOT_YOURS, _TOOK)
        told = dict(zip(("title", "text"), about, strict=True))
        return {
            name: _of(words, language).format(record=record, rule=rule_that_gave(rule_id)) for name, words in told.items()
        }
    title = _of(_TITLE, language).format(
        what=_of(_NOTICE[effect], language), role=role_name(role, language), record=record
    )
    named = todo_title(rule, role, language) if effect == "todo_opened" else ""
    if named:
        title = f"{title} – {named}"
    words = rule_words(rule, language) if rule is not None and not said else ""
    why = _of(_BY_RULE, language).format(rule=rule_id, words=words).strip()
    return {"title": title, "text": f"{said}\n{why}" if said else why}


def deputy_text(absent: str, language: str) -> str:
    """Why a notice reaches somebody for whom it was not meant, ahead of its text."""
    return _of(_DEPUTY, language).format(absent=absent)


def digest_text(titles: list[str], language: str) -> dict:
    """Title and text of a day's digest: a line for each notice, as many as a chat tool takes."""
    lines = [title if len(title) <= LONGEST_LINE else title[: LONGEST_LINE - 1] + "…" for title in titles[:MOST_LINES]]
    if len(titles) > MOST_LINES:
        lines.append(_of(_MORE, language).format(more=len(titles) - MOST_LINES))
    return {"title": _of(_DIGEST, language).format(number=len(titles)), "text": "\n".join(f"- {line}" for line in lines)}


def missing_text(kind: str, missing: list[str], language: str) -> str:
    """Which fields are still missing."""
    if not missing:
        return ""
    link = "、" if language == "zh" else ", "
    return _of(_MISSING, language).format(fields=link.join(field_label(kind, name, language) for name in missing))


def stages_around(policy: Policy, stage: float | None) -> tuple[Stage | None, Stage | None]:
    """The stage that a deal is in, by its number, and the next one; None for none. Beyond the last it is the last."""
    if stage is None:
        return None, policy.stages[0]
    place = min(int(stage), len(policy.stages))
    return policy.stages[place - 1], policy.stages[place] if place < len(policy.stages) else None


def stands_text(policy: Policy, stage: float | None, language: str) -> str:
    """Which stage a deal is in, and which is the next."""
    now, following = (each and stage_name(each, language) for each in stages_around(policy, stage))
    if stage is not None and stage > len(policy.stages):
        how = "beyond"
    else:
        how = "first" if now is None else "last" if following is None else "next"
    return _of(_STANDS[how], language).format(now=now, next=following)


def stage_conditions(policy: Policy, stage: float | None, language: str) -> list[str]:
    """What must hold to leave a stage, by its number, and to enter the next one, a sentence each."""
    number = 0 if stage is None or stage != stage else int(stage)
    if not 1 <= number <= len(policy.stages):
        return []
    following = policy.stages[number] if number < len(policy.stages) else None
    return condition_sentences(policy.stages[number - 1], following, language)


def refusal_text(
    kind: str, rule_id: str, policy: Policy, missing: list[str], stands: str, language: str, said: str = "",
    stage: float | None = None,
) -> str:  # fmt: skip
    """Why a gate refuses, how the deal `stands` (see `stands_text`; empty for what has no stages), and what is missing.

    `said`: what the rule's author has it say; `stage`: the recorded one.
    """
    rule = next((rule for rule in policy.rules if rule.id == rule_id), None)
    if said:
        why = said if said.endswith(_ENDS) else said + _of(PARTS["stop"], language)
    elif rule is not None:
        why = _of(_BY_RULE, language).format(rule=rule_id, words=rule_words(rule, language))
    else:
        limits = {"authority": policy.discount.authority, "max": policy.discount.max}
        why = _of(_REFUSED[rule_id], language).format(stages=stage_names(policy, language), **limits)
    if rule_id == "stage":
        why += "".join(f" {each}" if language == "en" else each for each in stage_conditions(policy, stage, language))
    told = [each.strip() for each in (why, stands, missing_text(kind, missing, language))]
    return (" " if language == "en" else "").join(filter(None, told))


_TO_DO = ("Do what rule '{rule}' asks. {words}", "请完成规则“{rule}”的要求。{words}")
_FROZEN = ("This deal is frozen. Record the {fields} to reopen it.", "该商机已冻结，填写{fields}后重新激活。")
_ASKED = ("Record the {fields}: until then it can neither advance nor be signed.", "请填写{fields}，否则不得推进或签约。")
_WAITS = ("Asked, waits for {desk}.", "已申请，等待{desk}答复。")
_TO_ASK = (
    "Needs the approval of {desk}: ask under Requests. Until then it can neither advance nor be signed.",
    "须经{desk}审批：请在“请求”中提出申请，批准前不得推进或签约。",
)
_COMING = (
    "Rule '{rule}' is going to act unless something is recorded before. {words}",
    "若此前没有记录，规则“{rule}”将生效。{words}",
)
_SHARE = (
    "{stage}: {won} of the {cases} closed deals that got this far were won",
    "{stage}：走到这一步的 {cases} 个已结商机中有 {won} 个赢单",
)
_LITTLE = ("so far that rests on little history", "目前历史数据较少，仅供参考")
_WORTH = (
    "the deal is worth {amount}; the next step takes about {minutes:.0f} minutes",
    "金额 {amount}；下一步约需 {minutes:.0f} 分钟",
)
_IDLE = ("no action for {days:.0f} days", "已 {days:.0f} 天没有动作")


def todo_text(rule_id: str, role: str, rule: Rule | None, language: str, said: str = "") -> str:
    """What a to-do of a role asks, after its title, if it has one; `said` is what the rule's author has it say."""
    title = todo_title(rule, role, language)
    if said:
        return f"{title}\n{said}" if title else said
    if title:
        return title
    return _of(_TO_DO, language).format(rule=rule_id, words=rule_words(rule, language) if rule else "").strip()


def todo_title(rule: Rule | None, role: str, language: str) -> str:
    """What a rule calls its to-do for a role; empty where it has no name for it."""
    effects = () if rule is None else rule.effects
    titles = (each.title for each in effects if each.code == "todo_opened" and ROLES[each.argument] == role and each.title)
    return next((_of(title, language) for title in titles), "")


def asked_text(kind: str, missing: list[str], frozen: bool, language: str) -> str:
    """What must be recorded before a deal can go on."""
    link = "、" if language == "zh" else ", "
    fields = link.join(field_label(kind, name, language) for name in missing)
    return _of(_FROZEN if frozen else _ASKED, language).format(fields=fields)


def approval_text(desk: str, asked: bool, language: str) -> str:
    """What a deal that lacks a desk's approval waits for; `asked`: whether the desk has a request that is still open."""
    return _of(_WAITS if asked else _TO_ASK, language).format(desk=role_name(desk, language))


def coming_text(rule: Rule, language: str, said: str = "") -> str:
    """What a rule is going to do; `said` is what its author has it say."""
    return _of(_COMING, language).format(rule=rule.id, words=said or rule_words(rule, language))


def share_reasons(stage: str, share, few: int, language: str) -> list[str]:
    """What closed deals say of a stage; nothing where none is known to have got there."""
    if not share.cases:
        return []
    told = _of(_SHARE, language).format(stage=stage, won=share.won, cases=share.cases)
    return [told, _of(_LITTLE, language)] if share.cases < few else [told]


def action_reasons(stage: str, share, amount: str, minutes: float, idle: float | None, few: int, language: str) -> list[str]:
    """Why an action stands where it stands; `share` has numbers of cases and of wins among them, `amount` is in words."""
    reasons = share_reasons(stage, share, few, language)
    reasons.append(_of(_WORTH, language).format(amount=amount, minutes=minutes))
    if idle is not None and idle >= 1:
        reasons.append(_of(_IDLE, language).format(days=idle))
    return reasons
