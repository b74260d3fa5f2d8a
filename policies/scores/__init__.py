"""Scores: pure functions of what was recorded by an instant, one file each. They read records and decide nothing by themselves.

`catalogue` names them all, with the card that each says of itself (`about`). None is compiled, so that this folder takes no
part in the digest of compiled sources (`policies/jit/compiled.py`); what rules see of S1 and S4 is `policies/record/health.py`.
"""
