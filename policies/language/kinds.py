"""Kinds of record that a policy declares: their fields, what they link to, and what is counted over links.

What comes over a link (`link.field`) and what is counted stands on the record as if it had been recorded there: it changes at
the instant at which the linked record does.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationError, WithJsonSchema

from policies.documents.errors import Fault, as_validation_error, unknown_name
from policies.language.plays import ROLES_PLAYED, faults_in_plays
from policies.language.predicate import AllOf, comparisons, read_when
from policies.language.quantities import IDENTIFIER, Section, Text, described
from policies.record.fields import Field, Kind
from policies.record.records import FIELDS, OWN, RECORD_KINDS, has_column
from policies.words.kind_words import bare
from policies.words.vocabulary import FIELD_NAMES, KINDS

MOST_KINDS = 16
"""Kinds that one policy may declare."""
MOST_FIELDS = 30
"""Fields, links and counts together that a policy may declare on a kind."""
SUMMABLE = ("number", "money", "share")
_TAKEN = ("any", "all", "not")
FieldType = Literal["number", "money", "share", "instant", "flag", "choice", "text"]
Named = Annotated[Text, BeforeValidator(lambda written: {} if written is None else written)]
_WHEN = WithJsonSchema({"type": "object"})


def _part() -> Any:
    return described(
        None, "part", "the part of the office's thing that it plays; its own name unless said",
        "在模拟办公室中对应的部分（默认同名）", exclude_if=lambda said: said is None,
    )  # fmt: skip


class OwnField(Section):
    """One field of a declared kind."""

    type: FieldType = described(
        ..., "type", "number, money, share, instant, flag, choice or text", "类型：数字、金额、比例、时刻、是否、选项或文字"
    )
    title: Named = described(Text, "text", "what people call it", "显示名称")
    choices: dict[str, Named] = described(dict, "names", "of a choice: its names and what people call them", "选项及其显示名称")
    plays: str | None = _part()


class Link(Section):
    """A field that names another record by its id."""

    to: str = described(..., "kind of record", "kind of record that it names", "所指向的记录类型")
    title: Named = described(Text, "text", "what people call it", "显示名称")
    plays: str | None = _part()


def _link(written: Any) -> Any:
    return {"to": written} if isinstance(written, str) else written


class Count(Section):
    """How many records link to one, or the sum of a field over them."""

    of: str = described(..., "kind of record", "kind of record that is counted", "所统计的记录类型")
    by: str = described(..., "link", "the link by which they name this record", "指向本记录的链接字段")
    where: Annotated[Any, _WHEN] = described(dict, "condition", "which of them are counted", "计入条件")
    sum: str | None = described(None, "field", "add up this field instead of counting", "改为对此字段求和")
    title: Named = described(Text, "text", "what people call it", "显示名称")


class OwnKind(Section):
    """A kind of record of the firm's own; of a built-in kind only counts can be declared."""

    title: Named = described(Text, "text", "what people call it", "显示名称")
    fields: dict[str, OwnField] = described(dict, "fields", "its fields", "字段")
    links: dict[str, Annotated[Link, BeforeValidator(_link, json_schema_input_type=str | Link)]] = described(
        dict, "links", "records that it names, and of which kind they are", "链接字段及其指向的记录类型"
    )
    counts: dict[str, Count] = described(
        dict, "counts", "what is counted of the records that name it", "对指向本记录的记录的统计"
    )
    plays: Literal[*ROLES_PLAYED] | None = described(  # type: ignore[valid-type]  # one name each
        None, "thing", "which of the simulated office's things it is; without it the office keeps none of these records",
        "对应模拟办公室中的哪类事物；不写则办公室不产生此类记录", exclude_if=lambda said: said is None,
    )  # fmt: skip


Declared = Mapping[str, OwnKind]


def kinds_of(declared: Declared) -> dict[str, Kind]:
    """The kinds that declarations without faults give, by name."""
    plain = {name: _plain(name, about, declared) for name, about in declared.items()}
    return {name: _with_links(plain[name], about, plain) for name, about in declared.items()}


def _label(title: Text, name: str) -> tuple[str, str]:
    spaced = name.replace("_", " ")
    return title.en or title.zh or spaced, title.zh or title.en or spaced


