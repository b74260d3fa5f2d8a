"""Validating a policy before it goes live: its rules over the store's own past, a rehearsal, and a decision with reasons.

`document`: the lines that it must not cross · `past`: the record as it was at each instant · `history`: what the rules would
have done · `first_day`: what activation sets off · `lines`: which lines held · `validate`: all parts, one after the other.
"""
