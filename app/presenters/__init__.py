"""One screen per file: a frozen State and async verbs; no Qt."""
