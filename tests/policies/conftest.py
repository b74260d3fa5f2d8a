"""How many cases are generated: a few hundred, the same every time, unless HYPOTHESIS_PROFILE=thorough asks for more."""

import os

from hypothesis import HealthCheck, settings

SLOW_BY_NATURE = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("unit", max_examples=300, deadline=None, derandomize=True, suppress_health_check=SLOW_BY_NATURE)
settings.register_profile("thorough", max_examples=20_000, deadline=None, suppress_health_check=SLOW_BY_NATURE, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "unit"))
