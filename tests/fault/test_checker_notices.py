"""The checker notices: each promise is broken on purpose in a copy of files that keep it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builders import RECEIVER, SHOPS, line, stock
from cheap_passwords import cheap_passwords
from checker import Desk, check
from hub_world import FEED, HubWorld, bought
from lease_world import SKU, WAREHOUSE, LeaseDesk, sale
from papers import Papers
from place import SEAL
from promising import promise

from app.commands.merge import Merge
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.print_paper import PrintPaper
from app.commands.receive_payment import ReceivePayment
from app.commands.ship import Ship
from app.commands.split import Split
from app.domain.making import Part
from app.domain.rules import Rules
from app.domain.values import Role
from sync.hub.asking import Worker
from sync.hub.database import connect_database
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.outgoing import WRITTEN, Folder, StockSheet, file_name
from sync.hub.stock_figures import Figures

pytestmark = pytest.mark.fault
Records = Sequence[dict[str, Any]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Records]:
    """A day of trade in which everything was kept: its folder, and what a witness wrote down."""
    folder = tmp_path_factory.mktemp("trade")
    with cheap_passwords():
        hub = HubWorld(
            f"sqlite:///{folder / 'hub.db'}",
            shops=(msgspec.structs.replace(SHOPS["TM1"], warehouses=(WAREHOUSE,)),),
            opening=(stock(WAREHOUSE, SKU, 40),),
            rules=Rules(lease_share_pct=50, lease_from_pieces=1),
        )
        desk = LeaseDesk(hub, folder, "A", Role.LEAD)
        papers = list(_day(hub, desk))
        hub.clock.move(minutes=10)
        worker = Worker(hub.engine, FEED, hub.writer, open_worker(hub.engine, FEED, WORKER, hub.clock()))
        files, sheet = Folder(folder / "outgoing"), StockSheet(folder / "outgoing")
        while Effects(worker, lambda _shop, _kind: files, hub.clock, ("confirm",)).carry_out():
            pass
        while Figures(hub.engine, FEED, lambda _shop, _kind: sheet, hub.clock).step():
            pass
        assert hub.verify().findings == ()
        desk.close()
        hub.close()
    return folder, papers


def _day(hub: HubWorld, desk: LeaseDesk) -> Iterator[dict[str, Any]]:
    def do(*commands: Any) -> Iterator[dict[str, Any]]:
        for command in commands:
            told = promise(desk.store, desk.login, command)
            assert told, command
            yield told
        desk.level()

    hub.channel.must(bought("c1", lines=(line(qty=1),)), bought("c2", lines=(line(qty=5),)))
    assert desk.hold(3) == 3
    yield from do(sale("s1", 1), sale("s2", 2), ReceivePayment(order="s2", amount_minor=100))
    yield from do(Pick(order="c1", line="1", qty=1), Pack(order="c1"))
    yield from do(PrintPaper(order="c1", paper="label"), PrintPaper(order="c1", paper="label"))
    yield from do(Ship(order="c1", carrier="SF", tracking_no="T-1"))
    yield from do(Split(order="c2", parts=(Part("p1", (("1", 2),)), Part("p2", (("1", 3),)))))
    buyer = msgspec.structs.replace(RECEIVER, phone="13811110000", street="解放路1号")
    yield from do(*(msgspec.structs.replace(sale(one, 1), receiver=buyer) for one in ("m1", "m2")))
    yield from do(Merge(orders=("m1", "m2"), into="m"))


@pytest.fixture
def broken(told: tuple[Path, Records], tmp_path: Path) -> Callable[..., set[str]]:
    """`broken(sql, …)`: what the checker says after so much was done to a copy of the hub's database."""
    folder, records = told
    place = tmp_path / "copy"
    shutil.copytree(folder, place)

    def look(
        *spoiled: str, on: str = "hub.db", records: Records = records, answers: Records = ()
    ) -> set[str]:
        name = next(place.glob(on)).as_posix()
        with closing(sqlite3.connect(name)) as db:
            for one in spoiled:
                assert db.execute(one).rowcount, one
            db.commit()
        engine = connect_database(f"sqlite:///{place / 'hub.db'}")
        desk = Desk(place / "A", Role.LEAD, Papers(list(records), list(answers)))
        found = check(engine, SEAL, [desk], outgoing=place / "outgoing").findings
        engine.dispose()
        return {one.invariant for one in found}

    look.place = place  # type: ignore[attr-defined]
    return look


