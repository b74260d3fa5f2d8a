"""Scores: pure functions of what was recorded by an instant, one file each. They read records and decide nothing by themselves.

S1 `opportunity_health`, S3 `journey_completeness`, S4 `customer_health`, S5 `selling_energy`, S11 `funnel`. None is
compiled, so that this folder takes no part in the digest of compiled sources (`policies/compiled.py`).
"""
