"""Files of shops: every row is accounted for, whatever is wrong with it."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.boot.importing import Account, Asked, run
from app.boot.opening import open_hub
from app.domain.company import User
from app.domain.values import Role
from app.trouble import Trouble
from sync import tables
from sync.hub.database import connect_database, reading
from sync.hub.imports.encoding import encoding_of
from sync.hub.polling.taking import Tools
from sync.hub.raw_text import raw_text
from sync.hub.tokens import Session

HEADER = "订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额"
GOOD = "1,178.8,178.8,上海,2020-02-21 00:00:00,2020-02-21 00:01:00,0.0"
AMAZON = "Order ID,Date,Status,Courier Status,Category,Size,Qty,Amount,ship-city,ship-state,ship-postal-code"


class Shop:
    """A database of its own, and files put before it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder / 'hub.db'}"
        self.rejected = folder / "out" / "rejected.csv"

    def take(
        self, *lines: str, encoding: str = "utf-8", shop: str = "TM9", mapping: str = "", dry: bool = False
    ) -> Account:
        file = self.folder / "orders.csv"
        file.write_bytes("\n".join(lines).encode(encoding))
        return self.take_file(file, shop, mapping, dry=dry)

    def take_file(self, file: Path, shop: str, mapping: str = "", *, dry: bool = False) -> Account:
        return self.take_files([file], shop, mapping=mapping, dry=dry)

    def take_files(self, files: Sequence[Path], shop: str, **more: Any) -> Account:
        asked = Asked(files=files, shop=shop, database=self.database, rejected=self.rejected, **more)
        account = run(asked)
        assert account.rows_read == account.accepted + account.unchanged + account.rejected
        return account

    def count(self, sql: str) -> int:
        engine = connect_database(self.database)
        with reading(engine) as db:
            found = db.execute(text(sql)).scalar_one()
        engine.dispose()
        return int(found)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    monkeypatch.setattr("app.boot.importing.PATIENCE_S", 0.0)
    monkeypatch.setattr("app.boot.words.console_language", lambda: "en")
    return Shop(tmp_path)


def counts(account: Account) -> tuple[int, int, int]:
    return account.accepted, account.unchanged, account.rejected


def test_the_same_file_twice_changes_nothing(shop: Shop):
    assert counts(shop.take(HEADER, GOOD)) == (1, 0, 0)
    before = shop.count("select head from feed")

    assert counts(shop.take(HEADER, GOOD)) == (0, 1, 0)
    assert shop.count("select head from feed") == before


def test_a_dry_run_says_the_same_and_writes_nothing(shop: Shop):
    open_hub(shop.database).close()
    before = shop.count("select head from feed")

    account = shop.take(HEADER, GOOD, "2,x,1,上海,2020-02-21 00:00:00,,0", dry=True)

    assert counts(account) == (1, 0, 1)
    assert shop.count("select head from feed") == before
    assert shop.count("select count(*) from raw") == 0
    assert not shop.rejected.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2,abc,1,上海,2020-02-21 00:00:00,,0", "总金额 is not an amount. Write it like 128.50."),
        ("2,-5,1,上海,2020-02-21 00:00:00,,0", "总金额 is not an amount. Write it like 128.50."),
        ("2,1.005,1,上海,2020-02-21 00:00:00,,0", "总金额 has more than two decimals."),
        ("2,1,1,上海,yesterday,,0", "订单创建时间 is not a date. Write it like 2026-06-13 20:30:00."),
        (
            "2,1,1,上海,0001-01-01 00:00:00,,0",
            "订单创建时间 is not a date. Write it like 2026-06-13 20:30:00.",
        ),
        (",1,1,上海,2020-02-21 00:00:00,,0", "No 订单编号. Fill it in."),
        (
            "3.71E+18,1,1,上海,2020-02-21 00:00:00,,0",
            "订单编号 was shortened by a spreadsheet. Export the file again and do not save it there.",
        ),
        (f"{'9' * 65},1,1,上海,2020-02-21 00:00:00,,0", "订单编号 is longer than 64 characters."),
    ],
)
def test_a_row_that_cannot_be_read_says_why_and_the_others_go_in(shop: Shop, row: str, reason: str):
    account = shop.take(HEADER, row, GOOD)

    assert counts(account) == (1, 0, 1)
    assert account.reasons == {reason: 1}
    with shop.rejected.open(encoding="utf-8-sig", newline="") as file:
        (kept,) = csv.DictReader(file)
    assert (kept["row"], kept["reason"]) == ("2", reason)


