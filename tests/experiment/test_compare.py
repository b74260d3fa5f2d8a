"""The way of a comparison: looks, stopping, resuming, workers, and what the verdict says."""

import json
import signal
from threading import Event

import pytest

from sim.experiment.problems import ExperimentError, Interrupted
from sim.experiment.running.experiment import compare
from sim.experiment.statistics.stopping import looks
from sim.experiment.verdict.verdict import Verdict
from tests.experiment.synthetic import SyntheticPairs, subject

QUICK = {"precision": 0.02, "threads": 2}


@pytest.fixture(autouse=True)
def ctrl_c_is_heeded():
    """A test run that was started in the background ignores Ctrl-C; here it must reach Python."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press_ctrl_c_at(pairs: int):
    """A listener that presses Ctrl-C when so many pairs are finished."""

    def listen(progress):
        if progress.pairs == pairs:
            signal.raise_signal(signal.SIGINT)

    return listen


def run(pairs=None, **options) -> Verdict:
    return compare(None, None, None, subject=subject(pairs or SyntheticPairs()), **{**QUICK, **options})


def test_looks_grow_by_a_quarter_from_thirty_worlds():
    assert looks(100) == (30, 38, 48, 60, 75, 94, 100)
    assert looks(10) == (10,)
    assert looks(100, 40) == (40,)


def test_it_stops_at_the_first_look_that_is_precise_enough():
    verdict = run(SyntheticPairs(noise=6.0), precision=0.009)
    assert verdict.stopped == "precision"
    assert all(look.half_width > look.target for look in verdict.looks[:-1])
    assert verdict.looks[-1].half_width <= verdict.looks[-1].target
    assert len(verdict.looks) > 1
    assert verdict.pairs == 4 * verdict.worlds == 4 * verdict.looks[-1].worlds


def test_precision_of_a_rate_is_in_points():
    verdict = run(metric="win_rate", precision=0.03)
    assert verdict.looks[-1].target == 0.03


def test_it_stops_at_the_most_pairs():
    verdict = run(precision=1e-6, max_pairs=160)
    assert (verdict.stopped, verdict.pairs) == ("max-pairs", 160)


def test_it_runs_a_fixed_number_of_worlds():
    verdict = run(worlds=12)
    assert (verdict.stopped, verdict.worlds) == ("worlds", 12)
    assert any("12" in note.en for note in verdict.notes)


def test_one_thread_or_four_give_the_identical_verdict():
    assert run(threads=1).to_json() == run(threads=4).to_json()


def test_a_resumed_run_gives_the_identical_verdict_and_runs_nothing_twice(tmp_path):
    whole = run().to_json()
    with pytest.raises(Interrupted) as stopped:
        run(SyntheticPairs(seconds=0.001), resume=tmp_path, progress=press_ctrl_c_at(50))
    assert stopped.value.folder == tmp_path
    kept = {int(path.stem.split("-")[1]) for path in tmp_path.glob("pair-*.npz")}
    pairs = SyntheticPairs()
    assert run(pairs, resume=tmp_path).to_json() == whole
    assert kept
    assert not kept & set(pairs.ran)


def test_an_interrupted_run_tells_of_the_whole_worlds_so_far(tmp_path):
    with pytest.raises(Interrupted) as stopped:
        run(SyntheticPairs(seconds=0.001), threads=1, resume=tmp_path, progress=press_ctrl_c_at(43))
    verdict = stopped.value.verdict
    assert (verdict.stopped, verdict.worlds, stopped.value.pairs) == ("interrupted", 10, 43)
    assert str(tmp_path) in stopped.value.en
    assert str(tmp_path) in stopped.value.zh


def test_a_cancel_event_stops_a_run(tmp_path):
    cancel = Event()

    def stop_after_twenty(progress):
        if progress.pairs == 20:
            cancel.set()

    with pytest.raises(Interrupted) as stopped:
        run(SyntheticPairs(seconds=0.001), resume=tmp_path, cancel=cancel, progress=stop_after_twenty)
    assert 20 <= stopped.value.pairs < 120
    assert len(list(tmp_path.glob("pair-*.npz"))) == stopped.value.pairs


def test_a_stricter_precision_goes_on_in_the_same_folder(tmp_path):
    run(SyntheticPairs(noise=6.0), precision=0.02, resume=tmp_path)
    pairs = SyntheticPairs(noise=6.0)
    verdict = run(pairs, precision=0.009, resume=tmp_path)
    assert verdict.to_json() == run(SyntheticPairs(noise=6.0), precision=0.009).to_json()
    assert min(pairs.ran) >= 120


def test_another_experiment_in_the_folder_is_an_error_that_names_the_difference(tmp_path):
    run(resume=tmp_path, worlds=2)
    with pytest.raises(ExperimentError, match="effect: 2.0 there, 3.0 asked") as problem:
        run(SyntheticPairs(effect=3.0), resume=tmp_path, worlds=2)
    assert "3.0" in problem.value.zh


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ExperimentError, match="holds no experiment"):
        run(resume=tmp_path)


def test_a_torn_result_is_run_again(tmp_path):
    whole = run(resume=tmp_path).to_json()
    torn = tmp_path / "pair-000005.npz"
    torn.write_bytes(torn.read_bytes()[:100])
    pairs = SyntheticPairs()
    assert run(pairs, resume=tmp_path).to_json() == whole
    assert pairs.ran == [5]


def test_a_failing_pair_ends_the_run_and_says_where_the_rest_is():
    class Failing(SyntheticPairs):
        def __call__(self, index):
            if index == 30:
                raise RuntimeError("no such rep")
            return super().__call__(index)

    with pytest.raises(RuntimeError, match="no such rep") as problem:
        run(Failing())
    assert "kept in" in problem.value.__notes__[0]


def test_progress_never_falls_and_ends_at_the_pairs_run():
    told = []
    verdict = run(SyntheticPairs(noise=6.0), precision=0.009, progress=told.append)
    counts = [progress.pairs for progress in told]
    assert counts == sorted(counts)
    assert told[-1].pairs == verdict.pairs
    assert all(progress.pairs <= progress.planned <= progress.at_most for progress in told)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"metric": "gros_margin"}, "nearest is gross_margin"),
        ({"precision": 0.0}, "precision"),
        ({"confidence": 1.0}, "confidence"),
        ({"replications_per_world": 1}, "replications"),
        ({"max_pairs": 7}, "at least 8"),
        ({"worlds": 1}, "worlds"),
    ],
)
def test_requests_that_make_no_sense_say_what_is_allowed(options, words):
    with pytest.raises(ExperimentError, match=words) as problem:
        run(**options)
    assert problem.value.zh


def test_a_policy_against_itself_on_the_same_draws_is_exactly_zero():
    verdict = run(SyntheticPairs(effect=0.0, noise=0.0))
    assert {effect.call for effect in verdict.metrics.values()} == {"identical"}
    assert all((effect.difference, effect.low, effect.high) == (0, 0, 0) for effect in verdict.metrics.values())
    assert "exactly" in verdict.sentence.en


def test_the_sentence_says_how_much_how_sure_for_whom_and_what_would_overturn_it():
    verdict = run(SyntheticPairs(effect=1.6, by_patience=0.4, noise=1.0, groups=(0.0, 0.0, -3.0)), worlds=60)
    effect = verdict.metrics["gross_margin"]
    assert effect.call == "better"
    assert f"{100 * effect.relative.value:.1f} %" in verdict.sentence.en
    assert "95 % confidence" in verdict.sentence.en
    assert "of plausible worlds" in verdict.sentence.en
    assert "worse for the third of reps that sold most" in verdict.sentence.en
    assert "customers' patience" in verdict.sentence.en
    for words in ("95%", "合理情形", "靠前三分之一", "客户耐心", "“制度a”胜出"):
        assert words in verdict.sentence.zh


def test_the_driver_is_named_with_its_turning_point_and_chance_is_not():
    verdict = run(SyntheticPairs(effect=1.0, by_patience=0.4, noise=1.0), worlds=60)
    (driver,) = verdict.drivers.named
    assert (driver.name, driver.overturned) == ("patience", "below")
    assert driver.turning_point == pytest.approx(13.0 - 1.0 / 0.4, abs=1.0)
    assert verdict.drivers.tested == 2


def test_without_a_link_no_driver_is_named():
    assert run(SyntheticPairs(noise=1.0), worlds=60).drivers.named == []


def test_money_a_month_is_net_of_hours():
    verdict = run(SyntheticPairs(noise=0.0, effect=2.0), worlds=30)
    money = verdict.costs.money_per_month
    months = 26 * 7 / (365.25 / 12)
    assert money.gross_margin.value == pytest.approx(2.0 / months)
    assert money.hours.value == pytest.approx(0.1 * 2.0 / months)
    assert money.net.value == pytest.approx(1.8 / months)
    assert verdict.costs.hours_per_month["recording"].difference == pytest.approx(2.0 / months)


def test_without_a_cost_of_an_hour_there_is_no_net():
    verdict = compare(None, None, None, subject=subject(SyntheticPairs(), hour_cost=None), **QUICK)
    assert verdict.costs.money_per_month is None


def test_the_json_has_the_promised_fields_and_reads_back():
    text = run().to_json()
    written = json.loads(text)
    assert {"policies", "scenario", "metric", "pairs", "worlds", "stopped"} <= set(written)
    assert {"metrics", "groups", "costs", "drivers", "guardrails", "sentence"} <= set(written)
    effect = written["metrics"]["gross_margin"]
    assert {"baseline", "difference", "low", "high", "relative", "better_share_of_worlds"} <= set(effect)
    assert {"low", "middle", "high", "hires", "units"} == set(written["groups"])
    assert set(written["sentence"]) == {"en", "zh"}
    assert Verdict.model_validate_json(text).to_json() == text


def test_attainment_without_a_target_is_null():
    assert run().attainment.a == [[0.5, None], [1.0, None]]
