"""A hub from before scopes: every row finds its scope, checksums agree, desks load everything again."""

from __future__ import annotations

import re
from collections.abc import Callable

from builders import line
from hub_world import FEED, HubWorld, bought

from app.commands.hold import Hold
from app.domain.company import GRANTS, User
from app.domain.scopes import holds, reach_of
from app.domain.values import Role
from sync import tables
from sync.hub.database import MIGRATIONS, open_database
from sync.hub.verify import verify

NEWER = ("api_key", "api_request", "news", "hook", "delivery")
CHANNELS = ("connection", "stream", "hook_delivery", "wanted", "listing", "manifest_version", "service")
SHARED = ("turn", "quota", "quota_place")
REVIEWS = ("verdict", "mistake", "handover", "signer", "presence", "learner", "own_address")
AS_BEFORE = (
    *(f"DROP TABLE {table}" for table in (*NEWER, *CHANNELS, *SHARED, *REVIEWS, "notice")),
    "DROP INDEX ix_command_guides",
    "DROP INDEX ix_command_focus",
    "DROP INDEX ix_snag_feed_id_state_owner",
    "ALTER TABLE snag DROP COLUMN claimed",
    "ALTER TABLE snag DROP COLUMN asleep",
    "ALTER TABLE snag DROP COLUMN why",
    *(f"ALTER TABLE stock DROP COLUMN {column}" for column in ("lotted", "held", "lots")),
    *(f"ALTER TABLE stock DROP COLUMN {column}" for column in ("awaited", "coming", "arrivals", "set_aside")),
    "DROP INDEX ix_change_feed_id_scope_seq",
    "ALTER TABLE command DROP COLUMN proof",
    "ALTER TABLE feed DROP COLUMN compacted",
    "ALTER TABLE audit_block DROP COLUMN changes_root",
    "UPDATE change SET scope = 'shop:TM1' WHERE tbl IN ('order', 'history')",
    "UPDATE change SET scope = 'ref' WHERE scope IN ('office', 'settings')",
    "DELETE FROM scope_sum WHERE scope <> 'ref'",
)


def before_scopes() -> str:
    """Name the revision of the schema that the scopes follow."""
    (path,) = (MIGRATIONS / "versions").glob("*_scopes.py")
    found = re.search(r'down_revision = "(\d+)"', path.read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def test_an_older_hub_is_written_under_its_scopes(make_hub: Callable[..., HubWorld], database_url: str):
    hub = make_hub()
    hub.channel.must(bought("o1"), bought("short", lines=(line(qty=99, unit_price_minor=320),)))
    hub.desk().ask(Hold(order="nowhere", reason="ask"))
    hub.desk(Role.LEAD).must(Hold(order="o1", reason="ask"))
    with hub.engine.begin() as db:
        for statement in AS_BEFORE:
            db.exec_driver_sql(statement)
        db.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{before_scopes()}'")

    engine = open_database(database_url)

    assert verify(engine, FEED).findings == ()
    engine.dispose()
    scopes = {row.pk: row.scope for row in hub.rows(tables.change) if row.tbl == "order"}
    assert scopes == {"o1": "shop:TM1/wh:SZ", "short": "shop:TM1"}
    (feed,) = hub.rows(tables.feed)
    assert feed.floor == feed.compacted == feed.head
    hub.restart()
    hub.desk(Role.LEAD, "again").must(Hold(order="short", reason="ask"))
    assert hub.verify().findings == ()


def test_a_company_of_before_works_for_everything(hub: HubWorld):
    """Nobody is set up anew: who has no shops and no warehouses of their own works for all of them."""
    old = User(code="lin", title="Lin", role=Role.LEAD)

    assert all(holds(reach_of(old, GRANTS[Role.LEAD]), row.scope) for row in hub.rows(tables.scope_sum))
