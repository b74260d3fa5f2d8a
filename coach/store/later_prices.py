"""What a new rate, or the firm's currency once it is said, does to amounts that came before it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection

from coach.store.appending import append
from coach.store.pricing import Summary, later_prices, summed_up, waiting
from coach.store.store import Store


class Priced(NamedTuple):
    """What a change came to (`done`), how many amounts got their price by it, and those that still have none."""

    done: Any
    priced: int
    unpriced: list[Summary]

    def document(self) -> dict:
        """The amounts as plain values."""
        return {"priced": self.priced, "unpriced": [each._asdict() for each in self.unpriced]}


def price(connection: Connection, received_at: int | None = None) -> tuple[int, list[Summary]]:
    """Give every amount its price that can have one by now; how many did, and those that still have none."""
    priced = append(connection, later_prices(connection, waiting(connection)), received_at).accepted
    return priced, summed_up(connection, waiting(connection))


def priced_after(store: Store, change: Callable[[Connection], Any], received_at: int | None = None) -> Priced:
    """Make a change and price what waited for it, in one transaction."""
    with store.write() as connection:
        done = change(connection)
        return Priced(done, *price(connection, received_at))
