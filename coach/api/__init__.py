"""The coach's HTTP interface."""
