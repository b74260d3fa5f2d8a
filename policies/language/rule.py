"""One rule of a policy: what sets it off, when it applies, what it does."""

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema, create_model, field_validator

from policies.documents.errors import Fault, FaultyInput, as_validation_error, unknown_name
from policies.language.acting import SAID
from policies.language.duration import Delay, parse_duration
from policies.language.effects import OPENING, Effect, read_effects
from policies.language.kinds import kind_named
from policies.language.predicate import CUSTOM_PREFIX, AllOf, Not, comparisons, parse_when, read_when
from policies.language.quantities import IDENTIFIER, Identifier, Section, Text, described
from policies.language.saying import saying_faults
from policies.record.records import COUNTING, MOVES, RECORD_KINDS, SIGNALS, built_as, has_column, known_fields

_KIND_SCHEMA = {"anyOf": [{"enum": list(RECORD_KINDS)}, {"type": "string", "pattern": f"^{IDENTIFIER.pattern}$"}]}
RecordKind = Annotated[
    str, AfterValidator(kind_named), PlainSerializer(str), WithJsonSchema(_KIND_SCHEMA)
]
Period = Literal["day", "week", "month", "quarter"]
Gate = Literal["advance", "sign", "order", "expense", "create", "start", "complete"]


def moved_fields(kind: str) -> tuple[str, ...]:
    """Instants of a kind of record that some recorded event moves, and those that a policy declares: what `since` may name."""
    moved = dict.fromkeys(name for moves in MOVES.values() for name in moves.get(built_as(kind), ()))
    told = (each.name for each in known_fields(kind) if each.type == "instant" and not has_column(kind, each.name))
    return (*moved, *told)


def _duration(written: Any) -> str:
    try:
        parse_duration(written)
    except FaultyInput as error:
        raise as_validation_error(error.faults) from None
    return str(written)


