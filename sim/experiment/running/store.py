"""Results on disk, one file a pair, so that an interrupted run goes on where it stopped.

A folder holds `manifest.json` (what was run) and `pair-000012.npz` for pair 12. A file appears whole or not at all: it is
written beside its place and moved there. A file that cannot be read counts as not there.
"""

import contextlib
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sim.experiment.problems import ExperimentError
from sim.experiment.statistics.samples import ArmOutcome

MANIFEST = "manifest.json"
Pair = tuple[ArmOutcome, ArmOutcome]


class Store:
    """The results folder of one experiment."""

    def __init__(self, folder: Path, manifest: Mapping):
        """Open the folder, or start it; ExperimentError if it holds another experiment."""
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / MANIFEST
        wanted = json.loads(json.dumps(manifest))
        if path.exists():
            _must_agree(self.folder, json.loads(path.read_text(encoding="utf-8")), wanted)
        elif any(self.folder.iterdir()):
            raise ExperimentError(
                f"{self.folder} is not empty and holds no experiment", f"{self.folder} 不是空文件夹，也不是实验结果文件夹"
            )
        else:
            _write(path, json.dumps(wanted, indent=2, ensure_ascii=False).encode("utf-8"))

    def _path(self, index: int) -> Path:
        return self.folder / f"pair-{index:06d}.npz"

    def save(self, index: int, pair: Pair) -> None:
        """Keep the outcomes of a pair."""
        arrays = {f"{arm}_{name}": array for arm, one in zip("ab", pair, strict=True) for name, array in one._asdict().items()}
        path = self._path(index)
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            np.savez(file, **arrays)
        os.replace(partial, path)

    def load(self, index: int) -> Pair | None:
        """The outcomes of a pair, or None if they are not there."""
        try:
            with np.load(self._path(index), allow_pickle=False) as arrays:
                a, b = (ArmOutcome(*(arrays[f"{arm}_{name}"] for name in ArmOutcome._fields)) for arm in "ab")
                return a, b
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            with contextlib.suppress(OSError):
                self._path(index).unlink()
            return None


def _write(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    os.replace(partial, path)


def _must_agree(folder: Path, found: Mapping, wanted: Mapping) -> None:
    names = [name for name in {**found, **wanted} if found.get(name) != wanted.get(name)]
    if names:
        en = "; ".join(f"{name}: {found.get(name)} there, {wanted.get(name)} asked" for name in names)
        zh = "；".join(f"{name}：已有 {found.get(name)}，要求 {wanted.get(name)}" for name in names)
        raise ExperimentError(f"{folder} holds another experiment ({en})", f"{folder} 中是另一个实验（{zh}）")
