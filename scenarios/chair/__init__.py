"""The manager's chair: a quarter week by week (`quarter`), what can be decided (`decision`), what it was worth (`prices`)."""
