"""Where dropped files lie until they are imported, and where the mapping is kept: beside the store."""

import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

import platformdirs

from coach.guessing.kept import place_beside
from coach.store import Store

KEPT_SECONDS = 7 * 86_400
"""Files that nobody imported are taken away after that time."""


def private_folder(store: Store) -> Path:
    """The folder of all dropped files, which only the server's own user may enter."""
    place = _file(store)
    own = Path(platformdirs.user_data_dir("rehearse")) / "imports" if place is None else place.with_suffix(".imports")
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    return own


def new_folder(store: Store) -> Path:
    """An empty folder for one import."""
    own = private_folder(store) / secrets.token_hex(8)
    own.mkdir(mode=0o700)
    return own


def clear(folder: Path) -> None:
    """Take away the files of one import."""
    shutil.rmtree(folder, ignore_errors=True)


def clear_old(store: Store) -> None:
    """Take away what lies there for too long."""
    for each in private_folder(store).iterdir():
        with suppress(OSError):  # somebody else may be taking it away
            if each.stat().st_mtime < time.time() - KEPT_SECONDS:
                clear(each)


def kept_mapping(store: Store) -> Path:
    """The mapping that is kept of this store's exports; it may not be there yet."""
    place = _file(store)
    beside = None if place is None else place_beside(place)
    return private_folder(store) / "kept.mapping.yaml" if beside is None else beside


def _file(store: Store) -> Path | None:
    url = store.engine.url
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
