"""Which rows of a table speak of the same thing: learned from the table itself, without examples."""
