"""Events a second of the three programs of the plain queueing model."""

import tempfile
from pathlib import Path

from benchmarks.measure import Row, Words, interleaved, seconds
from benchmarks.plain_queue import c_model, compiled_model, simpy_model
from benchmarks.plain_queue.model import Parameters

NAMES = {
    "compiled": Words("plain queue, our calendar", "简单排队模型，本产品时钟"),
    "simpy": Words("plain queue, SimPy", "简单排队模型，SimPy"),
    "c": Words("plain queue, C", "简单排队模型，C"),
}
ROUNDS = 5
YEAR = Parameters()
QUARTER = Parameters(horizon_hours=520.0)  # SimPy takes as long for a quarter as C for ten years, and no longer per event
UNIT = "events/s"


def plain_queue(lang: str) -> list[Row]:
    """Our calendar against SimPy and C: the figures to reach are 50 and 0.5."""

    def compiled() -> float:
        return _rate(compiled_model.run, YEAR)

    def simpy() -> float:
        return _rate(simpy_model.run, QUARTER)

    compiled_model.run(Parameters(horizon_hours=1.0), 0)
    names = {key: getattr(words, lang) for key, words in NAMES.items()}
    with tempfile.TemporaryDirectory() as folder:
        if c_model.compiler() is None:
            ours, theirs = interleaved(ROUNDS, compiled, simpy)
            print("no C compiler (gcc) found: C left out" if lang == "en" else "未找到 C 编译器（gcc）,略去 C 对比")
            return [Row(names["compiled"], ours, UNIT, "SimPy (>= 50)", ours / theirs)]
        program = c_model.build(Path(folder))

        def c() -> float:
            report, elapsed = c_model.run(program, YEAR, 1)
            return report.events / elapsed

        ours, theirs, native = interleaved(ROUNDS, compiled, simpy, c)
    return [
        Row(names["compiled"], ours, UNIT, "SimPy (>= 50)", ours / theirs),
        Row(names["compiled"], ours, UNIT, "C (>= 0.5)", ours / native),
        Row(names["simpy"], theirs, UNIT, "SimPy", 1.0),
        Row(names["c"], native, UNIT, "SimPy", native / theirs),
    ]


def _rate(run, parameters: Parameters) -> float:
    reports = []
    elapsed = seconds(lambda: reports.append(run(parameters, 1)))
    return reports[0].events / elapsed
