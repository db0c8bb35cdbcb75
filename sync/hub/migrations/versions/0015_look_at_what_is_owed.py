"""Look at every order on account once: from now on all of them take of their customer's credit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_LOOK = sa.text(
    "INSERT INTO recheck (feed_id, order_id, cause, not_before)"
    " SELECT feed_id, id, 'account', 0 FROM orders WHERE doc LIKE '%\"terms_days\":%'"
)


def upgrade() -> None:
    op.execute(_LOOK)
