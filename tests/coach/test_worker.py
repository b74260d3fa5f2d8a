"""Work beside the server: nothing that comes in is missed, a failure is not the end, and it can be stopped."""

import threading

from coach.serving.worker import Worker

LONG, PATIENCE = 3600.0, 30.0


class Counting(Worker):
    """Counts how often it works; each time it waits for leave to end, and fails where it is told to."""

    def __init__(self, failing: int = -1):
        super().__init__("counting", 0.01)
        self.done, self.failing = [], failing
        self.begun, self.leave = threading.Semaphore(0), threading.Semaphore(0)

    def work(self) -> float:
        self.begun.release()
        assert self.leave.acquire(timeout=PATIENCE)
        self.done.append(self.woken)
        if len(self.done) == self.failing:
            raise ValueError("https://target/secret")
        return LONG


def test_what_comes_in_while_it_works_is_worked_off_right_after():
    worker = Counting()
    worker.start()
    assert worker.begun.acquire(timeout=PATIENCE)
    worker.wake()
    worker.leave.release()
    assert worker.begun.acquire(timeout=PATIENCE), "it sleeps for an hour otherwise"
    worker.leave.release()
    worker.stop()
    assert worker.done == [False, True]


def test_after_a_failure_it_tries_again_and_the_log_says_no_more_than_its_kind(caplog):
    worker = Counting(failing=1)
    worker.start()
    for _ in range(2):
        assert worker.begun.acquire(timeout=PATIENCE)
        worker.leave.release()
    worker.stop()
    assert len(worker.done) == 2
    assert (worker.alive, worker.problem) == (False, None)
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_whoever_looks_sees_that_it_is_there_and_what_its_last_failure_was():
    worker = Counting(failing=1)
    assert not worker.alive
    worker.start()
    assert worker.begun.acquire(timeout=PATIENCE)
    worker.leave.release()
    assert worker.begun.acquire(timeout=PATIENCE)
    assert (worker.alive, worker.problem) == (True, "ValueError")
    worker.leave.release()
    worker.stop()
