"""Figures on stages, shifts and people."""
