"""Values over links in compiled code: what `links.Links` keeps up with a live book, for an office whose links never change.

A record is named by its row, and by a record that comes later; a link, once recorded, stays.
"""

from typing import NamedTuple

import numpy as np

from policies.engine.compile import OPERATION, RULE, compiled_condition
from policies.engine.conditions import holds
from policies.engine.layout import Layout, counted, over_links
from policies.jit.by_reference import by_reference
from policies.jit.compiled import compiled
from policies.language.kinds import where_of
from policies.language.policy import Policy
from policies.record.book import BookFull
from policies.record.records import SLOTS

MIRROR = np.dtype([("kind", "i8"), ("column", "i8"), ("link", "i8"), ("source", "i8")])
COUNTED = np.dtype([("on", "i8"), ("column", "i8"), ("of", "i8"), ("link", "i8"), ("add", "i8")])
EDGE = np.dtype([("row", "i8"), ("column", "i8"), ("next", "i8")])
"""That a row names another by the link in a column; edges of the row that is named are chained."""
PENDING, CHANGED = 1, 2


@by_reference
class Following(NamedTuple):
    """What comes over links under one policy."""

    mirrors: np.recarray  # MIRROR[]: fields of the record that a link names
    counts: np.recarray  # COUNTED[]: counts on a kind; `add` is -1 to count
    where: np.recarray  # RULE[number of counts]: their conditions
    ops: np.recarray  # OPERATION[]
    follows: np.ndarray  # u1[number of kinds]: 1 where a change of such a record may change another


def following(policy: Policy | None, layout: Layout | None) -> Following:
    """The tables for a policy; empty ones for None."""
    if policy is None or layout is None:
        return _tables([], [], [], [], np.zeros(len(SLOTS), np.uint8))
    kinds, code = policy.record_kinds, layout.kinds.index
    mirrors, follows = [], np.zeros(len(SLOTS), np.uint8)
    for kind, name in over_links(policy):
        if (kind, name) not in policy.played.fields:
            continue
        link, _, field = name.partition(".")
        to = next(each.to for each in kinds[kind].fields if each.name == link)
        source = layout.place(policy.kind(to), field)
        mirrors.append((code(kind), layout[kind, name], layout.place(kinds[kind], link), source))
        follows[[code(kind), code(to)]] = 1
    counts: list[tuple] = []
    where: list[np.record] = []
    ops: list[tuple] = []
    for kind, count, name in counted(policy):
        if (kind, name) not in policy.played.fields:
            continue
        of = kinds[count.of]
        row, program = compiled_condition(of, where_of(count, kinds), layout)
        shifted = row.copy()
        shifted["ops_from"] += len(ops)
        shifted["ops_to"] += len(ops)
        ops += program.tolist()
        where.append(shifted)
        add = -1 if count.sum is None else layout.place(of, count.sum)
        counts.append((code(kind), layout[kind, name], code(count.of), layout.place(of, count.by), add))
        follows[[code(kind), code(count.of)]] = 1
    return _tables(mirrors, counts, where, ops, follows)


def _tables(mirrors: list, counts: list, where: list, ops: list, follows: np.ndarray) -> Following:
    return Following(
        np.array(mirrors, MIRROR).view(np.recarray),
        np.array(counts, COUNTED).view(np.recarray),
        np.array([tuple(each) for each in where], RULE).view(np.recarray),
        np.array(ops, OPERATION).view(np.recarray),
        follows,
    )


@compiled
def name_by_link(edges, heads, number, row, column, target):
    """Remember under the next number of the edges that a row names another."""
    edge = edges[number]
    edge.row = row
    edge.column = column
    edge.next = heads[target]
    heads[target] = number


