"""One sales channel per file or manifest."""
