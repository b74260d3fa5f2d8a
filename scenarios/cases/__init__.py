"""Reported cases: what vendors say a rule did, put to the test on an office of that size and setting."""
