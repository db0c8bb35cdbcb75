"""The checker is quiet over a healthy hub and names each breach that is put into its database."""

from __future__ import annotations

import json

import pytest
from builders import NIGHT, line
from hub_world import HubWorld, bought

from app.boot.verify import main
from app.commands.hold import Hold
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.commands.sign_off import SignOff
from app.domain.order import Status
from app.domain.rules import Rules
from app.domain.values import Role
from sync.hub.verify import FINDINGS_LIMIT

BREACHES = [
    ("I1", "DELETE FROM command WHERE replica_id = 'file:TM1' AND n = 2"),
    ("I2", "UPDATE command SET status = 'refused' WHERE name = 'hold' AND status = 'applied'"),
    ("I2", "UPDATE command SET seq = seq + 1000 WHERE name = 'hold'"),
    ("I3", "DELETE FROM command WHERE replica_id = 'file:TM1' AND n = 1"),
    ("I3", "UPDATE replica SET last_n = last_n + 1 WHERE replica_id = 'file:TM1'"),
    ("I4", "UPDATE stock SET reserved = reserved + 1 WHERE sku = 'LN-220' AND warehouse = 'SZ'"),
    ("I4", "UPDATE reservation SET qty = qty + 1 WHERE state = 'open'"),
    ("I4", "DELETE FROM stock WHERE sku = 'LN-220'"),
    ("I5", "UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'CT-180'"),
    ("I5", "UPDATE reservation SET qty = qty + 1 WHERE state = 'shipped'"),
    ("I6", "UPDATE orders SET content_hash = 'x', approved_hash = 'x' WHERE id = 'signed'"),
    ("I6", "DELETE FROM signature WHERE order_id = 'signed'"),
    ("I7", "DELETE FROM effect WHERE order_id = 'shipped'"),
    ("I7", "DELETE FROM shipment WHERE order_id = 'shipped'"),
    ("I8", "DELETE FROM audit_block WHERE seq = 2"),
    ("I8", "UPDATE command SET user_code = 'nobody' WHERE name = 'hold'"),
    ("I8", "UPDATE command SET because = 'another reason' WHERE name = 'hold'"),
    ("I8", "UPDATE change SET row = replace(row, 'DK-short', 'DK-other') WHERE pk = 'short'"),
    ("I8", "UPDATE change SET scope = 'ref' WHERE pk = 'short' AND tbl = 'order'"),
    ("I8", "DELETE FROM change WHERE pk = 'short' AND tbl = 'order'"),
    ("I8", "UPDATE feed SET head = head + 1"),
    ("I8", "UPDATE audit_block SET seq = seq + 5 WHERE seq = (SELECT head FROM feed)"),
    ("I9", "UPDATE orders SET doc = replace(doc, 'DK-short', 'DK-other') WHERE id = 'short'"),
    ("I9", "UPDATE orders SET seq = seq - 1 WHERE id = 'short'"),
    ("I9", "UPDATE stock SET bin = 'Z9' WHERE sku = 'CT-180'"),
    ("I9", "UPDATE ref SET doc = replace(doc, '32000', '1') WHERE tbl = 'sku' AND pk = 'LN-220'"),
    ("I9", "UPDATE scope_sum SET sum64 = sum64 + 1 WHERE scope = 'ref'"),
    ("I9", "DELETE FROM event WHERE order_id = 'short'"),
    ("I9", "DELETE FROM ref WHERE tbl = 'sku_map'"),
    ("projection", "DELETE FROM snag WHERE subject_id = 'short'"),
    ("projection", "UPDATE hold SET state = 'closed' WHERE order_id = 'short' AND state <> 'closed'"),
    ("projection", "DELETE FROM wait WHERE order_id = 'short'"),
    ("projection", "DELETE FROM reservation WHERE owner = 'held'"),
    ("projection", "UPDATE orders SET warehouse = 'XX' WHERE id = 'held'"),
    ("projection", "UPDATE orders SET doc = '{}' WHERE id = 'held'"),
]


@pytest.fixture
def busy(make_hub) -> HubWorld:
    """A hub on which something of everything happened."""
    hub = make_hub(rules=Rules(review_above_minor=50_000, review_signatures=1))
    clerk, floor, reviewer = hub.desk(), hub.desk(Role.WAREHOUSE), hub.desk(Role.REVIEWER)
    hub.channel.must(
        bought("shipped"), bought("held"), bought("short", lines=(line(qty=99, unit_price_minor=320),))
    )
    floor.must(Pick(order="shipped", line="1"), Pack(order="shipped"))
    floor.must(Ship(order="shipped", carrier="SF", tracking_no="SF1"))
    clerk.must(Hold(order="held", reason="ask"))
    clerk.ask(Hold(order="nowhere", reason="ask"))
    hub.clock.now = NIGHT
    hub.channel.must(bought("signed", lines=(line(ext_sku="A-2", qty=3, unit_price_minor=19_900),)))
    reviewer.must(SignOff(order="signed", content_hash=hub.order("signed").content_hash))
    hub.sql(
        "INSERT INTO receipt (feed_id, replica_id, n, channel, shop, ext_id, version, content_hash,"
        " order_id, raw_id)"
        " SELECT feed_id, replica_id, n, 'TM', 'TM1', cmd_id, '1', args_hash, cmd_id, cmd_id"
        " FROM command WHERE replica_id = 'file:TM1'"
    )
    assert hub.order("signed").status is Status.RELEASED
    return hub


def test_a_healthy_hub_has_no_findings(busy: HubWorld):
    report = busy.verify()

    assert report.findings == ()
    assert report.ok
    assert (report.head, report.counts["orders"], report.counts["command"]) == (busy.head(), 4, 10)


@pytest.mark.parametrize(
    ("invariant", "breach"), BREACHES, ids=[f"{n}-{i}" for n, (i, _) in enumerate(BREACHES)]
)
def test_a_breach_is_found(busy: HubWorld, invariant: str, breach: str):
    busy.sql(breach)

    report = busy.verify()

    assert not report.ok
    assert invariant in {finding.invariant for finding in report.findings}


def test_a_rewritten_batch_is_found_though_its_rows_agree(busy: HubWorld):
    # The row, its image and its hash are changed together; only the chain after it tells.
    busy.sql("UPDATE audit_block SET root = prev_hash WHERE seq = 2")

    assert {f.invariant for f in busy.verify().findings} == {"I8"}


def test_one_kind_of_finding_does_not_bury_the_others(busy: HubWorld):
    busy.sql("UPDATE change SET scope = 'elsewhere'")
    busy.sql("UPDATE stock SET reserved = reserved + 1 WHERE sku = 'LN-220' AND warehouse = 'SZ'")

    found = [finding.invariant for finding in busy.verify().findings]

    assert "I4" in found
    assert all(found.count(invariant) <= 2 * FINDINGS_LIMIT for invariant in found)


def test_the_verb_exits_by_what_it_found(busy: HubWorld, database_url: str, capsys):
    assert main(["--database", database_url, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["name"], said["ok"], said["feeds"][0]["findings"]) == ("verify", True, [])

    busy.sql("UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'CT-180'")

    assert main(["--database", database_url, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["feeds"][0]["findings"]
    assert found[0]["invariant"] == "I5"
    assert main(["--database", database_url, "--lang", "en"]) == 1
    assert "I5 SZ/CT-180" in capsys.readouterr().out


def test_there_may_be_nothing_to_check(tmp_path, capsys):
    missing = tmp_path / "none.db"

    assert main(["--database", f"sqlite:///{missing}", "--json"]) == 2

    assert json.loads(capsys.readouterr().out)["ok"] is False
    assert not missing.exists()
