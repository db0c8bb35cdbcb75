"""One gate per file; the file name is its code."""
