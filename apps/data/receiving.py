"""Files on their way from a browser to a folder, piece by piece: none of them is ever whole in memory."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from threading import Lock

import panel_material_ui as pmui

from coach.mapping.archives import is_table
from coach.problems import CoachError

PIECE = 2_000_000
MOST_DROPPED = 200_000_000
"""Bytes of all files of one import as they are sent."""
_LONGEST_NAME = 120
_MB = 1_000_000


class Receiver:
    """Takes the messages of one field for files, in about the order in which they were sent.

    Parameters
    ----------
    folder: gives the folder; called when the first piece comes
    landed: called when all files of a drop are there
    """

    def __init__(self, folder: Callable[[], Path], landed: Callable[[], None]):
        self._folder, self._landed = folder, landed
        self._lock = Lock()
        self._missing: dict[str, set[int]] = {}
        self._refused: dict[str, CoachError] = {}
        self._some, self._sent = False, False

    def take(self, message: dict) -> None:
        """A piece of a file, or news of the whole.

        Raises CoachError for what cannot be taken: at once, and again when the rest is there, as each step takes back what was
        told before it.
        """
        status = message["status"]
        if status == "initializing":
            return
        if status == "error":  # the browser tells of nothing but a file that it could not read
            raise CoachError("The browser could not read the file. Choose it again.", "浏览器无法读取该文件，请重新选择。")
        with self._lock:
            if status == "upload_event":
                self._put(message)
            else:
                self._sent = True
            if not self._sent or any(self._missing.values()):
                return
            landed, refused = self._some, [*self._refused.values()]
            self._missing, self._refused, self._some, self._sent = {}, {}, False, False
        if landed:
            self._landed()
        if refused:
            raise CoachError(" ".join(each.en for each in refused), "".join(each.zh for each in refused))
        if not landed:
            raise CoachError("The file is empty. Choose one with rows.", "文件为空，请选择有数据的文件。")

    def _put(self, message: dict) -> None:
        sent, number, of = str(message["name"]), int(message["chunk"]), int(message["total_chunks"])
        if sent in self._refused:
            return
        name, folder = file_name(sent), self._folder()
        try:
            if not (is_table(name) or name.lower().endswith(".zip")):
                raise _no_table(name)
            taken = sum(each.stat().st_size for each in folder.iterdir())
            if max(taken, (of - 1) * PIECE) + len(message["data"]) > MOST_DROPPED:
                raise _too_large(name)
        except CoachError as refusal:
            self._refused[sent] = refusal
            self._missing.pop(sent, None)
            _part(folder, name).unlink(missing_ok=True)
            raise
        part = _part(folder, name)
        part.touch()
        with part.open("r+b") as file:
            file.seek((number - 1) * PIECE)
            file.write(bytes(message["data"]))
        missing = self._missing.setdefault(sent, set(range(1, of + 1)))
        missing.discard(number)
        if not missing:
            part.replace(folder / name)
            self._some = True


def _part(folder: Path, name: str) -> Path:
    return folder / f".{name}.part"


def file_name(sent: str) -> str:
    """A file's name as it may stand in a folder; what a browser says can be anything."""
    name = PurePosixPath(sent.replace("\\", "/")).name
    name = "".join(letter for letter in name if letter.isprintable()).lstrip(".")
    return name[-_LONGEST_NAME:] or "file"


def _no_table(name: str) -> CoachError:
    return CoachError(
        f"{name}: this is no table. Export it as CSV, Excel (.xlsx) or Parquet; a zip or gz of these will do.",
        f"{name}：不是数据表。请导出为 CSV、Excel（.xlsx）或 Parquet，也可用其 zip、gz 压缩文件。",
    )


def _too_large(name: str) -> CoachError:
    most = MOST_DROPPED // _MB
    return CoachError(
        f"{name}: more than {most} MB in all. Pack it as .gz or .zip, or import it in the terminal: rehearse import.",
        f"{name}：合计超过 {most} MB。请压缩为 .gz 或 .zip，或在终端导入：rehearse import。",
    )


def drop_field(label: str, folder: Callable[[], Path], landed: Callable[[], None]) -> pmui.FileInput:
    """A field to drop files on, or to choose them."""
    receiver = Receiver(folder, landed)
    field = pmui.FileInput(
        label=label, uploaded_label=label, multiple=True, chunk_size=PIECE, variant="outlined", css_classes=["drop"],
        sizing_mode="stretch_width",
        sx={"minHeight": "104px", "borderWidth": "2px", "borderStyle": "dashed", "fontSize": "15px"},
    )  # fmt: skip

    def handle(message: dict) -> None:
        receiver.take(message)
        if message["status"] == "finished":
            field._send_msg({"status": "finished"})

    # The field would keep whole files in memory, and the browser's part of it is known by the name of its class.
    field._handle_msg = handle  # type: ignore[method-assign, assignment]
    return field
