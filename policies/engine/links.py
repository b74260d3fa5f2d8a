"""Values over links: fields of the record that another names, and counts of those that name it, kept up with the records.

What comes over links stands in columns of its own, written here at the instant at which a linked record changed. A link names
a record by the number that stands for its id, so that it may name one that is not there yet.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from policies.engine.compile import compiled_condition
from policies.engine.conditions import holds
from policies.engine.layout import Layout, counted, over_links
from policies.language.kinds import where_of
from policies.language.policy import Policy
from policies.record.book import Book


class Mirror(NamedTuple):
    """A field of the record that a link names, as a column of the record that names it."""

    column: int
    link: int  # column of the link
    to: int  # code of the kind that it names
    source: int  # column of the field there


class Counted(NamedTuple):
    """A count on the records of a kind."""

    on: int  # code of the kind on which it stands
    column: int
    of: int  # code of the kind that is counted
    link: int  # column of the link by which those name it
    where: tuple[np.record, np.recarray]  # the compiled condition, as `holds` takes it
    add: int  # column that is added up; -1 to count


class Links:
    """The links among the records of a book under one policy. Rows are those of the book.

    Parameters
    ----------
    number: the number that stands for the id of the record in a row
    """

    def __init__(self, policy: Policy, layout: Layout, number: Callable[[int], float]):
        self._number = number
        kinds, code = policy.record_kinds, layout.kinds.index
        self._mirrors: dict[int, list[Mirror]] = {}
        for kind, name in over_links(policy):
            link, _, field = name.partition(".")
            to = next(each.to for each in kinds[kind].fields if each.name == link)
            mirror = Mirror(
                layout[kind, name], layout.place(kinds[kind], link), code(to), layout.place(policy.kind(to), field)
            )
            self._mirrors.setdefault(code(kind), []).append(mirror)
        self._counts = [_counted(policy, layout, *each) for each in counted(policy)]
        self._followed = {code(kind) for kind in kinds} | {each.to for those in self._mirrors.values() for each in those}
        self._links = {
            code(name): tuple(layout.place(kind, each.name) for each in kind.fields if each.to)
            for name, kind in kinds.items()
            if kind.declared
        }
        self._mirrored: dict[int, list[tuple[int, int, int]]] = {}  # by kind: (source, kind that names it, its link)
        for of, mirrors in self._mirrors.items():
            for mirror in mirrors:
                self._mirrored.setdefault(mirror.to, []).append((mirror.source, of, mirror.link))
        self._row_of: dict[tuple[int, float], int] = {}
        self._naming: dict[tuple[int, int, float], set[int]] = {}  # rows of a kind by link and the number that it names
        self._named: dict[tuple[int, int], float] = {}  # by row and link: the number that it names
        self._given: dict[tuple[int, int], tuple[float, Fraction]] = {}  # by row and count: to which number, how much
        self._totals: dict[tuple[int, float], Fraction] = {}  # by count and number
        self._known: dict[int, tuple[float, ...]] = {}  # by row: what others mirror of it

    @classmethod
    def of(cls, policy: Policy, layout: object, number: Callable[[int], float]) -> "Links | None":
        """None for a policy that declares no kinds, which costs nothing."""
        return cls(policy, layout, number) if policy.kinds and isinstance(layout, Layout) else None

    def all(self, book: Book) -> list[int]:
        """Work out the values of every record anew; returns the rows of which one changed."""
        rows = [int(row) for row in np.flatnonzero(np.isin(book.rows.kind[: int(book.counts[0].rows)], list(self._followed)))]
        for row in rows:
            self._register(book, row)
        return self.follow(book, rows)

    def clear(self, book: Book) -> None:
        """Take away what came over links, before another policy's comes."""
        for kind in self._followed:
            columns = [each.column for each in self._mirrors.get(kind, ())]
            columns += [each.column for each in self._counts if each.on == kind]
            for column in columns:
                book.values[book.rows.kind == kind, column] = np.nan

    def follow(self, book: Book, rows: Iterable[int]) -> list[int]:
        """Bring what depends on some changed records up to date; returns the rows of which a value over links changed."""
        waiting, changed = list(dict.fromkeys(rows)), dict[int, None]()
        while waiting:
            row = waiting.pop()
            if int(book.rows[row].kind) not in self._followed:
                continue
            self._register(book, row)
            if self._take_over(book, row):
                changed[row] = None
            waiting += self._give(book, row)
            waiting += self._tell(book, row)
        return list(changed)

    def _register(self, book: Book, row: int) -> None:
        """Keep what a record is called and names."""
        kind = int(book.rows[row].kind)
        if kind not in self._followed:
            return
        self._row_of[kind, self._number(row)] = row
        for link in self._links.get(kind, ()):
            number = float(book.values[row, link])
            before = self._named.pop((row, link), None)
            if before is not None:
                self._naming[kind, link, before].discard(row)
            if number == number:
                self._named[row, link] = number
                self._naming.setdefault((kind, link, number), set()).add(row)

    def _take_over(self, book: Book, row: int) -> bool:
        """Write what comes to a record over links; whether anything changed."""
        kind, values = int(book.rows[row].kind), book.values[row]
        told = [(each.column, self._over(book, each, float(values[each.link]))) for each in self._mirrors.get(kind, ())]
        number = self._number(row)
        told += [
            (each.column, float(self._totals.get((place, number), 0)))
            for place, each in enumerate(self._counts)
            if each.on == kind
        ]
        new = [(column, value) for column, value in told if not _same(values[column], value)]
        for column, value in new:
            values[column] = value
        return bool(new)

    def _over(self, book: Book, mirror: Mirror, number: float) -> float:
        row = self._row_of.get((mirror.to, number))
        return np.nan if row is None else float(book.values[row, mirror.source])

    def _give(self, book: Book, row: int) -> list[int]:
        """Count a record anew where it counts; returns the rows of which a count changed."""
        kind, touched = int(book.rows[row].kind), []
        for place, each in enumerate(self._counts):
            if each.of != kind:
                continue
            new, old = self._worth(book, row, each), self._given.pop((row, place), None)
            if new is not None:
                self._given[row, place] = new
            if new == old:
                continue
            for told, sign in ((old, -1), (new, 1)):
                if told is not None:
                    number, amount = told
                    self._totals[place, number] = self._totals.get((place, number), Fraction(0)) + sign * amount
                    if (target := self._row_of.get((each.on, number))) is not None:
                        touched.append(target)
        return touched

    def _worth(self, book: Book, row: int, count: Counted) -> tuple[float, Fraction] | None:
        """The number of the record to which a record counts, and how much; None where it does not count."""
        values = book.values[row]
        number = float(values[count.link])
        if number != number or not holds(book.values, row, *count.where):
            return None
        if count.add < 0:
            return number, Fraction(1)
        added = float(values[count.add])
        return (number, Fraction(added)) if added == added else None

    def _tell(self, book: Book, row: int) -> list[int]:
        """The rows that mirror a record, if what they mirror changed."""
        kind = int(book.rows[row].kind)
        mirrored = self._mirrored.get(kind)
        if not mirrored:
            return []
        now = tuple(float(book.values[row, source]) for source, _, _ in mirrored)
        before = self._known.get(row)
        self._known[row] = now
        if before is not None and all(map(_same, before, now)):
            return []
        number = self._number(row)
        return [each for _, of, link in mirrored for each in self._naming.get((of, link, number), ())]

    def told_of(self, book: Book, kind: int, values: np.ndarray) -> None:
        """Write into the values of a record that is not there yet what would come to it over its links."""
        for mirror in self._mirrors.get(kind, ()):
            values[mirror.column] = self._over(book, mirror, float(values[mirror.link]))
        values[[each.column for each in self._counts if each.on == kind]] = 0.0


def _counted(policy: Policy, layout: Layout, kind: str, count, name: str) -> Counted:
    kinds, code = policy.record_kinds, layout.kinds.index
    of = kinds[count.of]
    where = compiled_condition(of, where_of(count, kinds), layout)
    add = -1 if count.sum is None else layout.place(of, count.sum)
    return Counted(code(kind), layout[kind, name], code(count.of), layout.place(of, count.by), where, add)


def _same(one: float, other: float) -> bool:
    return bool(one == other or (one != one and other != other))
