"""One exception type per file; the file name is its code."""
