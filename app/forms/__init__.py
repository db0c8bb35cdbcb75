"""One guide per file; the file name is its code."""
