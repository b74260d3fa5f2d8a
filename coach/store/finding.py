"""Finding records by words that stand in them: what they are called, whom they are with, their numbers."""

import json
import re
from collections.abc import Iterable
from itertools import islice

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, true

from coach.store import tables
from coach.store.store import Store
from coach.store.titles import titles
from coach.store.viewer import Viewer, may_see

MOST = 50
LEAST = 2
"""Characters below which nothing is looked for."""
_MOST_LOOKED_AT = 5_000
"""Records in which the words stand somewhere, of which so many are looked at."""
_PLAIN = re.compile("[\x00-\x7f\u2e80-\u9fff\uac00-\ud7af]+")
"""Parts of a word whose small and large letters every database knows: Latin ones without accents, and those without case."""
_record = tables.record.c


def find_records(store: Store, viewer: Viewer, text: str) -> list[dict]:
    """Records that the viewer may see in whose texts every word of `text` stands, open ones and the latest first; at most MOST.

    Each has `kind`, `id`, `unit`, `status`, `updated_at` (ms) and its `title` in "en" and "zh". Names of fields are no texts.
    """
    words = [word.casefold() for word in text.split()]
    if sum(map(len, words)) < LEAST:
        return []
    somewhere = and_(true(), *(_holds(part) for word in words for part in _PLAIN.findall(word)))
    query = (
        select(_record.row, _record.kind, _record.id, _record.unit, _record.status, _record.updated_at, _record["values"])
        .where(may_see(viewer, _record.unit), somewhere)
        .order_by(case((_record.status == "open", 0), else_=1), _record.updated_at.desc(), _record.row)
        .limit(_MOST_LOOKED_AT)
    )
    with store.read() as connection:
        found = list(islice((row for row in connection.execute(query) if _stands_in(row, words)), MOST))
        called = titles(connection, [row.row for row in found])
    return [
        {name: getattr(row, name) for name in ("kind", "id", "unit", "status", "updated_at")} | {"title": called[row.row]}
        for row in found
    ]


def _holds(part: str) -> ColumnElement[bool]:
    written = json.dumps(part, ensure_ascii=False)[1:-1]
    return or_(*(func.lower(column).contains(written, autoescape=True) for column in (_record.id, _record["values"])))


def _stands_in(row: Row, words: Iterable[str]) -> bool:
    values = json.loads(row[-1]).values()
    texts = [row.id.casefold(), *(value.casefold() for value in values if isinstance(value, str))]
    return all(any(word in text for text in texts) for word in words)
