"""Where the public data for calibration and import tests lie; it is not part of the project."""

import os
import sys
from pathlib import Path

from benchmarks.measure import ROOT, Row, Words


def data_folder() -> Path | None:
    """The folder that REHEARSE_DATA names, or shared/data beside the checkout or its parent; None when there is none."""
    named = os.environ.get("REHEARSE_DATA")
    places = [Path(named)] if named else [folder / "shared" / "data" for folder in (ROOT.parent, ROOT.parent.parent)]
    return next((place for place in places if place.is_dir()), None)


_ABSENT = Words(
    "left out: the public data are not there; set REHEARSE_DATA to their folder",
    "已跳过：缺少公开数据，请用 REHEARSE_DATA 指明其文件夹",
)


def told_absent(lang: str) -> list[Row]:
    """No figures, and a remark that says why."""
    print(getattr(_ABSENT, lang), file=sys.stderr, flush=True)
    return []
