"""The plain queueing model, three times: idiomatic SimPy, our calendar and draws compiled, and C.

Fifty reps, each with a priority queue of their own; a lead passes five stages of short work with a long delay by the customer
in between, and leaves a queue in which it has waited too long. `model` holds the numbers that all three share.
"""
