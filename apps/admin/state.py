"""The state of the service, and a backup that is made by one press and taken away."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi.responses import FileResponse
from markupsafe import Markup
from starlette.background import BackgroundTask

from apps.admin.desk import Desk
from coach.serving.worker import Worker
from coach.store.backups import COMMAND, backup, note_backup
from coach.store.condition import condition
from coach.store.store import audited

_LATE_MS = 60_000
"""From when on work that is due is late: the ticker looks around every second."""
_UNITS = ("B", "kB", "MB", "GB", "TB")


def draw(desk: Desk) -> Markup:
    """What a glance should tell: whether all is well, and where it is not."""
    health, found = desk.service.health(), condition(desk.store, desk.viewer, desk.now)
    due = health["next_due"]
    late = due is not None and due <= desk.now - _LATE_MS
    workers = [(desk.say(f"workers.{each.name}"), _state(each), each.problem) for each in desk.state.workers]
    well = not late and not health["messages_given_up"] and all(state == "works" for _, state, _ in workers)
    return desk.render(
        "state.html", health=health, found=found, workers=workers, late=late, due=due, well=well, size=_written(found.size),
        backup_size=_written(found.backup.bytes) if found.backup else "", by_command=COMMAND,
    )  # fmt: skip


def _state(worker: Worker) -> str:
    if not worker.alive:
        return "stands"
    return "works" if worker.problem is None else "fails"


def _written(size: float) -> str:
    """A size as people write it."""
    unit = 0
    while size >= 1000 and unit + 1 < len(_UNITS):
        size, unit = size / 1000, unit + 1
    return f"{size:.3g} {_UNITS[unit]}"


def backed_up(desk: Desk) -> FileResponse:
    """A fresh backup as a file to take away; nothing of it stays here."""
    place = desk.store.engine.url.render_as_string(hide_password=False)
    folder = Path(tempfile.mkdtemp(prefix="rehearse-"))
    try:
        file = backup(place, folder / "backup.db")
        size = file.stat().st_size
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    note_backup(place, desk.now, desk.viewer.name, size)
    with desk.store.write() as connection:
        audited(connection, desk.now, desk.viewer.name, "backup_made", "store", size=size)
    day = datetime.fromtimestamp(desk.now / 1000, ZoneInfo(desk.zone))
    return FileResponse(
        file, media_type="application/vnd.sqlite3", filename=f"rehearse-{day:%Y-%m-%d-%H%M}.db",
        headers={"cache-control": "no-store"}, background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )  # fmt: skip
