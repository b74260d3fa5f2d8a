"""All benchmarks: `rehearse bench [NAME...]`, or `python -m benchmarks.run [NAME...]` without its table.

Every figure is a median of interleaved runs and is told as a ratio, because seconds say more about the machine than about the
program.
"""

import json as json_library
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from benchmarks import due_rules, office
from benchmarks.documents import documents
from benchmarks.duplicates import find_duplicates
from benchmarks.first_paint import first_paint
from benchmarks.fitted_offices import fitted_offices
from benchmarks.forecasts import forecasts
from benchmarks.import_million import import_million
from benchmarks.import_school import import_school
from benchmarks.known_firms_foretold import known_firms
from benchmarks.lead_routing import lead_routing
from benchmarks.measure import Row
from benchmarks.office_forecasts import office_forecasts
from benchmarks.offices_like_mine import offices_like_mine
from benchmarks.open_sessions import open_sessions
from benchmarks.plain_queue.measure import plain_queue
from benchmarks.random_offices import random_offices
from benchmarks.win_fit import win_fit
from benchmarks.win_model import win_model

BENCHMARKS: Mapping[str, Callable[[str], Iterable[Row]]] = {
    "plain-queue": plain_queue,
    "clocks": office.clocks,
    "pairs": office.pairs,
    "start": office.start,
    "growth": office.growth,
    "win-model": win_model,
    "win-fit": win_fit,
    "forecasts": forecasts,
    "fitted-offices": fitted_offices,
    "office-forecasts": office_forecasts,
    "known-firms": known_firms,
    "import-school": import_school,
    "import-million": import_million,
    "duplicates": find_duplicates,
    "lead-routing": lead_routing,
    "due-rules": due_rules.due_rules,
    "today": due_rules.today,
    "documents": documents,
    "first-paint": first_paint,
    "open-sessions": open_sessions,
    "random-offices": random_offices,
    "offices-like-mine": offices_like_mine,
}


def main(names: Iterable[str] | None = None, json: str | Path | None = None, lang: str = "en") -> list[dict]:
    """Run the benchmarks of these names (all if None), print each figure as it is known, and write them to a file if asked.

    Returns a list of {name, value, unit, against, ratio}. ValueError for a name that is not in `BENCHMARKS`.
    """
    chosen = list(BENCHMARKS if names is None else names)
    for name in chosen:
        if name not in BENCHMARKS:
            raise ValueError(f"no benchmark {name!r}; there are {', '.join(BENCHMARKS)}")
    rows = []
    for name in chosen:
        for row in BENCHMARKS[name](lang):
            print(told(row), file=sys.stderr, flush=True)
            rows.append(row._asdict())
    if json is not None:
        Path(json).write_text(json_library.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return rows


def told(row: Row) -> str:
    """One line of text."""
    return f"{row.name}: {row.value:,.4g} {row.unit}, {row.ratio:.3g} x {row.against}"


if __name__ == "__main__":
    main(sys.argv[1:] or None)
