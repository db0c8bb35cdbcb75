"""Sales channels as data: what a manifest says, and the interpreter that does it."""
