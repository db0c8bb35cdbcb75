"""One screen per file; each draws the State of the presenter of the same name."""
