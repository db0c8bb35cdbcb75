"""An import that is killed in mid-file and started again ends as if nothing had happened."""

from __future__ import annotations

import csv
import json
import random
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from checker import FEED
from place import KEY, SEAL
from processes import CRASHED, ROOT, environment
from sqlalchemy import select

from app.domain.order import Order
from sync import tables as t
from sync.channels.tmall_export import NUMBER, ORDERED, PAID, PAID_AT, PLACE, REFUND, TOTAL
from sync.hub.company import install_company
from sync.hub.database import open_database, reading, writing
from sync.hub.project import subject_keys
from sync.hub.seal import open_document
from sync.hub.verify import verify

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills with SIGKILL"),
]

ROWS = 3_000
BAD_EVERY, TWICE_EVERY = 100, 250
DEATH = "before_commit:0.3"
OURS = ("id", "number", "received_at", "ver", "snags", "holds", "settled")
"""What an import gives an order itself: names and instants differ from run to run."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up report: 3,000 rows, some without a date, some twice."""
    path = tmp_path_factory.mktemp("report") / "orders.csv"
    rng, begun = random.Random(11), datetime(2026, 2, 1)  # noqa: DTZ001, S311 - a file says shop time
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow((NUMBER, TOTAL, PAID, PLACE, ORDERED, PAID_AT, REFUND))
        for i in range(ROWS):
            number = i - 1 if i % TWICE_EVERY == TWICE_EVERY - 1 else i
            ordered = begun + timedelta(seconds=rng.randrange(2_000_000))
            when = "" if i % BAD_EVERY == BAD_EVERY // 2 else f"{ordered:%Y-%m-%d %H:%M:%S}"
            yuan = rng.randrange(10, 900)
            is_paid = rng.random() < 0.8
            paid_at = f"{ordered + timedelta(minutes=3):%Y-%m-%d %H:%M:%S}" if is_paid else ""
            paid = yuan if is_paid else 0
            refund = yuan if is_paid and rng.random() < 0.1 else 0
            place = rng.choice(("浙江省", "江苏省", "上海", "广东省", "四川省"))
            sheet.writerow(
                (f"88{number:08d}", f"{yuan}.00", f"{paid}.00", place, when, paid_at, f"{refund}.00")
            )
    return path


def company_at(folder: Path) -> str:
    """An empty company on a database of its own."""
    from app.boot.demo_company import company

    folder.mkdir()
    database = f"sqlite:///{folder / 'hub.db'}"
    engine = open_database(database)
    bare = msgspec.structs.replace(company(), skus=(), sku_maps=(), opening=())
    with writing(engine) as db:
        install_company(db, FEED, bare, datetime.fromisoformat("2026-03-01T00:00:00+00:00"))
    engine.dispose()
    return database


def import_once(database: str, report: Path, home: Path, crash: str = "") -> tuple[int, dict[str, Any]]:
    """Run `import` as a process of its own; return its exit code and its account."""
    more = {"DOCKET_CRASH_POINT": crash} if crash else {}
    asked = ["import", str(report), "--shop", "TM9", "--database", database, "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "app", *asked],
        env=environment(home, KEY, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, json.loads(done.stdout) if done.returncode == 0 else {}


def state(database: str) -> dict[str, Any]:
    """Everything the import made, without what names and instants it was given."""
    engine = open_database(database)
    try:
        report = verify(engine, FEED)
        assert report.findings == ()
        with reading(engine) as db:
            rows = db.execute(select(t.orders.c.id, t.orders.c.doc).where(t.orders.c.feed_id == FEED)).all()
            keys = {}
            for start in range(0, len(rows), 500):
                keys |= subject_keys(db, FEED, SEAL, [row.id for row in rows[start : start + 500]])
            receipts = (
                db.execute(select(t.receipt.c.ext_id).where(t.receipt.c.feed_id == FEED)).scalars().all()
            )
    finally:
        engine.dispose()
    orders = [msgspec.json.decode(open_document(row.doc.encode(), keys[row.id]), type=Order) for row in rows]
    plain = [
        (o.ext_id, {k: v for k, v in msgspec.to_builtins(o).items() if k not in OURS}, _open(o))
        for o in orders
    ]
    return {"orders": sorted(plain, key=lambda one: one[0]), "receipts": sorted(receipts)}


def _open(order: Order) -> tuple[list[str], list[str]]:
    return sorted(s.kind for s in order.snags), sorted(h.gate for h in order.holds)


def test_an_import_killed_in_mid_file_ends_in_the_same_state(tmp_path: Path, report: Path) -> None:
    # given the same file, taken in at one go
    whole = company_at(tmp_path / "whole")
    code, account = import_once(whole, report, tmp_path / "home")
    assert code == 0
    rows = ("rows_read", "accepted", "unchanged", "rejected")
    assert account["rows_read"] == ROWS
    assert account["accepted"] + account["unchanged"] + account["rejected"] == ROWS
    assert sum(account["reasons"].values()) == account["rejected"] > 0

    # when it is killed and started again
    broken = company_at(tmp_path / "broken")
    died, _ = import_once(broken, report, tmp_path / "home", DEATH)
    code, last = import_once(broken, report, tmp_path / "home")

    # then every row is accounted for, and the company looks the same
    assert (died, code) == (CRASHED, 0)
    assert last["accepted"] + last["unchanged"] + last["rejected"] == last["rows_read"] == ROWS
    assert (last["rejected"], last["reasons"]) == (account["rejected"], account["reasons"])
    assert last["unchanged"] > account["unchanged"]
    assert state(broken) == state(whole)

    # and once more changes nothing
    _, again = import_once(broken, report, tmp_path / "home")
    assert [again[key] for key in rows] == [ROWS, 0, ROWS - account["rejected"], account["rejected"]]
    assert state(broken) == state(whole)
