"""One verb per file; the file name is its code."""
