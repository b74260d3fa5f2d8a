"""A role-play as a document: a persona with hidden facts, a decision chain, objections, moves and a rubric."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from policies.documents.errors import Fault, as_validation_error, unknown_name
from policies.language.policy import named_twice
from policies.language.quantities import Identifier, Section, Text, described
from scenarios.roleplay.faults import PlayFault, check_faults

MoveKind = Literal["ask", "show", "disclose", "offer", "answer", "propose"]
Dimension = Literal["technical_accuracy", "risk_disclosure", "alternatives", "needs", "next_step"]


def _both_languages(text: Text) -> Text:
    missing = [name for name in ("en", "zh") if not text[name].strip()]
    if missing:
        raise as_validation_error([Fault("missing_key", (name,), name) for name in missing])
    return text


Words = Annotated[Text, AfterValidator(_both_languages)]
"""A text that must be there in both languages."""


def _named_once(items: tuple) -> tuple:
    faults = [Fault("duplicate_id", (place, "id"), items[place].id) for place in named_twice(item.id for item in items)]
    if faults:
        raise as_validation_error(faults)
    return items


class Needs(Section):
    """A condition on the play so far; everything given must hold, an empty one always does."""

    done: tuple[str, ...] = described((), "moves", "moves that landed", "已奏效的动作")
    not_done: tuple[str, ...] = described((), "moves", "moves that did not land", "未奏效的动作")
    in_order: tuple[str, ...] = described((), "moves", "moves that landed in this order", "依此顺序奏效的动作")
    known: tuple[str, ...] = described((), "facts", "facts that came out", "已问出的事实")
    not_known: tuple[str, ...] = described((), "facts", "facts that did not come out", "未问出的事实")
    raised: tuple[str, ...] = described((), "objections", "objections that were raised", "已提出的异议")
    settled: tuple[str, ...] = described((), "objections", "objections that were settled", "已化解的异议")
    trust: int = described(0, "points", "least trust of the persona", "对方信任度下限", ge=0, le=100)
    any: tuple["Needs", ...] = described((), "conditions", "at least one of these holds", "至少满足其一")


class Reaction(Section):
    """What the persona says to a move when `when` holds, and what it does to the persona."""

    when: Needs = described(Needs, "condition", "state in which the persona reacts so", "触发此反应的条件")
    reply: Words = described(..., "text", "what the persona says or does", "对方的回应")
    trust: int = described(0, "points", "change of trust", "信任度变化", ge=-100, le=100)
    patience: int = described(-1, "points", "change of patience", "耐心变化", ge=-20, le=0)
    reveals: tuple[str, ...] = described((), "facts", "facts that come out", "由此问出的事实")
    raises: tuple[str, ...] = described((), "objections", "objections that the persona now has", "由此引起的异议")
    settles: tuple[str, ...] = described((), "objections", "objections that are now settled", "由此化解的异议")
    evades: bool = described(False, "yes or no", "the move does not land and may be tried again", "回避：动作未奏效，可再试")
    ends: bool = described(False, "yes or no", "the meeting ends with an agreement", "会面以达成约定结束")


class Move(Section):
    """Something that the trainee can do."""

    id: Identifier = described(..., "name", "name of the move", "动作名称")
    kind: MoveKind = described(
        ..., "kind", "ask, show, disclose, offer, answer or propose", "询问、展示、披露、提供、回应或提议"
    )
    says: Words = described(..., "text", "what the trainee says or does", "学员的话或做法")
    when: Needs = described(Needs, "condition", "state in which the move can be made", "可用此动作的条件")
    reactions: tuple[Reaction, ...] = Field(..., min_length=1, description="the first whose condition holds counts")

    @model_validator(mode="after")
    def _last_always_holds(self):
        if self.reactions[-1].when != Needs():
            raise check_faults([PlayFault(("reactions", len(self.reactions) - 1, "when"), *_LAST_REACTION)])
        faults = [
            PlayFault(("reactions", place, "patience"), *_EVASION_IS_FREE)
            for place, reaction in enumerate(self.reactions)
            if reaction.evades and reaction.patience > -1
        ]
        if faults:
            raise check_faults(faults)
        return self


_LAST_REACTION = (
    "the last reaction has a condition, so there may be a state without a reaction; leave `when` out of the last one",
    "最后一个反应带有条件，可能出现无反应可用的状态；请去掉最后一个反应的 `when`",
)
_EVASION_IS_FREE = (
    "an evasion that costs no patience could go on for ever; give `patience` -1 or less",
    "不消耗耐心的回避可能无休止地进行；`patience` 请写 -1 或更小",
)


class Fact(Section):
    """Something that only the persona knows until it comes out."""

    id: Identifier = described(..., "name", "name of the fact", "事实名称")
    text: Words = described(..., "text", "the fact", "事实内容")


class Objection(Section):
    """Something that the persona holds against the offer."""

    id: Identifier = described(..., "name", "name of the objection", "异议名称")
    text: Words = described(..., "text", "the objection as the persona puts it", "异议内容")


class Decider(Section):
    """Somebody with a say in the decision."""

    id: Identifier = described(..., "name", "name of the part played", "角色名称")
    role: Words = described(..., "text", "position in the firm", "职位")
    cares: Words = described(..., "text", "what this person looks at", "关注点")
    learned_by: str | None = described(None, "fact", "fact by which the trainee learns of this person", "由哪条事实得知此人")


class Check(Section):
    """One yes/no question about the play."""

    id: Identifier = described(..., "name", "name of the check", "检查项名称")
    text: Words = described(..., "text", "what is asked of the play", "检查内容")
    passes: Needs = described(..., "condition", "state at the end in which the answer is yes", "结束时满足的条件")
    advice: Words = described(..., "text", "what to do next time, and why", "下次怎么做及原因")


class Criterion(Section):
    """A dimension of the rubric; its credit is the share of its checks passed."""

    id: Dimension = described(..., "dimension", "what is judged", "评分维度")
    weight: int = described(..., "points", "part of the score", "权重", ge=1, le=100)
    checks: Annotated[tuple[Check, ...], AfterValidator(_named_once)] = Field(..., min_length=1)


class Milestone(Section):
    """Something that must happen; when it is missed the score stops at `cap`."""

    id: Identifier = described(..., "name", "name of the milestone", "里程碑名称")
    text: Words = described(..., "text", "what must happen", "必须做到的事")
    passes: Needs = described(..., "condition", "state at the end in which it happened", "结束时满足的条件")
    cap: int = described(..., "points", "highest score without it", "未做到时的最高分", ge=0, le=100)


class Rubric(Section):
    """What a play is scored by; frozen when a session starts."""

    pass_at: int = described(80, "points", "pass mark", "及格分", ge=1, le=100)
    criteria: Annotated[tuple[Criterion, ...], AfterValidator(_named_once)] = Field(..., min_length=1)
    milestones: Annotated[tuple[Milestone, ...], AfterValidator(_named_once)] = ()


class Persona(Section):
    """Whom the trainee meets."""

    role: Words = described(..., "text", "position and firm", "职位与公司")
    manner: Words = described(..., "text", "how this person is in a meeting", "会面时的风格")
    opening: Words = described(..., "text", "the first words", "开场白")
    trust: int = described(40, "points", "trust at the start", "初始信任度", ge=1, le=100)
    patience: int = described(
        14, "points", "patience at the start; a move costs 1 or more", "初始耐心，每个动作至少消耗 1", ge=1, le=60
    )


class Roleplay(Section):
    """One drill. Names that conditions and reactions mention must exist; see `check` for what a play can reach."""

    name: Identifier = described(..., "name", "name of the drill, as its file", "演练名称，与文件名一致")
    title: Words = described(..., "text", "title shown to people", "显示标题")
    business: Words = described(..., "text", "kind of business", "业务类型")
    situation: Words = described(..., "text", "what the trainee knows beforehand", "学员事先了解的情况")
    goal: Words = described(..., "text", "what the meeting is for", "本次会面的目标")
    persona: Persona
    decision_chain: Annotated[tuple[Decider, ...], AfterValidator(_named_once)] = Field(..., min_length=1)
    facts: Annotated[tuple[Fact, ...], AfterValidator(_named_once)] = Field(..., min_length=1)
    objections: Annotated[tuple[Objection, ...], AfterValidator(_named_once)] = ()
    moves: Annotated[tuple[Move, ...], AfterValidator(_named_once)] = Field(..., min_length=2)
    rubric: Rubric

    @model_validator(mode="after")
    def _names_exist(self):
        faults = list(_unknown_names(self))
        if faults:
            raise as_validation_error(faults)
        return self

    def move(self, name: str) -> Move:
        """The move of that name; KeyError when there is none."""
        for move in self.moves:
            if move.id == name:
                return move
        raise KeyError(name)


_KIND_OF_NAME = {
    **dict.fromkeys(("done", "not_done", "in_order"), "moves"),
    **dict.fromkeys(("known", "not_known", "reveals"), "facts"),
    **dict.fromkeys(("raised", "settled", "raises", "settles"), "objections"),
}


def conditions_of(roleplay: Roleplay):
    """Every condition of the document with its location."""
    for m, move in enumerate(roleplay.moves):
        yield ("moves", m, "when"), move.when
        for r, reaction in enumerate(move.reactions):
            yield ("moves", m, "reactions", r, "when"), reaction.when
    for c, criterion in enumerate(roleplay.rubric.criteria):
        for k, check in enumerate(criterion.checks):
            yield ("rubric", "criteria", c, "checks", k, "passes"), check.passes
    for k, milestone in enumerate(roleplay.rubric.milestones):
        yield ("rubric", "milestones", k, "passes"), milestone.passes


def _unknown_names(roleplay: Roleplay):
    names = {kind: [each.id for each in getattr(roleplay, kind)] for kind in ("moves", "facts", "objections")}
    places = [*conditions_of(roleplay)]
    places += [
        (("moves", m, "reactions", r), reaction)
        for m, move in enumerate(roleplay.moves)
        for r, reaction in enumerate(move.reactions)
    ]
    for place, part in places:
        yield from _unknown_in(part, place, names)
    for d, decider in enumerate(roleplay.decision_chain):
        if decider.learned_by is not None and decider.learned_by not in names["facts"]:
            place = ("decision_chain", d, "learned_by")
            yield unknown_name("unknown_name", decider.learned_by, names["facts"], location=place)


def _unknown_in(part: Section, place: tuple, names: dict[str, list[str]]):
    for key, kind in _KIND_OF_NAME.items():
        for position, name in enumerate(getattr(part, key, ())):
            if name not in names[kind]:
                yield unknown_name("unknown_name", name, names[kind], location=(*place, key, position))
    for position, inner in enumerate(getattr(part, "any", ())):
        yield from _unknown_in(inner, (*place, "any", position), names)
