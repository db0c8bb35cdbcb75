"""Alembic: how the hub's tables came to be. Expand, deploy, backfill, contract."""