@compiled
def follow(book, tables, edges, heads, marks, queue, changed, first):
    """Bring what depends on a changed row up to date; returns how many rows got another value over links: `changed` lists
    them. `marks` is zero before and after; `queue` and `changed` have room for every row."""
    found, waiting = 0, 1
    queue[0] = first
    marks[first] |= PENDING
    while waiting > 0:
        waiting -= 1
        row = queue[waiting]
        marks[row] &= ~PENDING
        is_new = _take_over(book, tables, edges, heads, row)
        if is_new and marks[row] & CHANGED == 0:
            marks[row] |= CHANGED
            changed[found] = row
            found += 1
        if is_new or row == first:
            waiting = _push_all(book, tables, edges, heads, marks, queue, waiting, row)
    for place in range(found):
        marks[changed[place]] = 0
    return found


@compiled
def follow_all(book, tables, edges, heads, marks, queue, changed):
    """Work out what comes over links for every record."""
    for row in range(book.counts[0].rows):
        kind = book.rows[row].kind
        if kind >= 0 and tables.follows[kind] != 0:
            follow(book, tables, edges, heads, marks, queue, changed, row)


def forget(book, tables: Following) -> None:
    """Take away what came over links, before another policy's comes."""
    mirrors, counts = tables.mirrors, tables.counts
    kinds, columns = np.concatenate([mirrors.kind, counts.on]), np.concatenate([mirrors.column, counts.column])
    for kind, column in zip(kinds, columns, strict=True):
        book.values[book.rows.kind == kind, column] = np.nan


@compiled
def told_over_links(book, tables, row):
    """Write into a record that is not there yet, and that nothing names, what would come to it over its links."""
    for place in range(tables.mirrors.shape[0]):
        mirror = tables.mirrors[place]
        if mirror.kind == book.rows[row].kind:
            target = book.values[row, mirror.link]
            if target == target:
                book.values[row, mirror.column] = book.values[np.int64(target), mirror.source]
    for place in range(tables.counts.shape[0]):
        if tables.counts[place].on == book.rows[row].kind:
            book.values[row, tables.counts[place].column] = 0.0


@compiled
def _take_over(book, tables, edges, heads, row):
    """Write what comes to a row over links; whether anything changed."""
    values, kind, is_new = book.values, book.rows[row].kind, False
    for place in range(tables.mirrors.shape[0]):
        mirror = tables.mirrors[place]
        if mirror.kind == kind:
            target = values[row, mirror.link]
            value = np.nan if target != target else values[np.int64(target), mirror.source]
            if not _same(values[row, mirror.column], value):
                values[row, mirror.column] = value
                is_new = True
    for place in range(tables.counts.shape[0]):
        count = tables.counts[place]
        if count.on == kind:
            total = _total(book, tables, edges, heads, row, place)
            if not _same(values[row, count.column], total):
                values[row, count.column] = total
                is_new = True
    return is_new


@compiled
def _total(book, tables, edges, heads, row, place):
    count = tables.counts[place]
    total = 0.0
    number = heads[row]
    while number >= 0:
        edge = edges[number]
        number = edge.next
        named_by = edge.row
        if edge.column != count.link or book.rows[named_by].kind != count.of:
            continue
        if holds(book.values, named_by, tables.where[place], tables.ops):
            added = 1.0 if count.add < 0 else book.values[named_by, count.add]
            total += added if added == added else 0.0
    return total


@compiled
def _push_all(book, tables, edges, heads, marks, queue, waiting, row):
    """Put those on the queue that may depend on a row: those that name it, and those that it names."""
    number = heads[row]
    while number >= 0:
        waiting = _push(marks, queue, waiting, edges[number].row)
        number = edges[number].next
    kind = book.rows[row].kind
    for place in range(tables.counts.shape[0]):
        count = tables.counts[place]
        if count.of == kind and book.values[row, count.link] == book.values[row, count.link]:
            waiting = _push(marks, queue, waiting, np.int64(book.values[row, count.link]))
    return waiting


@compiled
def _push(marks, queue, waiting, row):
    if marks[row] & PENDING != 0:
        return waiting
    if waiting >= queue.shape[0]:
        raise BookFull
    marks[row] |= PENDING
    queue[waiting] = row
    return waiting + 1


@compiled
def _same(one, other):
    return one == other or (one != one and other != other)