def test_rejected_rows_are_kept_and_put_before_a_person_once(shop: Shop):
    bad = (HEADER, "2,abc,1,上海,2020-02-21 00:00:00,,0", "3,abc,1,上海,2020-02-21 00:00:00,,0")

    for _ in range(2):
        assert counts(shop.take(*bad)) == (0, 0, 2)

    assert shop.count("select count(*) from raw where verdict = 'unreadable' and row_no > 0") == 4
    assert shop.count("select count(*) from snag where subject = 'raw' and state = 'open'") == 1
    assert shop.count("select count(*) from orders") == 0


def test_whoever_looks_at_the_case_of_a_file_sees_the_rows_nobody_could_read(shop: Shop):
    for _ in range(2):
        shop.take(HEADER, "2,abc,1,上海,2020-02-21 00:00:00,,0", GOOD, "3,abc,1,上海,2020-02-21 00:00:00,,0")
    running = open_hub(shop.database)
    hub = running.hub
    with reading(hub.engine) as db:
        case = db.execute(select(tables.snag.c.id).where(tables.snag.c.subject == "raw")).scalar_one()
    lin = User(code="lin", title="Lin", role=Role.CLERK)
    who = Session("login", lin, "pc", "pc/lin", frozenset({"let_go"}), datetime(2100, 1, 1, tzinfo=UTC))

    rows = json.loads(raw_text(Tools(hub.engine, hub.feed_id, hub.seal, hub.clock), who, case))

    running.close()
    assert [(row["row"], row["订单编号"], row["总金额"]) for row in rows] == [
        (2, "2", "abc"),
        (4, "3", "abc"),
    ]


def test_a_number_that_stands_twice_rejects_both_rows_wherever_they_stand(shop: Shop):
    account = shop.take(HEADER, GOOD, GOOD.replace("1,", "2,", 1), GOOD)

    assert counts(account) == (1, 0, 2)
    assert account.reasons == {"订单编号 stands twice in this file.": 2}


def test_lines_of_one_order_are_put_together_wherever_they_stand(shop: Shop):
    row = "{number},06/07/22,Shipped,Shipped,Shirt,{size},{qty},301,Pune,MH,412101"
    rows = [row.format(number=n, size=s, qty=1) for n, s in (("A", "M"), ("B", "M"), ("A", "L"))]

    account = shop.take(AMAZON, *rows, shop="AZ9")

    assert (account.accepted, account.orders_made, account.lines_made) == (3, 2, 3)


def test_a_negative_quantity_rejects_its_whole_order(shop: Shop):
    row = "A,06/07/22,Shipped,Shipped,Shirt,{size},{qty},301,Pune,MH,412101"

    account = shop.take(AMAZON, row.format(size="M", qty=1), row.format(size="L", qty=-1), shop="AZ9")

    assert counts(account) == (0, 0, 2)
    assert account.reasons == {"Qty is not a number of pieces.": 2}


def test_formulas_do_not_run_in_the_rejected_file(shop: Shop):
    shop.take(HEADER, '2,x,1,"=HYPERLINK(""http://x"")",2020-02-21 00:00:00,,@SUM(1)')

    with shop.rejected.open(encoding="utf-8-sig", newline="") as file:
        (kept,) = csv.DictReader(file)
    assert kept["收货地址"] == '\'=HYPERLINK("http://x")'
    assert kept["退款金额"] == "'@SUM(1)"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_come_in_every_writing(shop: Shop, encoding: str, delimiter: str):
    lines = [f"{HEADER},,".replace(",", delimiter), "", GOOD.replace(",", delimiter).replace("1", '="1"', 1)]

    account = shop.take(*lines, encoding=encoding)

    assert counts(account) == (1, 0, 0)
    assert shop.count("select count(*) from orders where ext_id = '1'") == 1


