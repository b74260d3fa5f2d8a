"""An event on its way into the store."""

from typing import NamedTuple

from coach.events import PostedEvent


class Prepared(NamedTuple):
    """An event that will be taken. `sequence` is given when it is written."""

    position: int
    event: PostedEvent
    row: int
    is_new: bool  # brings its record into the store
    recorded_at: int
