"""The parts of the habit programme (E2)."""

PARTS = ("in_time", "filled", "together")
PART_COUNT = len(PARTS)
LEAST_PART_DAYS = 3
"""Days of the shortest part of a programme: so many in a row hold a business day in every ordinary week."""
