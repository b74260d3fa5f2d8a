"""The whole import of a real CRM export into a new SQLite store: 10 k deals, 42 k calls, 9 k contacts."""

import tempfile
import time
from pathlib import Path

from benchmarks.measure import Row, Words, seconds
from benchmarks.public_data import data_folder, told_absent
from coach.mapping.importing import import_folder, read_folder
from coach.mapping.loader import load_mapping
from coach.store import Store

SECONDS_TO_REACH = 30.0
NAMES = {
    "whole": Words("import of a school's CRM, files to store", "导入学校 CRM，从文件到存储"),
    "reading": Words("of which reading", "其中读取"),
}


def import_school(lang: str) -> list[Row]:
    """Wall seconds of the whole, and of reading alone, against the figure to reach."""
    folder = data_folder()
    if folder is None:
        return told_absent(lang)
    mapping = load_mapping("zoho-school")
    now = time.time_ns() // 1_000_000
    reading = seconds(lambda: read_folder(folder / "school_crm", mapping, now=now))
    with tempfile.TemporaryDirectory() as place:
        store = Store.open(Path(place) / "school.db")
        whole = seconds(lambda: import_folder(folder / "school_crm", mapping, store, now=now))
        store.close()
    against = f"{SECONDS_TO_REACH:g} s (<= 1)"
    return [
        Row(getattr(NAMES["whole"], lang), whole, "s", against, whole / SECONDS_TO_REACH),
        Row(getattr(NAMES["reading"], lang), reading, "s", against, reading / SECONDS_TO_REACH),
    ]
