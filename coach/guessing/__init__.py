"""What the tables of an export mean, guessed from their headings and values; every doubt is a question."""
