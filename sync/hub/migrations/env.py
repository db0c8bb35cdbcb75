"""Run the steps on the connection that `sync.hub.database.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from sync.import_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
)
context.run_migrations()
