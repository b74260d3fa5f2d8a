"""Full-text search over the answers in a store.

A question is a `request` with `custom.question`; its answer comes with the `answered` event as `custom.answer`, and enters the
base with `custom.knowledge` true. Whoever finds it there answers the own question with `custom.reused`, the id of that request.

SQLite's FTS5 ranks (BM25) over words and pairs of Chinese characters, in memory, whatever database the store lies in: Python
brings it along, a dictionary of Chinese words would have to be kept up with the firm's own, and PostgreSQL's own search knows
no Chinese.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import select

from coach.problems import CoachError
from coach.store import Store, Viewer, tables
from coach.store.viewer import seeing
from policies.scores.knowledge_reuse import query_of, tokens

QUESTION, ANSWER, KNOWLEDGE, REUSED = "custom.question", "custom.answer", "custom.knowledge", "custom.reused"
MOST = 20
_record = tables.record.c


class Article(NamedTuple):
    """A question with its answer; `id` is that of the request. Who asked is not told."""

    id: str
    question: str
    answer: str


def article_of(identifier: str, values: dict[str, Any]) -> Article | None:
    """What a request adds to the base, if it does."""
    question, answer = values.get(QUESTION), values.get(ANSWER)
    if values.get(KNOWLEDGE) and isinstance(question, str) and isinstance(answer, str):
        return Article(identifier, question, answer)
    return None


def articles(store: Store) -> list[Article]:
    """The whole base, in order of registration."""
    query = select(_record.id, _record["values"]).where(
        _record.kind == "request", _record["values"].contains(f'"{KNOWLEDGE}"')
    )
    with store.read() as connection:
        rows = connection.execute(query.order_by(_record.row)).all()
    told = (article_of(identifier, json.loads(values)) for identifier, values in rows)
    return [each for each in told if each is not None]


def search(store: Store, viewer: Viewer, text: str, most: int = MOST) -> list[Article]:
    """Articles that fit a question, the best first; CoachError for a text in which there is nothing to look for.

    The base is for everybody who may see any record.
    """
    words = list(query_of(text))
    if not words:
        raise CoachError("Write what you look for: a word or a question.", "请写出要找的内容：一个词或一个问题。")
    with store.read() as connection:
        if seeing(connection, viewer).sees_nothing:
            return []
    return found_in(articles(store), words, most)


def found_in(base: Iterable[Article], words: Iterable[str], most: int = MOST) -> list[Article]:
    """Articles with any of the words, the best first: words of the question count three times those of the answer."""
    told = list(base)
    index = sqlite3.connect(":memory:")
    try:
        index.execute("CREATE VIRTUAL TABLE article USING fts5(question, answer, tokenize='unicode61')")
        index.executemany(
            "INSERT INTO article (rowid, question, answer) VALUES (?, ?, ?)",
            ((place, " ".join(tokens(each.question)), " ".join(tokens(each.answer))) for place, each in enumerate(told)),
        )
        asked = " OR ".join(f'"{word}"' for word in words)
        query = "SELECT rowid FROM article WHERE article MATCH ? ORDER BY bm25(article, 3.0, 1.0), rowid LIMIT ?"
        return [told[place] for (place,) in index.execute(query, (asked, most))]
    finally:
        index.close()