def _article(en: str) -> str:
    return f"{'an' if en[:1].lower() in 'aeiou' else 'a'} {en}"


def _plain(name: str, about: OwnKind, declared: Declared) -> Kind:
    """A kind with its own fields, links and counts."""
    if name in RECORD_KINDS:
        return Kind(name, (*FIELDS[name], *_counted(about, declared)), declared=False)
    en, zh = _label(about.title, name)
    own = [
        Field(field, each.type, *_label(each.title, field), tuple(each.choices), False, _choice_names(each))
        for field, each in about.fields.items()
    ]
    to = [each.to for each in about.links.values() if each.title == Text()]
    links = [
        Field(link, "text", *_link_label(link, each, to.count(each.to) > 1, declared), to=each.to)
        for link, each in about.links.items()
    ]
    return Kind(name, (*OWN.fields, *own, *links, *_counted(about, declared)), called=(_article(en), zh))


def _link_label(name: str, link: Link, is_one_of_several: bool, declared: Declared) -> tuple[str, str]:
    """What people call a link: as its title says, or else like the kind that it names."""
    if link.title.en or link.title.zh or is_one_of_several:
        return _label(link.title, name)
    if link.to in declared and link.to not in RECORD_KINDS:
        return _label(declared[link.to].title, link.to)
    en, zh = KINDS.get(link.to, ("", ""))
    return bare(en), zh


def _choice_names(about: OwnField) -> tuple[tuple[str, str], ...]:
    return tuple(_label(title, name) for name, title in about.choices.items())


def _counted(about: OwnKind, declared: Declared) -> Iterator[Field]:
    for name, count in about.counts.items():
        summed = declared[count.of].fields.get(count.sum or "") if count.of in declared else None
        yield Field(name, "number" if summed is None else summed.type, *_label(count.title, name), linked=True)


def _with_links(kind: Kind, about: OwnKind, plain: Mapping[str, Kind]) -> Kind:
    over = []
    for link, each in about.links.items():
        named = next(field for field in kind.fields if field.name == link)
        for field in plain[each.to].fields if each.to in plain else FIELDS.get(each.to, ()):
            if not field.derived and field.name != "required":
                is_fixed = has_column(plain.get(each.to, each.to), field.name)
                label = FIELD_NAMES.get(field.name, field.en) if is_fixed else field.en
                called = (f"{label} of the {named.en}", f"{named.zh}的{field.zh}")
                over.append(field._replace(name=f"{link}.{field.name}", en=called[0], zh=called[1], linked=True))
    return Kind(kind, kind.fields, over, kind.called, kind.declared)


# What can be wrong with declarations


def without_faults(declared: dict[str, OwnKind]) -> dict[str, OwnKind]:
    """The declarations, if they hold together. Raises what pydantic reports, with every fault found."""
    faults = [fault.within(name) for name, about in declared.items() for fault in _faults_in(name, about, declared)]
    if len(declared) > MOST_KINDS:
        faults.append(Fault("out_of_bounds", (), len(declared), (f"<= {MOST_KINDS}",)))
    faults = faults or list(_faults_in_counts(declared))
    if faults:
        raise as_validation_error(faults)
    return declared


def _faults_in(kind: str, about: OwnKind, declared: Declared) -> Iterator[Fault]:
    if kind in RECORD_KINDS:
        given = [name for name in ("title", "fields", "links", "plays") if getattr(about, name) not in (Text(), {}, None)]
        yield from (Fault("only_counts", (name,), name, ("counts",), about=kind) for name in given)
    elif not IDENTIFIER.fullmatch(kind) or "-" in kind or kind == str(OWN):
        yield Fault("bad_identifier", (), kind, ("@field_name",))
    names = [(section, name) for section in ("fields", "links", "counts") for name in getattr(about, section)]
    if len(names) > MOST_FIELDS:
        yield Fault("out_of_bounds", ("fields",), len(names), (f"<= {MOST_FIELDS}",))
    taken = {*_TAKEN, *(field.name for field in (FIELDS[kind] if kind in RECORD_KINDS else OWN.fields))}
    for section, name in names:
        if not IDENTIFIER.fullmatch(name) or "-" in name:
            yield Fault("bad_identifier", (section, name), name, ("@field_name",))
        elif name in taken:
            yield Fault("name_taken", (section, name), name, ("@another_name",), about=kind)
        taken.add(name)
    for name, field in about.fields.items():
        if (field.type == "choice") != bool(field.choices):
            told = ("no_choices", "@choices") if field.type == "choice" else ("choices_of_none", "@no_such_key")
            yield Fault(told[0], ("fields", name), field.type, told[1:], about=name)
    yield from faults_in_plays(kind, about, declared)
    for name, link in about.links.items():
        if link.to not in declared and link.to not in RECORD_KINDS:
            yield unknown_name("unknown_kind", link.to, (*RECORD_KINDS, *declared), location=("links", name))
    for name, count in about.counts.items():
        yield from (fault.within("counts", name) for fault in _faults_in_count(kind, count, declared))


