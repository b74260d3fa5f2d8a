"""Who fires the rules in the examples of the semantics, and how many cases are generated.

A hundred cases a test, the same every time, unless HYPOTHESIS_PROFILE=thorough asks for many more.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

SLOW_BY_NATURE = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("unit", max_examples=100, deadline=None, derandomize=True, suppress_health_check=SLOW_BY_NATURE)
settings.register_profile("thorough", max_examples=20_000, deadline=None, suppress_health_check=SLOW_BY_NATURE, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "unit"))


@pytest.fixture(params=["oracle", "evaluator"])
def run(request):
    """Work a journal off up to a wall clock such as `2026-01-05 09:00`; returns the firings as lines."""
    from tests.policies import journals  # only here: most tests in this folder need no compiled code

    engine = {"oracle": journals.by_the_oracle, "evaluator": journals.by_the_evaluator}[request.param]

    def lines(policy, journal, until: str, *, heads: bool = False, **options) -> list[str]:
        return journals.shown(engine(policy, journal, journals.at(until), **options), heads=heads)

    return lines