_FIELD_LIST = {"type": "array", "items": {"type": "string"}, "minItems": 1}
Duration = Annotated[
    str,
    BeforeValidator(_duration),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": r"^\s*(\d+(\.\d+)?\s*(min|bd|bh|h|d|w)|0)\s*$"}, {"const": 0}]}),
]
Since = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "null"},
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"latest": _FIELD_LIST},
                    "required": ["latest"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
When = Annotated[Any, WithJsonSchema({"type": "object"})]
Then = Annotated[Any, WithJsonSchema({"type": "array"})]


class Repeat(Section):
    """A rule that says it again while nothing is done: so long after each firing, and so often."""

    every: Duration = described(
        ...,
        "duration",
        "how long after it fired it fires again, if its condition holds",
        "触发后隔多久再次触发（条件仍成立时）",
    )
    times: int = described(
        ..., "times", "how often it fires again for one start of its clock", "同一起点最多再触发几次", ge=1, le=50
    )

    @field_validator("every")
    @classmethod
    def _takes_time(cls, every):
        if parse_duration("0h" if every == "0" else every).amount == 0:
            raise as_validation_error([Fault("repeats_at_once", found=every, allowed=("@duration",))])
        return every

    @property
    def delay(self) -> Delay:
        """What `every` says."""
        return parse_duration(self.every)


class Absence(Section):
    """When the clock of a rule stands still, without what the record says."""

    owner_absent: bool = described(
        False, "yes or no", "it rests while the owner is absent", "负责人缺勤期间停止计时"
    )


if TYPE_CHECKING:
    Rests = Absence
else:  # its other key is a word of Python
    _WHILE = described(dict, "condition", "its clock rests while this holds on the record", "记录满足此条件期间停止计时")
    Rests = create_model("Rests", __base__=Absence, __module__=__name__, **{"while": (When, _WHILE)})


def restful(kind: str) -> tuple[str, ...]:
    """Fields of a kind of record on which a clock can rest: those of which every change is recorded by itself."""
    key = built_as(kind)
    moved = {name for moves in MOVES.values() for name in moves.get(key, ())}
    kept = {"required", *(counts[key] for counts in COUNTING.values() if key in counts)}
    counted = {each.name for each in known_fields(kind) if each.linked}
    return tuple(each.name for each in known_fields(kind) if not each.derived and each.name not in moved | kept | counted)


class Rule(Section):
    """A timed rule (`since`, `after`), a periodic one (`every`, `streak`) or a gate (`before`)."""

    id: Identifier = described(..., "name", "name of the rule, kept through edits", "规则名称，修改后保持不变")
    on: RecordKind = described(..., "kind of record", "kind of record that the rule watches", "规则所针对的记录类型")
    since: Since = described(None, "field", "instant from which the clock runs", "计时起点字段")
    after: Duration = described(
        "0h",
        "duration",
        "how long after since; h, d, w run on, bd business days, bh open hours",
        "起点之后多久；h、d、w 连续计时，bd 按工作日，bh 按营业时间",
    )
    repeat: Repeat | None = described(
        None,
        "section",
        "the rule fires again while its condition holds; null for once",
        "条件持续成立时再次触发；null 为只触发一次",
        exclude_if=lambda repeat: repeat is None,
    )
    rests: Rests | None = described(
        None,
        "section",
        "when its clock stands still; null for never",
        "何时停止计时；null 为从不停止",
        exclude_if=lambda rests: rests is None,
    )
    every: Period | None = described(None, "period", "look at the end of each such period", "每个周期结束时检查一次")
    streak: int = described(
        1, "looks", "looks in a row at which the condition must hold", "需要连续满足条件的检查次数", ge=1, le=52
    )
    before: Gate | None = described(None, "gate", "refuse this step while the condition holds", "条件成立时拒绝此步骤")
    when: When = described(dict, "condition", "conditions that must all hold", "必须全部满足的条件")
    then: Then = described(list, "effects", "what the rule does, in order", "规则的效果，按顺序执行")
    until: When | None = described(
        None,
        "condition",
        "what ends its to-dos and flags; null for when `when` no longer holds",
        "待办与预警何时结束；null 为 `when` 不再成立时",
        exclude_if=lambda until: until is None,
    )
    mode: Literal["off", "shadow", "live"] = described(
        "live", "mode", "off, shadow (journalled, nothing done) or live", "停用 off、试运行 shadow（只记录）或启用 live"
    )
    exempt: tuple[str, ...] = described((), "units", "units or people that the rule leaves alone", "不受此规则约束的单位或人员")
    activate: Literal["from_now", "catch_up"] = described(
        "from_now",
        "mode",
        "clocks start when the rule is switched on, or catch up on the past",
        "启用时重新计时 from_now，或补算过去 catch_up",
    )

    says: Text = described(
        Text,
        "text",
        "what its messages, to-dos and refusals say to people; {record} is what the record is called, {amount} its amount",
        "消息、待办和拒绝时对人说的话；{record} 为记录名称，{amount} 为其金额",
        acts=SAID,
        exclude_if=lambda said: not (said.en or said.zh),
    )

    @field_validator("since")
    @classmethod
    def _since_is_moved(cls, since, info):
        kind = info.data.get("on")
        if since is None or kind is None:
            return since
        named = since.get("latest") if isinstance(since, dict) and list(since) == ["latest"] else since
        names = [named] if isinstance(named, str) else named
        if not isinstance(names, (list, tuple)) or not names:
            raise as_validation_error([Fault("not_a_since", found=since, allowed=("@since",))])
        faults = [
            unknown_name(
                "since_never_moves",
                name,
                moved_fields(kind),
                about=kind,
                location=() if isinstance(named, str) else ("latest", position),
            )
            for position, name in enumerate(names)
            if name not in moved_fields(kind) and not str(name).startswith(CUSTOM_PREFIX)
        ]
        if faults:
            raise as_validation_error(faults)
        return since

    @field_validator("after", "activate", "repeat", "rests")
    @classmethod
    def _needs_since(cls, value, info):
        if value not in ("0h", "from_now", None) and info.data.get("since", "faulty") is None:
            section = value.model_dump() if isinstance(value, Section) else value
            found = value.every if isinstance(value, Repeat) else section
            raise as_validation_error([Fault("needs_since", found=found, allowed=("@no_such_key",), about=info.field_name)])
        return value

    @field_validator("rests")
    @classmethod
    def _rests_on_what_is_remembered(cls, rests, info):
        kind = info.data.get("on")
        if rests is None or kind is None:
            return rests
        written = getattr(rests, "while")
        predicate, faults = read_when(kind, written, timed=True)
        named = dict.fromkeys(name for each in comparisons(predicate) for name in each.fields)
        faults = [fault.within("while") for fault in faults] + [
            unknown_name("cannot_rest_on", name, restful(kind), about=kind, location=("while",))
            for name in named
            if name not in restful(kind) and not name.startswith(CUSTOM_PREFIX)
        ]
        if not faults and not written and not rests.owner_absent:
            faults = [Fault("rests_on_nothing", found=written, allowed=("@no_such_key",))]
        if faults:
            raise as_validation_error(faults)
        return rests

    @field_validator("streak")
    @classmethod
    def _needs_every(cls, streak, info):
        if streak != 1 and info.data.get("every", "faulty") is None:
            raise as_validation_error([Fault("needs_every", found=streak, allowed=("@no_such_key",), about="streak")])
        return streak

    @field_validator("before")
    @classmethod
    def _one_trigger(cls, before, info):
        given = {"since": info.data.get("since", "faulty"), "every": info.data.get("every", "faulty"), "before": before}
        found = [name for name, value in given.items() if value is not None]
        if len(found) != 1 and "faulty" not in given.values():
            raise as_validation_error([Fault("trigger", found=", ".join(found) or "none", allowed=("@one_trigger",))])
        return before

    @field_validator("when")
    @classmethod
    def _when_is_a_condition(cls, when, info):
        kind = info.data.get("on")
        timed = info.data.get("since") is not None
        faults = read_when(kind, when, timed=timed)[1] if kind is not None else []
        if faults:
            raise as_validation_error(faults)
        return when

    @field_validator("then")
    @classmethod
    def _then_has_effects(cls, then, info):
        kind = info.data.get("on")
        if kind is None:
            return then
        effects, faults = read_effects(kind, then)
        if info.data.get("before") is not None:
            faults = [Fault("effect_in_gate", found=then, allowed=("@no_such_key",))] if then else []
        elif not effects and not faults and "before" in info.data:
            faults = [Fault("no_effect", found=then, allowed=("@effects",))]
        if faults:
            raise as_validation_error(faults)
        return then

    @field_validator("until")
    @classmethod
    def _until_is_a_condition(cls, until, info):
        kind = info.data.get("on")
        if until is None or kind is None:
            return until
        faults = read_when(kind, until, timed=info.data.get("since") is not None)[1]
        opens = {each.code for each in read_effects(kind, info.data.get("then", ()))[0]}
        if not faults and opens.isdisjoint(OPENING) and "then" in info.data:
            faults = [Fault("until_of_nothing", found=until, allowed=("@no_such_key",))]
        if faults:
            raise as_validation_error(faults)
        return until

    @field_validator("says")
    @classmethod
    def _says_what_is_known(cls, says, info):
        kind = info.data.get("on")
        faults = list(saying_faults(kind, says)) if kind is not None else []
        if faults:
            raise as_validation_error(faults)
        return says

    @cached_property
    def predicate(self) -> AllOf:
        """What `when` says."""
        return parse_when(self.on, self.when, timed=self.since is not None)

    @cached_property
    def ends(self) -> AllOf | None:
        """What `until` says; None where its to-dos and flags end with `when`."""
        return None if self.until is None else parse_when(self.on, self.until, timed=self.since is not None)

    @property
    def rests_absent(self) -> bool:
        """Whether its clock rests while the owner is absent."""
        return self.rests is not None and self.rests.owner_absent

    @cached_property
    def rests_while(self) -> AllOf | None:
        """The condition under which its clock rests; None for none."""
        written = None if self.rests is None else getattr(self.rests, "while")
        return parse_when(self.on, written, timed=True) if written else None

    @property
    def fires_while(self) -> AllOf:
        """The condition under which it fires: `when`, and not what ends what it opens."""
        return self.predicate if self.ends is None else AllOf((self.predicate, Not(self.ends)))

    @cached_property
    def since_fields(self) -> tuple[str, ...]:
        """Fields of which the latest starts the clock; empty for periodic rules and gates."""
        if self.since is None:
            return ()
        named = self.since["latest"] if isinstance(self.since, dict) else self.since
        return (named,) if isinstance(named, str) else tuple(named)

    @cached_property
    def delay(self) -> Delay:
        """What `after` says."""
        return parse_duration("0h" if self.after == "0" else self.after)

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What `then` says."""
        return read_effects(self.on, self.then)[0]

    @property
    def signals(self) -> tuple[str, ...]:
        """Custom fields that quantities of `when` look at where somebody records them; the rule works without them."""
        named = dict.fromkeys(name for each in comparisons(self.fires_while) for name in each.fields)
        return tuple(signal for name in named for signal in SIGNALS.get((self.on, name), ()))

    @property
    def custom_fields(self) -> tuple[str, ...]:
        """Custom fields that the rule names, in order of first mention."""
        return tuple(name for name in self.named_fields if name.startswith(CUSTOM_PREFIX))

    @property
    def named_fields(self) -> tuple[str, ...]:
        """Fields that the rule names besides those in what it says, in order of first mention."""
        named = [
            *self.since_fields,
            *(name for each in comparisons(self.fires_while) for name in each.fields),
            *(name for each in comparisons(self.rests_while or AllOf()) for name in each.fields),
            *(each.field for each in self.effects if each.field),
        ]
        return tuple(dict.fromkeys(named))

    @property
    def declared_fields(self) -> tuple[str, ...]:
        """Those of them that a policy declares, or that come over a link."""
        own = (name for name in self.named_fields if not name.startswith(CUSTOM_PREFIX))
        return tuple(name for name in own if not has_column(self.on, name))
