"""What can go wrong with an experiment, said in both languages."""

from pathlib import Path


class ExperimentError(ValueError):
    """A request that cannot be carried out; `en` and `zh` say why."""

    def __init__(self, en: str, zh: str):
        super().__init__(en)
        self.en = en
        self.zh = zh


class Interrupted(Exception):  # noqa: N818 - it is no error: the user asked for it
    """The run was stopped; everything finished is in `folder`, from which the same question goes on.

    `verdict` covers the whole worlds that were finished in index order; None if fewer than two were.
    """

    def __init__(self, folder: Path, pairs: int, verdict):
        self.folder = folder
        self.pairs = pairs
        self.verdict = verdict
        self.en = f"Stopped after {pairs} pairs. They are kept; go on with --resume {folder}"
        self.zh = f"已在完成 {pairs} 对后停止，结果已保存；继续请用 --resume {folder}"
        super().__init__(self.en)
