"""What visitors have begun on a page and not recorded yet: a search, a note that was read; kept in memory for a while.

Nothing depends on it: a page whose draft is gone, after a restart say, begins that anew.
"""

import hashlib
from collections import OrderedDict
from threading import Lock

from apps.board.page import Board
from apps.pages.documents.entry import Visit

MOST = 500
"""Boards that are kept, those used last."""
_Key = tuple[str, str]


class Drafts:
    """Boards by session and page."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Board] = OrderedDict()
        self._lock = Lock()

    def find(self, visit: Visit, page: str) -> Board | None:
        """The board as this page left it; None where nothing was begun, or with other rights."""
        with self._lock:
            board = self._kept.get(_key(visit, page))
            return board if board is not None and board.viewer == visit.viewer else None

    def keep(self, visit: Visit, page: str, board: Board) -> None:
        """Keep what was begun on a page."""
        if not page:
            return
        with self._lock:
            self._kept[_key(visit, page)] = board
            self._kept.move_to_end(_key(visit, page))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)


def _key(visit: Visit, page: str) -> _Key:
    return hashlib.sha256(visit.secret.encode()).hexdigest(), page
