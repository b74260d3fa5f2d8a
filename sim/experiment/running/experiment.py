"""The main job: compare two policies on paired offices until the difference is known precisely enough."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from difflib import get_close_matches
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

import platformdirs

from policies.language.sections import Guardrail
from sim.experiment.problems import ExperimentError, Interrupted
from sim.experiment.running import executors
from sim.experiment.running.store import Pair, Store
from sim.experiment.running.subject import Subject
from sim.experiment.statistics.comparison import compare_metric
from sim.experiment.statistics.samples import Arm, stack
from sim.experiment.statistics.stopping import check_request, looks, reached, spans, target_half_width
from sim.experiment.verdict import assemble
from sim.experiment.verdict.guardrails import check_guardrails
from sim.experiment.verdict.verdict import Look, Settings, Stopped, Text, Verdict, number

if TYPE_CHECKING:
    from sim.office.pipeline import Pipeline


class Progress(NamedTuple):
    """How far a comparison is: told after every pair and after every look."""

    pairs: int  # finished
    planned: int  # pairs by the next look
    at_most: int  # pairs if the precision is never reached
    looks: tuple[Look, ...]


Told = Callable[[Progress], None]


class _Experiment:
    """One question on its way: pairs come in, looks are taken at fixed numbers of worlds."""

    def __init__(
        self,
        subject: Subject,
        settings: Settings,
        metric: str,
        guardrails: tuple[Guardrail, ...],
        store: Store,
        overturn: bool,
    ):
        self.subject, self.settings, self.metric, self.guardrails, self.store = subject, settings, metric, guardrails, store
        self.overturn = overturn
        self.pairs: dict[int, Pair] = {}
        self.looks: list[Look] = []

    def run(self, pool: Executor, cancel: Event, progress: Told) -> Stopped:
        """Run until a look says enough; Interrupted if cancelled or on Ctrl-C."""
        settings = self.settings
        replications = settings.replications_per_world
        counts = looks(settings.max_pairs // replications, settings.worlds)
        try:
            for worlds, indices in zip(counts, spans(counts, replications), strict=True):
                self._fill(pool, indices, counts[-1] * replications, cancel, progress)
                enough = self._look(worlds)
                progress(Progress(len(self.pairs), indices.stop, counts[-1] * replications, tuple(self.looks)))
                if enough and settings.worlds is None:
                    return "precision"
        except KeyboardInterrupt:
            raise self._interrupted() from None
        return "worlds" if counts[-1] == settings.worlds else "max-pairs"

    def _fill(self, pool: Executor, indices: range, at_most: int, cancel: Event, progress: Told) -> None:
        missing = []
        for index in indices:
            pair = self.store.load(index)
            if pair is None:
                missing.append(index)
            else:
                self.pairs[index] = pair
        for index, pair in executors.run(pool, self.subject.runner, missing, cancel.is_set):
            self.store.save(index, pair)
            self.pairs[index] = pair
            progress(Progress(len(self.pairs), indices.stop, at_most, tuple(self.looks)))
        if cancel.is_set():
            raise self._interrupted()

    def arms(self, worlds: int) -> tuple[Arm, Arm]:
        """Both arms of the first worlds."""
        replications = self.settings.replications_per_world
        first = [self.pairs[index] for index in range(worlds * replications)]
        return stack([pair[0] for pair in first], replications), stack([pair[1] for pair in first], replications)

    def _look(self, worlds: int) -> bool:
        settings, layout = self.settings, self.subject.layout
        comparison = compare_metric(layout, self.metric, *self.arms(worlds), settings.seed)
        difference = comparison.interval("difference", settings.confidence)
        baseline = comparison.interval("a", settings.confidence).value
        target = target_half_width(layout.metrics[self.metric], baseline, settings.precision)
        self.looks.append(Look(worlds=worlds, half_width=number(difference.half_width), target=number(target)))
        return reached(difference, target)

    def verdict(self, worlds: int, stopped: Stopped) -> Verdict:
        """The verdict on the first worlds."""
        return assemble.verdict(
            self.subject, self.settings, self.metric, self.guardrails, self.arms(worlds), self.looks, stopped, self.overturn
        )

    def _interrupted(self) -> Interrupted:
        replications = self.settings.replications_per_world
        whole = 0
        while all(whole * replications + place in self.pairs for place in range(replications)):
            whole += 1
        verdict = self.verdict(whole, "interrupted") if whole >= 2 else None
        return Interrupted(self.store.folder, len(self.pairs), verdict)


def check_metric(subject: Subject, metric: str) -> None:
    """ExperimentError, with the nearest name, where there is no such metric."""
    names = list(subject.layout.metrics)
    if metric not in names:
        near = get_close_matches(metric, names, n=1)
        en, zh = (f"; nearest is {near[0]}", f"；最接近的是 {near[0]}") if near else ("", "")
        raise ExperimentError(
            f"metric {metric!r} is unknown{en}; allowed are {', '.join(names)}",
            f"未知指标 {metric!r}{zh}；可用的有 {'、'.join(names)}",
        )


def _office_subject(*arguments) -> Subject:
    from sim.experiment.running.pairs import office_subject  # the office is heavy; a subject of one's own does not need it

    return office_subject(*arguments)


def _lines(policy, more: Iterable[Guardrail]) -> tuple[Guardrail, ...]:
    """A policy's guardrails and more of them, one a metric: the last one told."""
    own = () if policy is None else policy.guardrails
    return tuple({line.metric: line for line in (*own, *more)}.values())


