"""Notes of meetings, typed or dictated: what they say of budget, decision maker, competitor and next step, with the words."""
