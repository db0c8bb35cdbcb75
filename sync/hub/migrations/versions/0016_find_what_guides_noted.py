"""Find what was noted of guides by its time, among all commands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NOTED = sa.text("name = 'note_guide'")


def upgrade() -> None:
    op.create_index(
        "ix_command_guides", "command", ["feed_id", "hub_at"], sqlite_where=_NOTED, postgresql_where=_NOTED
    )
