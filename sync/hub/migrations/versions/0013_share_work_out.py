"""Know of each open exception whose it is and whether it may be handed to somebody, as its order says."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPEN = sa.text(
    "SELECT s.feed_id, s.id, s.kind, o.doc FROM snag s"
    " JOIN orders o ON o.feed_id = s.feed_id AND o.id = s.subject_id"
    " WHERE s.subject = 'order' AND s.state = 'open'"
)
_OWNED = sa.text(
    "UPDATE snag SET owner = :owner, claimed = :claimed, asleep = :asleep, why = :why"
    " WHERE feed_id = :feed_id AND id = :id"
)


def upgrade() -> None:
    for name in ("claimed", "asleep"):
        op.add_column("snag", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("snag", sa.Column("why", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_snag_feed_id_state_owner", "snag", ["feed_id", "state", "owner"])
    db = op.get_bind()
    for row in db.execute(_OPEN).all():
        snags: list[dict[str, Any]] = json.loads(row.doc).get("snags", [])
        said = next((one for one in snags if one["kind"] == row.kind), {})
        duty = {
            "owner": said.get("owner", ""),
            "claimed": said.get("claimed_at") is not None,
            "asleep": said.get("snooze") is not None,
            "why": (said.get("escalation") or {}).get("why", ""),
        }
        if any(duty.values()):
            db.execute(_OWNED, {**duty, "feed_id": row.feed_id, "id": row.id})
