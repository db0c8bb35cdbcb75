"""Docket decides here: pure functions over frozen values, no Qt, no SQL, no HTTP, no clock."""

__version__ = "0.1.0"