def put(order: str, path: str, value: str) -> str:
    """Say something else in the document of an order."""
    return f"UPDATE orders SET doc = json_set(doc, '{path}', json('{value}')) WHERE id = '{order}'"


def test_a_day_on_which_everything_was_kept_has_no_breach(broken):
    assert broken() == set()


def test_the_day_holds_every_kind_of_promise(told):
    _, papers = told

    assert [one["sold"] for one in papers if "sold" in one] == [
        [["s1", WAREHOUSE, SKU, 1]],
        [["s2", WAREHOUSE, SKU, 2]],
    ]
    assert [one["print"] for one in papers if "print" in one] == [["c1", "label", 0], ["c1", "label", 1]]


STRANGER = '[{"desk": "B", "qty": 1, "until": "2026-07-01T00:00:00Z"}]'
SOLD_AT = "tbl = 'order' AND pk = 's1' AND seq = (SELECT min(seq) FROM change WHERE pk = 's1')"
BARE = f"UPDATE change SET row = json_remove(row, '$.reserved') WHERE {SOLD_AT}"
SHORT = f"UPDATE change SET row = json_set(row, '$.is_overpromised', json('true')) WHERE {SOLD_AT}"
LAST_PRINT = "seq * 1000 + i = (SELECT max(seq * 1000 + i) FROM event WHERE command = 'print_paper')"
SENT = "kind = 'stock' AND payload <> ''"
SPOILED: dict[str, tuple[str, tuple[str, ...]]] = {
    "a lease nobody reserved": ("lease", (f"UPDATE stock SET leases = '{STRANGER}'",)),
    "a sale that holds nothing": ("lease", (BARE,)),
    "a sale that is short under a lease": ("lease", (BARE, SHORT)),
    "a buyer nobody calls": (
        "lease",
        (
            "UPDATE orders SET doc = json_remove(doc, '$.reserved') WHERE id = 's1'",
            put("s1", "$.is_overpromised", "true"),
        ),
    ),
    "a print that was not counted": ("print", (put("c1", "$.prints.label", "1"),)),
    "a print that was not noted": ("print", (f"DELETE FROM event WHERE {LAST_PRINT}",)),
    "a copy with the wrong number": (
        "print",
        (f"UPDATE event SET body = json_set(body, '$.texts[0].params.n', 2) WHERE {LAST_PRINT}",),
    ),
    "an order nobody typed": (
        "typed",
        ("UPDATE command SET name = 'recheck' WHERE name = 'new_order' AND n = 2",),
    ),
    "a typed order that is gone": ("typed", ("DELETE FROM orders WHERE id = 's1'",)),
    "a payment that was lost": ("money", ("DELETE FROM command WHERE name = 'receive_payment'",)),
    "a part that got too much": ("money", (put("p1", "$.made_from[0].total_minor", "1"),)),
    "a merge that lost money": ("money", (put("m", "$.paid_minor", "1"),)),
    "a piece that is in no part": ("pieces", (put("p2", "$.lines[0].qty", "2"),)),
    "a piece that is in two orders": ("pieces", (put("m", "$.lines[0].qty", "2"),)),
    "a parcel that is to be told again": (
        "outside",
        ("UPDATE effect SET state = 'todo' WHERE kind = 'confirm'",),
    ),
    "a figure nobody reads": (
        "outside",
        (f"UPDATE effect SET payload = json_set(payload, '$.quantity', '7') WHERE {SENT}",),
    ),
    "a parcel nobody decided to tell of": ("outside", ("DELETE FROM effect WHERE kind = 'confirm'",)),
}


@pytest.mark.parametrize("what", SPOILED)
def test_it_is_noticed(broken, what: str):
    invariant, spoil = SPOILED[what]

    assert invariant in broken(*spoil)


