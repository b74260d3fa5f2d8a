"""What documents load: our styles and scripts, htmx, Bokeh's own script; all from this server, kept by browsers for good."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from coach.problems import NotFound

_FOLDERS = {
    "": Path(__file__).parent / "assets",
    **{room: Path(__file__).parents[2] / room / "assets" for room in ("admin", "board", "record")},
}
_KINDS = {".css": "text/css", ".js": "text/javascript"}
_FOR_GOOD = "public, max-age=31536000, immutable"
router = APIRouter()


def address_of(name: str) -> str:
    """Where an asset is, such as "site.css" or "board/board.js"; another address as soon as its content is another."""
    return f"/assets/{_digest(name)}/{name}"


@router.get("/assets/{digest}/{name:path}", include_in_schema=False)
def asset(digest: str, name: str) -> Response:
    """One asset."""
    path = _file(name)
    if path is None or digest != _digest(name):
        raise NotFound("There is no such file.", "没有该文件。")
    return FileResponse(path, media_type=_KINDS[path.suffix], headers={"cache-control": _FOR_GOOD})


@cache
def _digest(name: str) -> str:
    path = _file(name)
    if path is None:
        raise KeyError(name)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _file(name: str) -> Path | None:
    """The file of an asset; None for what is none."""
    if name == "bokeh.min.js":
        return _bokeh()
    room, _, plain = name.rpartition("/")
    folder = _FOLDERS.get(room)
    return next((path for path in _listed(folder) if path.name == plain), None) if folder is not None else None


@cache
def _listed(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in folder.iterdir() if path.suffix in _KINDS)


def _bokeh() -> Path:
    import bokeh

    return Path(bokeh.__file__).parent / "server" / "static" / "js" / "bokeh.min.js"
