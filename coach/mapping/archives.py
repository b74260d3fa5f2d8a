"""Where an export lies: a folder, a file, an archive or a database."""

import gzip
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from coach.mapping.databases import fetched, is_url, name_of
from coach.mapping.files import EXCEL, GZIP, MOST_BYTES, PARQUET, MappingError

_NUMBERS = re.compile(r"[-_ (]*\d+[-_ )]*(?=\d|$)|\d+")
TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
_PIECE = 1_000_000


@contextmanager
def unpacked(source: str | Path) -> Iterator[Path]:
    """The folder or file of an export; what is in a zip archive or a database is put into a folder that is gone afterwards."""
    if is_url(source):
        with fetched(str(source)) as folder:
            yield folder
        return
    source = Path(source).expanduser()
    if source.suffix.lower() != ".zip" or not source.is_file():
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="rehearse-") as folder:
        _unpack(source, Path(folder))
        yield Path(folder)


def source_name(source: str | Path) -> str:
    """What an export is called, without numbers: the next one has another date in its name, and is of the same system."""
    if is_url(source):
        return name_of(source)
    return _NUMBERS.sub("", Path(source).resolve().name.split(".")[0]).strip("-_ ()") or "crm"


def unpack_within(folder: Path, most: int) -> None:
    """Put what the zip archives of a folder hold beside them, and take the archives away. Raises MappingError, also where all
    tables together have more than `most` bytes when they are unpacked."""
    for archive in sorted(each for each in folder.iterdir() if each.suffix.lower() == ".zip"):
        _check_size(archive.name, _unpacked_bytes(archive, most), most)
        _unpack(archive, folder)
        archive.unlink()
    files = [each for each in sorted(folder.iterdir()) if is_table(each.name)]
    _check_size(", ".join(each.name for each in files), sum(_unpacked_bytes(each, most) for each in files), most)


def _check_size(names: str, size: int, most: int) -> None:
    if size > most:
        raise MappingError(
            f"{names}: more than {most // 1_000_000} MB when unpacked. Import fewer years at a time, or in the terminal: "
            "rehearse import.",
            f"{names}：解压后超过 {most // 1_000_000} MB。请分批导入，或在终端导入：rehearse import。",
        )


def _unpacked_bytes(file: Path, most: int) -> int:
    """How large a file is when it is unpacked, as far as `most`; as it lies there where it cannot be unpacked."""
    try:
        with file.open("rb") as stream:
            packed_by_gzip = stream.read(2) == GZIP
        if packed_by_gzip:
            size = 0
            with gzip.open(file) as stream:
                while size <= most and (piece := stream.read(_PIECE)):
                    size += len(piece)
            return size
        if file.suffix.lower() in (".zip", *EXCEL):
            with zipfile.ZipFile(file) as packed:
                return sum(each.file_size for each in packed.infolist())
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
        pass  # whoever reads it tells what is wrong with it
    return file.stat().st_size


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as packed:
            members = [each for each in packed.infolist() if not each.is_dir() and is_table(each.filename)]
            if sum(each.file_size for each in members) > MOST_BYTES:
                raise MappingError(f"{archive.name}: holds more than 2 GB.", f"{archive.name}：内容超过 2 GB。")
            for each in members:
                name = PurePosixPath(each.filename.replace("\\", "/")).name
                with packed.open(each) as stream, (folder / name).open("wb") as file:
                    shutil.copyfileobj(stream, file)
    except (zipfile.BadZipFile, RuntimeError, OSError) as error:
        raise MappingError(
            f"{archive.name}: this archive cannot be read ({error}). Unpack it, and give the folder.",
            f"{archive.name}：无法读取该压缩包（{error}）。请解压后给出文件夹。",
        ) from None


def is_table(name: str) -> bool:
    """Whether a file of that name can hold a table; what editors and systems put beside is none."""
    base = PurePosixPath(name.replace("\\", "/")).name.lower()
    return not base.startswith(("~$", ".", "__")) and base.endswith((*TEXT, *EXCEL, PARQUET))
