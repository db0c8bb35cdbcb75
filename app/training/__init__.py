"""Lessons, sandbox, coach, score."""