@contextlib.contextmanager
def results_folder(resume):
    """The folder asked for, or one of our own that lasts only if the run does not come to its end."""
    if resume is not None:
        yield Path(resume)
        return
    place = Path(platformdirs.user_cache_dir("rehearse")) / "experiments"
    place.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=place))
    try:
        yield folder
    except Exception as problem:
        problem.add_note(f"What was finished is kept in {folder} / 已完成的结果保存在 {folder}")
        raise
    shutil.rmtree(folder, ignore_errors=True)


def compare(
    a,
    b,
    scenario,
    *,
    weeks: float = 26,
    metric: str = "gross_margin",
    precision: float = 0.01,
    confidence: float = 0.95,
    worlds: int | None = None,
    max_pairs: int = 600,
    replications_per_world: int = 4,
    seed: int = 1,
    guardrails: Iterable[Guardrail] = (),
    resume: str | Path | None = None,
    cluster: str | None = None,
    threads: int | None = None,
    progress: Told | None = None,
    cancel: Event | None = None,
    subject: Subject | None = None,
    pipeline: "Pipeline | None" = None,
    notes: Iterable[Text] = (),
    overturn: bool = True,
) -> Verdict:
    """Change from policy `a` to policy `b` on a simulated office, many times, and say what it does.

    weeks: length of the window, a whole number; a period of targets that runs on behind its end is cut there.
    metric: the primary metric; `precision` is the half-width of its difference to reach, as a share of its baseline (for
        rates in points); `worlds` fixes the number of worlds instead.
    guardrails: lines not to cross, besides those in `b`; a later one on the same metric replaces an earlier one.
    resume: results folder, new or of the same experiment; precision, metric, confidence and limits may have changed.
    cluster: address of a Dask scheduler; otherwise `threads` threads of this machine (one a core).
    progress, cancel: told after every pair; ends the run when set.
    subject: what to replicate instead of the office of `scenario`.
    pipeline, notes: a firm's own open deals with which both arms begin, and what is to be said of that with the verdict.
    overturn: whether to look for what would overturn the verdict; it takes some seconds and many worlds.

    Raises ExperimentError for a request that makes no sense or a folder that holds another experiment, and Interrupted, with
    the folder to go on from, on Ctrl-C or cancel.
    """
    check_request(precision, confidence, replications_per_world, max_pairs, worlds)
    if subject is None:
        subject = _office_subject(a, b, scenario, weeks, replications_per_world, seed, pipeline, tuple(notes))
    lines = _lines(b, guardrails)
    check_metric(subject, metric)
    check_guardrails(subject.layout, lines)
    settings = Settings(
        weeks=weeks,
        precision=precision,
        confidence=confidence,
        replications_per_world=replications_per_world,
        max_pairs=max_pairs,
        worlds=worlds,
        seed=seed,
    )
    with results_folder(resume) as folder:
        experiment = _Experiment(subject, settings, metric, lines, Store(folder, subject.identity), overturn)
        with executors.cluster(cluster) if cluster else executors.threads(threads) as pool:
            stopped = experiment.run(pool, cancel or Event(), progress or (lambda _: None))
        return experiment.verdict(experiment.looks[-1].worlds, stopped)
