"""The checker is quiet over a healthy hub and names each breach that is put into its database."""

from __future__ import annotations

import json
import re

import pytest
from builders import NIGHT, NOW, line
from hub_world import FEED, SEAL, HubWorld, bought

import resources
from app.boot.verify import main, tell_findings
from app.commands.hold import Hold
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.set_grants import SetGrants
from app.commands.ship import Ship
from app.commands.sign_off import SignOff
from app.domain.company import Grants
from app.domain.order import Status
from app.domain.rules import Rules
from app.domain.values import Role
from sync import tables
from sync.chain import Evidence, Seen
from sync.hub.database import writing
from sync.hub.finding import Finding
from sync.hub.keeping.restore import begin_life
from sync.hub.promises import PROMISES
from sync.hub.verify import FINDINGS_LIMIT
from sync.hub.witness.anchors import sign_anchor
from sync.hub.witness.heads import Signer
from sync.hub.witness.witnesses import hear

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
    ("I10", "UPDATE witness SET doc = replace(doc, '\"last_n\":1,', '\"last_n\":9,')"),
    ("I10", "UPDATE witness SET doc = replace(doc, '\"cursor\":', '\"cursor\":99')"),
    ("I13", "UPDATE witness SET doc = replace(doc, '\"pruned_seq\":0', '\"pruned_seq\":3')"),
    ("I13", "UPDATE feed SET protected_seq = head + 1"),
    ("I14", "UPDATE witness SET doc = replace(doc, '\"accepted_n\":1', '\"accepted_n\":4')"),
    ("grants", "UPDATE user_grant SET allowed = NOT allowed WHERE code = 'hold'"),
    ("grants", "DELETE FROM user_grant WHERE code = 'hold'"),
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
    hub.desk(Role.ADMIN).must(SetGrants(grants=Grants(user="clerk", fewer=("hold",))))
    epoch, head, hash_ = (row := hub.rows(tables.feed)[0]).epoch, row.head, bytes(row.head_hash)
    seen = Seen(head=Signer(SEAL).sign(epoch, head, hash_), cursor=head, last_n=1, accepted_n=1)
    assert hear(hub.engine, FEED, Signer(SEAL).key, "desk-clerk", seen, NOW) == []
    assert hub.order("signed").status is Status.RELEASED
    return hub


def test_a_healthy_hub_has_no_findings(busy: HubWorld):
    report = busy.verify()

    assert report.findings == ()
    assert report.ok
    assert (report.head, report.counts["orders"], report.counts["command"]) == (busy.head(), 4, 11)


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


def test_a_finding_says_what_was_expected_and_who_was_there_last(busy: HubWorld):
    busy.sql("UPDATE reservation SET qty = qty + 1 WHERE owner = 'held' AND state = 'open'")
    busy.sql("UPDATE orders SET warehouse = 'XX' WHERE id = 'held'")

    by_name = {(one.invariant, one.subject): one for one in busy.verify().findings}

    stock = by_name["I4", "SZ/LN-220"]
    assert int(stock.expected) == int(stock.actual) + 1
    steps = [step.split(" ", 1)[1] for step in by_name["projection", "held"].trail]
    assert steps == ["2026-06-13 12:30:00 clerk hold", "2026-06-13 12:30:00 file:TM1 receive"]


def test_every_promise_has_a_sentence():
    assert {invariant for invariant, _ in BREACHES} <= PROMISES.keys()
    assert {f"I{n}" for n in range(1, 15)} <= PROMISES.keys()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_help_says_of_every_invariant_where_it_is_checked(language: str):
    page = resources.read("help", language, "operations.md").decode()
    named = set(re.findall(r"\bI(\d+)\b", page, re.ASCII))
    for first, last in re.findall(r"I(\d+)–I(\d+)", page):
        named |= {str(n) for n in range(int(first), int(last))}

    assert named == {str(n) for n in range(1, 15)}


def test_an_account_that_stands_still_is_told(busy: HubWorld):
    busy.sql(
        "INSERT INTO account (feed_id, replica_id, next_n) SELECT feed_id, replica_id, last_n + 3"
        " FROM replica WHERE replica_id = 'file:TM1'"
    )
    assert busy.verify().ok, "it may just have come"

    busy.clock.move(minutes=5)
    busy.desk(Role.LEAD).ask(Hold(order="short", reason="ask"))

    assert [(one.invariant, one.subject, one.actual) for one in busy.verify().findings] == [
        ("I12", "file:TM1", "2")
    ]


def test_a_desk_that_saw_a_rewritten_history_accuses_it(busy: HubWorld):
    busy.sql("UPDATE audit_block SET hash = root WHERE seq = (SELECT seq FROM witness)")

    told = [one for one in busy.verify().findings if one.subject == "desk desk-clerk"]

    assert [(one.invariant, one.detail.split(": ")[1]) for one in told] == [("I8", "rewritten")]


def test_an_anchor_kept_elsewhere_is_held_against_the_history(
    busy: HubWorld, database_url: str, tmp_path, capsys
):
    kept = tmp_path / "anchors.jsonl"
    anchor = sign_anchor(busy.engine, FEED, Signer(SEAL), NOW)
    kept.write_bytes(anchor.line())
    asked = ["--database", database_url, "--anchor", str(kept), "--json"]
    busy.channel.must(bought("later"))
    assert main(asked) == 0

    kept.write_bytes(anchor.line().replace(anchor.head.hash[:8].encode(), b"00000000"))
    assert main(asked) == 1
    kept.write_bytes(anchor.line())
    busy.sql("UPDATE audit_block SET hash = root WHERE seq = (SELECT seq FROM witness)")
    capsys.readouterr()
    assert main(asked) == 1

    found = json.loads(capsys.readouterr().out)["feeds"][0]["findings"]
    assert f"anchor {anchor.head.seq}" in {one["subject"] for one in found}
    kept.write_text("no anchor")
    assert main(asked) == 2


def test_an_anchor_of_another_company_is_told(busy: HubWorld, database_url: str, tmp_path, capsys):
    anchor = sign_anchor(busy.engine, FEED, Signer(SEAL), NOW)
    (tmp_path / "a").write_bytes(anchor.line())
    busy.sql("UPDATE feed SET epoch = 'another'")

    assert main(["--database", database_url, "--anchor", str(tmp_path / "a"), "--lang", "zh_CN"]) == 1
    assert f"anchor {anchor.head.seq}" in capsys.readouterr().out


def test_what_a_restore_cut_off_is_shown_and_no_breach(busy: HubWorld):
    seen = Signer(SEAL).sign(busy.rows(tables.feed)[0].epoch, 99, bytes(32))
    with writing(busy.engine) as db:
        begin_life(db, FEED, NOW, is_protected=True)
    beyond = Evidence(why="beyond", held=seen, told=seen, at=NOW)
    now = Signer(SEAL).sign(*(getattr(busy.rows(tables.feed)[0], n) for n in ("epoch", "head", "head_hash")))
    told = Seen(head=now, cursor=now.seq, last_n=1, evidence=(beyond,))
    hear(busy.engine, FEED, Signer(SEAL).key, "desk-clerk", told, NOW)

    report = busy.verify()

    assert report.findings == ()
    assert [(one.desk, one.seq) for one in report.beyond] == [("desk-clerk", 99)]


def test_a_finding_without_figures_is_told_without_them(capsys):
    tell_findings([Finding("I9", "x", "was never published")], "en")

    assert capsys.readouterr().out == (
        "✗ I9 x: What desks were told is what stands here.\n    was never published\n"
    )
