"""The plain queueing model in C, compiled with gcc -O2 when a compiler is there."""

import shutil
import subprocess
from pathlib import Path

from benchmarks.plain_queue.model import Parameters, Report

SOURCE = Path(__file__).with_name("plain_queue.c")


def compiler() -> str | None:
    """Path of gcc, or None."""
    return shutil.which("gcc")


def build(folder: Path) -> Path:
    """Compile the program into `folder`; RuntimeError if there is no compiler or it fails."""
    gcc = compiler()
    if gcc is None:
        raise RuntimeError("no C compiler (gcc) found")
    program = folder / "plain_queue"
    command = [gcc, "-O2", "-o", str(program), str(SOURCE), "-lm"]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if result.returncode:
        raise RuntimeError(result.stderr)
    return program


def run(program: Path, parameters: Parameters, seed: int) -> tuple[Report, float]:
    """Run to the horizon; also the seconds the run itself took, without the start of the process."""
    gap = parameters.hours_per_week / parameters.leads_per_week
    numbers = (
        seed,
        parameters.reps,
        parameters.stages,
        gap,
        parameters.work_hours,
        parameters.delay_hours,
        parameters.patience_hours,
        parameters.horizon_hours,
    )
    command = [str(program), *map(str, numbers)]
    answer = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout.split()
    events, arrived, won, departed = map(int, answer[:4])
    return Report(events, arrived, won, departed, float(answer[4])), float(answer[5])
