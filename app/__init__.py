"""Docket decides here: pure functions over frozen values, no Qt, no SQL, no HTTP, no clock."""
