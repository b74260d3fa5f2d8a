"""Role-play drills: a document (`document`), its play (`play`), its rubric (`score`) and the debrief (`debrief`)."""
