"""What may be asked of a run."""

MOST_WEEKS = 156
"""Longest window, in weeks: three years. The office's calendar and its weekly series are made for it."""
