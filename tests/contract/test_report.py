"""What the report says of a database: a rehearsal by six clerks, closed and open exceptions, days."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from builders import NIGHT, NOW, line
from hub_world import FEED, HubWorld, bought

from app.boot import report
from app.commands.cancel import Cancel
from app.commands.claim import Claim
from app.commands.count_sheet import CountSheet
from app.commands.hold import Hold
from app.commands.receive import Receive
from app.commands.reject_review import RejectReview
from app.commands.restore import Restore
from app.commands.sign_off import SignOff
from app.commands.snooze import Snooze
from app.commands.withdraw_stock_doc import WithdrawStockDoc
from app.domain.company import READS_FIGURES
from app.domain.goods import Bin
from app.domain.rules import Rules
from app.domain.snag_events import CLEARED
from app.domain.values import Receiver, Role
from sync import tables
from sync.hub.access import user_of
from sync.hub.database import reading
from sync.hub.figures import Books
from sync.hub.tokens import Session
from sync.wire import HistoryEntry

SHORT = "short_stock"
SNAGS = 189
ROLES = (Role.CLERK, Role.TRAINER, Role.LEAD)
"""Two desks of each are six clerks."""
HAND_S = 40
"""Working time of one clerk on one exception. Source: capabilities 0, 12 s to 2 min in the hand."""
OPEN = 9


def short(n: int) -> Receive:
    """An order of a buyer of its own for what is not there."""
    receiver = Receiver(name="季小雨", phone=f"1380000{n:04}", street=f"文晖路{n}号{n}幢")
    return bought(f"o{n}", receiver=receiver, lines=(line(qty=999),))


def test_a_rehearsal_of_six_clerks_is_reported_per_type_with_n(tmp_path: Path, capsys):
    """Source: capabilities 5.10."""
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    ids = [f"o{n}" for n in range(SNAGS + OPEN)]
    hub.channel.must(*(short(n) for n in range(SNAGS + OPEN)))
    clerks = [hub.desk(role, f"{role}-{n}") for n in range(2) for role in ROLES]
    clerks[0].must(Snooze(order=ids[0], kind=SHORT, until=NOW + timedelta(hours=1), wait="stock"))
    for at in range(0, SNAGS, len(clerks)):  # all of them at once
        hub.clock.move(seconds=HAND_S)
        for clerk, order in zip(clerks, ids[at : min(at + len(clerks), SNAGS)], strict=False):
            clerk.must(Claim(order=order, kind=SHORT), Cancel(order=order, reason="nothing comes"))
    hub.close()

    asked = ["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--json", "--until", "2026-06-14"]
    assert report.main(asked) == 0
    (told,) = json.loads(capsys.readouterr().out)["feeds"]

    (kind,) = told["by_kind"]
    assert (kind["of"], kind["n"]) == (SHORT, SNAGS)
    assert 0 < kind["median_s"] <= 28 * 60
    assert kind["median_s"] <= kind["p90_s"]
    assert set(kind["waited_s"]) == {"stock"}
    assert {one["of"] for one in told["by_owner"]} == set(ROLES)
    assert sum(one["n"] for one in told["by_owner"]) == SNAGS
    assert (told["open"]["n"], sum(age["n"] for age in told["open_ages"])) == (OPEN, OPEN)
    assert [(one["of"], one["n"]) for one in told["open_by_owner"]] == [("", OPEN)]

    assert report.main([*asked[:2], "--until", "2026-06-01", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert f"Open now: {OPEN}" in said
    assert "Out of stock" not in said, "nothing was closed in those days"


def test_where_there_is_no_database_it_says_so(tmp_path: Path, capsys):
    assert report.main(["--database", f"sqlite:///{tmp_path / 'none.db'}"]) == 2
    assert "none.db" in capsys.readouterr().err


def test_what_came_back_and_what_the_first_repair_cured_is_read_off_the_journal(tmp_path: Path, capsys):
    """Source: capabilities 5.10."""
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    hub.channel.must(*(short(n) for n in range(3)))
    clerk = hub.desk(Role.CLERK, "lin")
    why = {"because": SHORT}
    clerk.must(Claim(order="o0", kind=SHORT))
    clerk.ask(Cancel(order="o0", reason="nothing comes"), **why)  # cured at once
    clerk.ask(Hold(order="o1", reason="ask"), **why)
    hub.clock.move(seconds=30)
    clerk.ask(Cancel(order="o1", reason="nothing comes"), **why)  # at the second try
    clerk.ask(Cancel(order="o2", reason="nothing comes"), **why)
    clerk.must(Restore(order="o2"))  # it is short again
    clerk.ask(Cancel(order="o2", reason="nothing comes"), **why)
    ends = [
        text
        for row in hub.rows(tables.event)
        for text in msgspec.json.decode(row.body, type=HistoryEntry).texts
        if text.message == CLEARED
    ]
    hub.close()

    table = tmp_path / "report.csv"
    asked = ["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--until", "2026-06-14"]
    assert report.main([*asked, "--json", "--out", str(table), "--lang", "en"]) == 0

    (told,) = json.loads(capsys.readouterr().out)["feeds"]
    (kind,) = told["by_kind"]
    assert (kind["n"], kind["at_once"], kind["reopened"]) == (3, 1, 1)
    paced = (kind["claimed"], kind["paced"], round(kind["pace_s"], -1))
    assert paced == (1, 1, 30), "what came at once says nothing"
    assert kind["n"] + kind["reopened"] == len(ends), "each end stands in the journal"
    with table.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[:6] == ["First day", "Last day", "Time zone", "By", "Name", "Exceptions"]
    assert {row[2] for row in rows} == {"Asia/Shanghai"}
    by_type = next(row for row in rows if row[3] == "By type")
    assert [by_type[0], by_type[1], by_type[4]] == ["2026-06-08", "2026-06-14", "Out of stock"]
    assert by_type[8:11] == ["0", "1", "1"]
    assert sum(int(row[5]) for row in rows if row[3] == "By shift") == 3


def test_a_table_that_cannot_be_written_is_told(tmp_path: Path, capsys):
    HubWorld(f"sqlite:///{tmp_path / 'hub.db'}").close()
    asked = ["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--lang", "en", "--out"]

    assert report.main([*asked, str(tmp_path / "report.doc")]) == 2
    assert "ends in .xlsx or .csv" in capsys.readouterr().err
    assert not list(tmp_path.glob("report*"))


def test_the_report_says_how_right_the_stock_was_where_it_was_counted(tmp_path: Path, capsys):
    """Source: capabilities 3.8."""
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    bins = (Bin("LN-220", 9, 10), Bin("CT-180", 10, 10), Bin("SF-001", 99, 10))
    floor = hub.desk(Role.WAREHOUSE)
    floor.must(CountSheet(sheet="s1", warehouse="SZ", bins=bins))
    floor.must(WithdrawStockDoc(doc="s1/1", warehouse="SZ", sku="LN-220"))
    hub.clock.move(hours=48)
    floor.must(CountSheet(sheet="s2", warehouse="SZ", bins=bins[:1]))
    hub.close()

    asked = ["--database", f"sqlite:///{tmp_path / 'hub.db'}", "--json", "--until", "2026-06-14"]
    assert report.main(asked) == 0
    (told,) = json.loads(capsys.readouterr().out)["feeds"]

    assert told["stock_accuracy"] == {"equal": 1, "counted": 2}


def test_the_page_and_the_report_say_the_same_of_reviewers(tmp_path: Path):
    """Source: capabilities 10.3."""
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}", rules=Rules(review_above_minor=1, review_signatures=2))
    hub.clock.now = NIGHT
    reviewer, lead = hub.desk(Role.REVIEWER), hub.desk(Role.LEAD)
    for order in ("o1", "o2"):
        hub.channel.must(bought(order, lines=(line(qty=2),)))
        seal = hub.order(order).content_hash
        reviewer.must(SignOff(order=order, content_hash=seal, read_ms=4_000))
        if order == "o1":
            lead.must(SignOff(order=order, content_hash=seal, read_ms=8_000))
        else:
            lead.must(RejectReview(order=order, content_hash=seal, reason="price", read_ms=8_000))
    day = hub.clock().astimezone(ZoneInfo("Asia/Shanghai")).date()
    books = Books(hub.engine, FEED, hub.clock)
    with reading(hub.engine) as db:
        person = user_of(db, FEED, "lead")
    who = Session("x", person, "pc", "pc", frozenset({READS_FIGURES}), hub.clock())
    page = books.reviewers(7, who)
    hub.close()

    (told,) = report.read(
        f"sqlite:///{tmp_path / 'hub.db'}", day - timedelta(days=6), day, ZoneInfo("Asia/Shanghai")
    )
    named = {one.person: one for one in told.reviewers}
    assert page.people == len(named) == 2
    assert page.persons == (named["lead"],), "fewer than five are in sum only"
    assert page.whole.verdicts == sum(one.verdicts for one in told.reviewers) == 4
    assert (named["lead"].agreed.count, named["lead"].agreed.of) == (1, 1), "o2 is still open"
    assert (named["reviewer"].median_s, named["lead"].median_s) == (4.0, 8.0)
