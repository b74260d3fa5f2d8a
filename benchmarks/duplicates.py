"""How long it takes to find a customer among fifty thousand, and how often the likely same one is found."""

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.invented_firms import Writing, firms, registered, written
from benchmarks.measure import Row, Words, seconds
from coach.customers.comparing import LIKELY
from coach.customers.register import Register
from coach.customers.searching import search
from coach.events import PostedEvent
from coach.store import SYSTEM, Store

FIRMS, SEARCHES, SEED = 50_000, 300, 5
MS_TO_REACH = 200.0
_BEGAN = 1_700_000_000_000
_TAKEN = Words("{firms:,} customers: the register is made", "{firms:,} 个客户：建立索引")
_TYPICAL = Words("a search among {firms:,} customers, median", "在 {firms:,} 个客户中查找，中位数")
_SLOWEST = Words("a search among {firms:,} customers, slowest of {searches}", "在 {firms:,} 个客户中查找，{searches} 次中最慢")
_FOUND = Words("searches that name the firm as likely", "查找结果认定为“很可能相同”的比例")
_SHOWN = Words("searches that show the firm at all", "查找结果中列出该客户的比例")
_OF_ALL = Words("all", "全部")


def find_duplicates(lang: str, number: int = FIRMS) -> Iterator[Row]:
    """Register a store of invented firms, and search it for what people write of some of them."""
    drawn = firms(SEED, number)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Store.open(Path(folder) / "store.db")
        store.append([_event(firm.number, registered(firm)) for firm in drawn])
        register = Register()
        with store.read() as connection:
            taken = seconds(lambda: register.up_to_date(connection))
        yield Row(getattr(_TAKEN, lang).format(firms=number), taken, "s", "30 s", taken / 30.0)
        rng = random.Random(SEED)
        times, likely, shown = [], 0, 0
        for firm in rng.sample(drawn, min(SEARCHES, number)):
            wanted = written(firm, rng).description()
            start = time.perf_counter()
            found = search(store, register, SYSTEM, wanted)
            times.append(1000.0 * (time.perf_counter() - start))
            own = [each for each in found if str(firm.number) in {record.id for record in each.records}]
            shown += bool(own)
            likely += any(each.likeness.share >= LIKELY for each in own)
        store.close()
    times.sort()
    for name, value in ((_TYPICAL, times[len(times) // 2]), (_SLOWEST, times[-1])):
        named = getattr(name, lang).format(firms=number, searches=len(times))
        yield Row(named, value, "ms", f"{MS_TO_REACH:g} ms", value / MS_TO_REACH)
    for name, count in ((_FOUND, likely), (_SHOWN, shown)):
        share = count / len(times)
        yield Row(getattr(name, lang), share, "", getattr(_OF_ALL, lang), share)


def _event(number: int, told: Writing) -> PostedEvent:
    payload: dict[str, float | str | bool | None] = {
        "name": told.name,
        "tax_number": told.tax_number or None,
        "phone": told.phone,
    }
    if told.address:
        payload["custom.email"] = told.address
    return PostedEvent(
        source="bench", key=str(number), event="registered", kind="customer", record=str(number), unit="rep", acted_at=_BEGAN,
        payload=payload,
    )  # fmt: skip
