"""Which rows of a table deserve a second look: learned from rows whose end is known, said with reasons."""