def _faults_in_count(kind: str, count: Count, declared: Declared) -> Iterator[Fault]:
    own = [name for name in declared if name not in RECORD_KINDS]
    if count.of not in own:
        yield unknown_name("unknown_kind", count.of, own, location=("of",))
        return
    links = [name for name, link in declared[count.of].links.items() if link.to == kind]
    if count.by not in links:
        yield unknown_name("not_linked", count.by, links or ("@a_link",), about=count.of, location=("by",))
    numbers = [name for name, field in declared[count.of].fields.items() if field.type in SUMMABLE]
    if count.sum is not None and count.sum not in numbers:
        yield unknown_name("not_summable", count.sum, numbers or ("@a_number_field",), about=count.of, location=("sum",))


def _faults_in_counts(declared: Declared) -> Iterator[Fault]:
    """What is wrong with the conditions of counts, and circles among them."""
    kinds = kinds_of(declared)
    needs: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for kind, about in declared.items():
        for name, count in about.counts.items():
            predicate, faults = read_when(kinds[count.of], count.where, timed=True)
            yield from (fault.within(kind, "counts", name, "where") for fault in faults)
            named = {each for comparison in comparisons(predicate) for each in comparison.fields}
            needs[kind, name] = {(_owner_of(count.of, each, declared), each.rpartition(".")[2]) for each in named}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        (kind, name), *_ = (each for each in error.args[1] if each in needs)
        circle = " → ".join(".".join(each) for each in error.args[1])
        yield Fault("counts_in_circle", (kind, "counts", name), circle, ("@no_circle",))


def _owner_of(kind: str, name: str, declared: Declared) -> str:
    """The kind on which a named field stands: this one, or the one behind the link."""
    link, over, _ = name.partition(".")
    return declared[kind].links[link].to if over and link in declared[kind].links else kind


Kinds = Annotated[dict[str, OwnKind], AfterValidator(without_faults)]
_DECLARATIONS: TypeAdapter[dict[str, OwnKind]] = TypeAdapter(Kinds)

# Reading what speaks of them

_NONE: Mapping[str, Kind] = MappingProxyType({})
_SPOKEN_OF: ContextVar[Mapping[str, Kind]] = ContextVar("kinds of the policy that is being read", default=_NONE)


@contextmanager
def speaking_of(kinds: Mapping[str, Kind]) -> Iterator[None]:
    """While rules are read that may be on these kinds besides the built-in ones."""
    token = _SPOKEN_OF.set(kinds)
    try:
        yield
    finally:
        _SPOKEN_OF.reset(token)


def kind_named(name: Any) -> str:
    """The kind of a rule that is being read. Raises what pydantic reports for one that nobody declared."""
    kinds = _SPOKEN_OF.get()
    if isinstance(name, str) and name in kinds:
        return kinds[name]
    if name in RECORD_KINDS:
        return str(name)
    raise as_validation_error([unknown_name("unknown_name", name, dict.fromkeys((*RECORD_KINDS, *kinds)))])


def kinds_in(document: Mapping[str, Any]) -> dict[str, Kind]:
    """The kinds that a document declares; none while its declarations are faulty."""
    try:
        return kinds_of(_DECLARATIONS.validate_python(document.get("kinds") or {}))
    except ValidationError:
        return {}


def where_of(count: Count, kinds: Mapping[str, Kind]) -> AllOf:
    """The condition under which a linked record counts."""
    return read_when(kinds[count.of], count.where, timed=True)[0]
