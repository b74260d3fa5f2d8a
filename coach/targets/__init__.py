"""The targets of a policy over a firm's own record: reckoned, proposed, put in force, signed and adjusted."""
