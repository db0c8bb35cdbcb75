"""The built-in course: one lesson a file; its name is its code."""
