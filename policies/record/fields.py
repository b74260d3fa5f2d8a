"""A recorded field, and the name of a kind of record that knows the fields which a policy gives it."""

from collections.abc import Iterable
from typing import NamedTuple


class Field(NamedTuple):
    """One recorded field: its type is number, money, share, instant, flag, choice or text."""

    name: str
    type: str
    en: str
    zh: str
    choices: tuple[str, ...] = ()
    derived: bool = False  # changes by itself; known at looks and gates only
    named: tuple[tuple[str, str], ...] = ()  # of a declared choice: what people call each, in English and Chinese
    to: str = ""  # of a link: kind of record whose id the text is
    linked: bool = False  # comes over links from other records: never posted, asked for or set


class Kind(str):
    """The name of a kind of record that a policy declares, or to which it adds counts; equal to the plain name.

    `fields`: those of its records, in order. `over`: fields of the records that it links to, named `link.field`. `called`: what
    people call it, in English (with its article) and Chinese. `declared`: false for a built-in kind with counts.
    """

    fields: tuple[Field, ...]
    over: tuple[Field, ...]
    called: tuple[str, str]
    declared: bool

    def __new__(
        cls, name: str, fields: Iterable[Field], over: Iterable[Field] = (), called: tuple[str, str] = ("", ""),
        declared: bool = True,
    ):  # fmt: skip
        kind = super().__new__(cls, name)
        kind.fields, kind.over, kind.called, kind.declared = tuple(fields), tuple(over), called, declared
        return kind

    def __reduce__(self):
        return Kind, (str(self), self.fields, self.over, self.called, self.declared)

    def __deepcopy__(self, _memo) -> "Kind":
        return self
