"""What all tests share."""

from hypothesis import settings

# A machine that is busy with other tests must not fail one for being slow: speeds are shown by benchmarks.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
