"""Who gets a lead, live: given out by the policy's section on routing, by a manager's hand, or taken from the pool."""
