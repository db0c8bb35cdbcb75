"""Find what desks noted of people's time by when it came, among all commands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_NOTED = sa.text("name = 'note_focus'")


def upgrade() -> None:
    op.create_index(
        "ix_command_focus", "command", ["feed_id", "hub_at"], sqlite_where=_NOTED, postgresql_where=_NOTED
    )