@pytest.mark.parametrize(
    ("lines", "more", "code"),
    [
        (("a,b", "1,2"), {}, "mapping"),
        ((HEADER, GOOD), {"mapping": "ebay"}, "mapping"),
        ((HEADER, GOOD), {"mapping": "amazon_india_export"}, "headers"),
        ((HEADER, GOOD), {"shop": "../x"}, "shop"),
        (("", ""), {}, "empty"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_as_a_whole(
    shop: Shop, lines: tuple[str, ...], more: dict[str, str], code: str
):
    with pytest.raises(Trouble) as caught:
        shop.take(*lines, **more)

    assert caught.value.code == code


def test_a_shop_of_one_channel_takes_no_file_of_another(shop: Shop):
    shop.take(HEADER, GOOD)

    with pytest.raises(Trouble) as caught:
        shop.take(AMAZON, "A,06/07/22,Shipped,Shipped,Shirt,M,1,301,Pune,MH,412101", shop="TM9")

    assert caught.value.code == "shop"


def test_the_tmall_report_goes_in_row_by_row(shop: Shop, shared_data: Callable[..., Path]):
    account = shop.take_file(shared_data("tmall_orders", "tmall_order_report.csv"), "TM9")

    assert (account.rows_read, account.accepted, account.orders_made, account.lines_made) == (
        10158,
        10158,
        10158,
        0,
    )
    engine = connect_database(shop.database)
    o, s = tables.orders.c, tables.snag.c
    with reading(engine) as db:
        status = set(db.execute(select(o.status).where(o.channel_state == "to_ship")).scalars())
        open_orders = db.execute(select(func.count()).where(o.status == "to_check")).scalar_one()
        kinds = dict(
            db.execute(
                select(s.kind, func.count()).where(s.state == "open", s.subject == "order").group_by(s.kind)
            ).all()
        )  # type: ignore[arg-type]
    engine.dispose()
    assert status == {"to_check"}
    assert open_orders > 0
    assert kinds["sku_unmapped"] == kinds["address_invalid"] == open_orders


def test_the_amazon_report_goes_in_row_by_row(shop: Shop, shared_data: Callable[..., Path]):
    account = shop.take_file(shared_data("amazon_india_orders", "amazon_sale_report.csv"), "AZ9", dry=True)

    assert (account.rows_read, account.accepted) == (16355, 16355)
    assert (account.orders_made, account.lines_made) == (15273, 16355)


OLIST = ("orders", "order_items", "order_payments", "customers", "products")
NORTHWIND = ("orders", "order_details", "customers", "products")


def told(account: Account) -> dict[str, tuple[int, int, int]]:
    return {file.name: (file.read, file.new, file.rejected) for file in account.files}


def test_the_olist_tables_go_in_joined_by_their_keys(shop: Shop, shared_data: Callable[..., Path]):
    files = [shared_data("olist_dev", f"olist_{name}.csv") for name in OLIST]
    words = {"currency": "BRL", "zone": "America/Sao_Paulo", "country": "BR"}

    account = shop.take_files(files, "OL9", dry=True, options=words)

    assert told(account) == {
        "olist_orders.csv": (8135, 8135, 0),
        "olist_order_items.csv": (8365, 8365, 0),
        "olist_order_payments.csv": (8924, 8924, 0),
        "olist_customers.csv": (8135, 8135, 0),
        "olist_products.csv": (5460, 5460, 0),
    }
    assert (account.orders_made, account.lines_made) == (8135, 8365)


def test_northwind_goes_in_with_its_businesses_and_prices(shop: Shop, shared_data: Callable[..., Path]):
    files = [shared_data("northwind", f"{name}.csv") for name in NORTHWIND]

    account = shop.take_files(files, "NW9", options={"currency": "USD", "country": "US"})

    assert told(account) == {
        "orders.csv": (830, 830, 0),
        "order_details.csv": (2155, 2155, 0),
        "customers.csv": (93, 89, 4),
        "products.csv": (77, 77, 0),
    }
    assert account.reasons == {"No order of these files uses this row.": 4}
    assert shop.count("select count(*) from orders") == 830
    assert shop.count("select count(*) from ref where tbl = 'customer'") == 89


def test_the_supply_chain_file_goes_in_in_latin_1_with_blanks_in_its_headers(
    shop: Shop, shared_data: Callable[..., Path]
):
    path = shared_data("supply_chain_inventory", "orders_and_shipments.csv")
    latin = shop.folder / "latin.csv"
    text = path.read_text(encoding="utf-8")  # it lost its no-break spaces when it was converted
    latin.write_bytes(text.replace("\ufffd", "\xa0").encode("latin-1"))
    assert (encoding_of(path), encoding_of(latin)) == ("utf-8", "latin-1")

    account = shop.take_file(latin, "SC9", dry=True)

    assert (account.rows_read, account.accepted, account.rejected) == (30871, 30871, 0)
    assert (account.orders_made, account.lines_made) == (11072, 30871)


def test_retail_invoices_go_in_and_their_cancellations_find_them(
    shop: Shop, shared_data: Callable[..., Path]
):
    """The first 40,000 lines: the whole file costs a minute and says the same."""
    path = shop.folder / "online_retail.csv"
    with gzip.open(shared_data("uci_online_retail", "online_retail.csv.gz")) as whole:
        path.write_bytes(b"".join(islice(whole, 40_001)))

    account = shop.take_file(path, "UC9", dry=True)

    assert account.rows_read == 40_000
    assert sum(account.reasons.values()) == account.rejected
    assert {reason.split()[0] for reason in account.reasons} == {"InvoiceNo", "Quantity"}
    assert account.accepted > 39_000
