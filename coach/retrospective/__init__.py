"""Retrospectives (H4): causes of three kinds, evidence of three kinds, and improvements with a clock for departments."""
