"""Weekly wins of three real histories, foretold again and again over eight weeks from what was known then.

The later half of the origins is told beside all of them; settings were chosen with both in sight. Each history ends where its
record is whole: before the export that closes much without a date (school), where applications end (loans), where
opportunities end (programme, an outsourced sales programme whose leads are recorded apart).
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from benchmarks.measure import Row, Words
from benchmarks.public_data import data_folder, told_absent
from benchmarks.win_model import loans, school
from coach.forecasting.backtest import Backtest, backtest
from coach.forecasting.forecasters import OWN
from coach.forecasting.known import History
from coach.winning.history import Entry, Record
from policies.time.calendar import Calendar

WEEKS, EVERY = 8, 2
ENDS = {"school": "2024-01-29", "loans": "2012-03-01", "programme": "2022-10-01"}
ZONES = {"school": "Europe/Berlin", "loans": "Europe/Amsterdam", "programme": "America/Denver"}
NAMES = {
    "school": Words("weekly wins foretold, school's CRM", "每周赢单预测，学校 CRM"),
    "loans": Words("weekly wins foretold, loan applications", "每周赢单预测，贷款申请"),
    "programme": Words("weekly wins foretold, sales programme", "每周赢单预测，外包销售项目"),
}
_LATER = Words("{name}, later half of the origins", "{name}，后一半起点")
_ERROR, _INSIDE = Words("CRPS", "CRPS"), Words("share within the 80 % interval", "落入 80% 区间的比例")
AT_MOST = 0.90
"""The error to reach, against the best naive method."""


def forecasts(lang: str) -> Iterator[Row] | list[Row]:
    """For each history: error against each naive method (at most 0.90 of the best), and coverage of the 80 % intervals."""
    folder = data_folder()
    return told_absent(lang) if folder is None else _rows(folder, lang)


def _rows(folder: Path, lang: str) -> Iterator[Row]:
    for name, records in histories(folder):
        end = end_of(name)
        found = backtest(history_of(name, records, end), end, WEEKS, EVERY)
        later = found._replace(origins=found.origins[len(found.origins) // 2 :])
        own_name = getattr(NAMES[name], lang)
        yield from _told(own_name, found, lang)
        yield from _told(getattr(_LATER, lang).format(name=own_name), later, lang)


def histories(folder: Path) -> Iterator[tuple[str, list[Record]]]:
    """The records of each history."""
    yield "school", school(folder)
    yield "loans", loans(folder)
    yield "programme", programme(folder)


def end_of(name: str) -> int:
    """The instant (ms) at which a history ends: the midnight at its place with which that day begins."""
    return int(pd.Timestamp(ENDS[name], tz=ZONES[name]).value // 1_000_000)


def history_of(name: str, records: list[Record], end: int) -> History:
    """What was recorded before an instant (ms), with the zone and the public holidays of the place."""
    return History(until(records, end), zone=ZONES[name], calendar=Calendar().in_zone(ZONES[name]))


def until(records: list[Record], end: int) -> list[Record]:
    """Records with what was recorded before an instant (ms)."""
    cut = [record._replace(entries=[each for each in record.entries if each.recorded_at < end]) for record in records]
    return [record for record in cut if record.entries]


def _told(name: str, found: Backtest, lang: str) -> Iterator[Row]:
    own = found.measures(OWN.name)
    if own is None:
        return
    for other, error in sorted(found.naive.items(), key=lambda each: each[1]):
        against = f"{other} {error:.3f} ({len(found.origins)}; <= {AT_MOST})"
        yield Row(name, own.crps, getattr(_ERROR, lang), against, own.crps / error)
    yield Row(name, own.coverage[80], getattr(_INSIDE, lang), f"0.8 ({own.weeks})", own.coverage[80] / 0.8)


def programme(folder: Path) -> list[Record]:
    """Opportunities with the days of their opening and of the decision, and the leads that they came from."""
    place = folder / "marketstar_sdr"
    deals, leads = (pd.read_csv(place / f"{name}.csv.gz") for name in ("Opportunities", "Leads"))
    opened, decided, came = map(_days, (deals["CreatedDate"], deals["AcceptedDecisionDate"], leads["CreatedDate"]))
    records = []
    told = zip(opened, decided, deals["IsAccepted"], deals["Amount"], deals["OwnerEmployeeId"], strict=True)
    for row, (begin, end, won, amount, owner) in enumerate(told):
        first = _entry(f"opened {row}", "registered", begin, amount=float(amount), owner=str(owner), stage=1.0)
        records.append(Record(row, "opportunity", str(row), [first, _entry(f"decided {row}", "won" if won else "lost", end)]))
    begun = dict(zip(deals["OpportunityId"], opened, strict=True))
    for row, (at, opportunity) in enumerate(zip(came, leads["ConvertedOpportunityId"], strict=True), len(records)):
        entries = [_entry(f"came {row}", "registered", at)]
        if opportunity in begun:
            entries.append(_entry(f"converted {row}", "converted", max(at, begun[opportunity])))
        records.append(Record(row, "lead", str(row), entries))
    return records


def _days(column: pd.Series) -> list[int]:
    """Days of the programme's own calendar, as instants (ms)."""
    days = pd.to_datetime(column.astype(str), format="mixed").dt.tz_localize(ZONES["programme"])
    return days.dt.tz_convert("UTC").dt.tz_localize(None).astype("datetime64[ms]").astype("int64").tolist()


def _entry(key: str, event: str, at: int, **payload) -> Entry:
    return Entry(("programme", key), event, at, at, None, payload, None)
