"""A CRM that is asked over the network: what is new goes into a store, and what the coach finds goes back."""
