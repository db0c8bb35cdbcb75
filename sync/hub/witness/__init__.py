"""Witnesses: signed heads, what desks saw of them, and anchors that leave the building."""