SIGNED = "feed_id, id, 1, maker, content_hash, 'nobody', 1"
MISTAKE = '{"code": "internal_invariant"}'
ROWS = {
    "a promise nobody kept": ("I1", "DELETE FROM command WHERE name = 'new_order'"),
    "a number that is gone": ("I3", "DELETE FROM command WHERE name = 'pack'"),
    "more promised than is held": ("I4", "UPDATE stock SET reserved = reserved + 1"),
    "a piece out of nothing": ("I5", "UPDATE stock SET on_hand = on_hand + 1"),
    "own work that was signed": (
        "I6",
        f"INSERT INTO signature SELECT {SIGNED} FROM orders WHERE id = 's1'",
    ),
    "a parcel nobody sent": ("I7", "UPDATE shipment SET order_id = 's1'"),
    "a block that was changed": ("I8", "UPDATE audit_block SET root = x'00' WHERE seq = 3"),
    "a command that was changed": ("I8", "UPDATE command SET because = 'else' WHERE name = 'pack'"),
    "a row that was published otherwise": ("I9", "UPDATE orders SET seq = seq + 1 WHERE id = 's1'"),
    "a row in a scope it does not belong to": (
        "I11",
        "UPDATE change SET scope = 'user:nobody' WHERE tbl = 'stock'",
    ),
    "pieces counted twice": ("once", "UPDATE stock SET adjusted = adjusted + 1"),
    "a pick that did nothing": ("once", "UPDATE command SET name = 'recheck' WHERE name = 'pick'"),
    "a command our own mistake refused": (
        "internal",
        f"UPDATE command SET status = 'refused', refusal = '{MISTAKE}' WHERE name = 'pack'",
    ),
    "a command nobody could read": (
        "unread",
        "UPDATE command SET status = 'refused', refusal = '{\"code\": \"unreadable\"}' WHERE name = 'pack'",
    ),
}


@pytest.mark.parametrize("what", ROWS)
def test_it_is_noticed_in_the_rows_of_the_hub(broken, what: str):
    invariant, spoil = ROWS[what]

    assert invariant in broken(spoil)


FILES = {
    "work that still waits": ("I12", "A/work.db", "UPDATE outbox SET state = 'saved' WHERE n = 3"),
    "work that left too early": ("I13", "A/work.db", "DELETE FROM outbox WHERE n = 3"),
    "a word that is not true": ("I14", "A/work.db", "UPDATE outbox SET state = 'refused' WHERE n = 3"),
    "a number that is not true": ("I14", "A/work.db", "UPDATE outbox SET seq = seq + 1 WHERE n = 3"),
    "a row the hub never said": ("I9", "A/replica*.db", "UPDATE row SET seq = seq + 1 WHERE tbl = 'stock'"),
    "a history that is gone": ("I9", "A/replica*.db", "DELETE FROM history WHERE command = 'pack'"),
}


@pytest.mark.parametrize("what", FILES)
def test_it_is_noticed_in_the_files_of_a_desk(broken, what: str):
    invariant, file, spoil = FILES[what]

    assert invariant in broken(spoil, on=file)


def test_an_answer_that_is_not_the_stored_one_is_noticed(broken):
    told = [{"replica": "A", "n": 3, "status": "refused", "seq": 1}]

    assert broken(answers=told) == {"I2"}


def test_an_order_that_was_begun_twice_is_noticed(broken):
    columns = (
        "cmd_id || 'x', user_code, login_id, name, rev, args, args_hash, because, seen_ver, status, refusal, "
        "conflict, rules_rev, seq, hub_at, client_at, proof"
    )
    sold = "name = 'new_order' AND json_extract(args, '$.order') = 's1'"
    twice = f"INSERT INTO command SELECT feed_id, replica_id, 99, {columns} FROM command WHERE {sold}"

    assert "typed" in broken(twice)


def test_a_parcel_that_was_told_twice_is_noticed_unless_somebody_asked_for_it(broken):
    with (broken.place / "outgoing" / WRITTEN).open("a", encoding="utf-8") as file:
        file.write(file_name("confirm:c1:1") + "\n")

    assert broken() == {"outside"}
    asked = (
        "UPDATE command SET name = 'redo_effect', "
        'args = \'{"order": "c1", "key": "confirm:c1:1"}\' WHERE name = \'lease_stock\''
    )
    assert "outside" not in broken(asked)


def test_a_parcel_that_is_done_and_that_nobody_knows_of_is_noticed(broken):
    for file in (broken.place / "outgoing").iterdir():
        if not file.name.startswith("stock"):
            file.unlink()

    assert broken() == {"outside"}


def test_two_papers_with_the_same_word_from_one_printer_are_noticed(broken, told):
    records: Records = json.loads(json.dumps(told[1]))
    (second,) = [one for one in records if one.get("print", ["", "", 0])[2] == 1]
    second["print"][2] = 0

    assert broken(records=records) == {"print"}
