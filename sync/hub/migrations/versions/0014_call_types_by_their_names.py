"""Call exception types by their present names; documents keep the older ones and are read as the new ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NAMES = {
    "address_unparsed": "address_invalid",
    "buyer_note": "note_request",
    "effect_rejected": "writeback_failed",
    "late_order": "ship_overdue",
    "payment_problem": "payment_failed",
    "price_mismatch": "price_anomaly",
    "sku_unknown": "sku_unmapped",
}
_CALL = sa.text(
    "UPDATE snag SET kind = :now, id = subject_id || ':' || :now WHERE subject = 'order' AND kind = :was"
)


def upgrade() -> None:
    for was, now in _NAMES.items():
        op.execute(_CALL.bindparams(was=was, now=now))
