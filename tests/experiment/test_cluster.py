"""A Dask cluster by address: a real scheduler and two worker processes give the verdict of this machine's threads."""

import socket

import pytest

from sim.experiment.problems import ExperimentError
from sim.experiment.running.experiment import compare
from tests.experiment.synthetic import SyntheticPairs, subject

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def address():
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50) as cluster:
        yield cluster.scheduler_address


def test_a_cluster_gives_the_verdict_of_this_machine(address):
    question = {"precision": 0.02}
    here = compare(None, None, None, subject=subject(SyntheticPairs()), threads=1, **question)
    there = compare(None, None, None, subject=subject(SyntheticPairs()), cluster=address, **question)
    assert there.to_json() == here.to_json()


def test_nobody_at_the_address_is_said_plainly():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ExperimentError, match="no Dask scheduler answers"):
        compare(None, None, None, subject=subject(SyntheticPairs()), cluster=f"tcp://127.0.0.1:{port}")
