"""Files of every shape: what spreadsheets do to a file is undone, or said with what to do about it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shop_files import ShopFiles

from app.trouble import Trouble
from sync.hub.imports.encoding import encoding_of
from sync.hub.imports.sheets import open_sheet

HEAD = ("订单号", "下单时间", "商家编码", "商品名称", "数量", "单价")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShopFiles:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    monkeypatch.setattr("app.boot.importing.PATIENCE_S", 0.0)
    monkeypatch.setattr("app.boot.words.console_language", lambda: "en")
    return ShopFiles(tmp_path)


def line(number: object, sku: object = "A-1", qty: object = 1, price: object = "12.50") -> tuple[object, ...]:
    return (number, "2026-06-13 20:30:00", sku, "杯子", qty, price)


# --- what a spreadsheet does ---------------------------------------------------------------------------


def test_a_number_that_a_spreadsheet_shortened_is_rejected_with_what_to_do(files: ShopFiles):
    account = files.take(files.csv(HEAD, line("3.71E+18"), line("3710000000000000001")))

    assert (account.accepted, account.rejected) == (1, 1)
    assert account.reasons == {
        "订单号 was shortened by a spreadsheet. Export the file again and do not save it there.": 1
    }
    assert set(files.orders()) == {"3710000000000000001"}


def test_a_long_number_that_a_workbook_keeps_as_a_figure_has_lost_its_end(files: ShopFiles):
    account = files.take(files.xlsx(HEAD, line(3710000000000000001), line("3710000000000000001"), line(42)))

    assert (account.accepted, account.rejected) == (2, 1)
    assert "was shortened by a spreadsheet" in next(iter(account.reasons))
    assert set(files.orders()) == {"3710000000000000001", "42"}


def test_leading_zeros_stay(files: ShopFiles):
    files.take(files.xlsx(HEAD, line("00042", sku="007")))

    order = files.orders()["00042"]
    assert order.lines[0].ext_sku == "007"


def test_a_merged_block_counts_for_each_of_its_rows(files: ShopFiles):
    rows = (HEAD, line(None, "A-1"), line(None, "A-2"), line("B", "A-3"))

    account = files.take(files.xlsx(*rows, merged=["A2:A3|A"]))

    assert (account.accepted, account.orders_made, account.lines_made) == (3, 2, 3)
    assert [one.ext_sku for one in files.orders()["A"].lines] == ["A-1", "A-2"]


def test_order_columns_that_stand_only_in_the_first_row_are_filled_down(files: ShopFiles):
    rows = [
        line("A", "A-1"), ("", "", "A-2", "盘子", 2, "3.00"), ("", "", "A-3", "碗", 1, "5"), line("B", "A-1"),
    ]  # fmt: skip

    account = files.take(files.csv(HEAD, *rows))

    assert (account.accepted, account.rejected, account.orders_made) == (4, 0, 2)
    order = files.orders()["A"]
    assert [one.ext_sku for one in order.lines] == ["A-1", "A-2", "A-3"]
    assert order.total_minor == 1250 + 600 + 500


def test_dates_of_a_spreadsheet_are_dates_whether_shown_as_such_or_as_figures(files: ShopFiles):
    head = (*HEAD[:1], "下单时间", "付款时间", *HEAD[2:])
    shown = datetime(2026, 6, 13, 20, 30)  # noqa: DTZ001 - a spreadsheet knows no zone
    row = ("A", shown, 46186.8541666667, "A-1", "杯子", 1, 12.5)

    files.take(files.xlsx(head, row))

    order = files.orders()["A"]
    assert order.ordered_at == datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
    assert order.paid_minor == 1250


def test_a_formula_gives_its_value(files: ShopFiles):
    files.take(files.xlsx(HEAD, line("A", qty=3, price="=E2*5|15")))

    assert files.orders()["A"].lines[0].unit_price_minor == 1500


def test_titles_and_blank_rows_above_the_header_are_passed_over(files: ShopFiles):
    rows = (("六月订单导出",), (), ("制表", "小季"), HEAD, (), line("A"), line("B"))

    account = files.take(files.xlsx(*rows))

    assert (account.rows_read, account.accepted) == (2, 2)
    assert open_sheet(files.folder / "orders.xlsx", files.folder).header_row == 4


def test_invisible_blanks_in_headers_and_cells_do_not_matter(files: ShopFiles):
    head = ("\ufeff订单号\u200b", " 下单时间\xa0", "商家\xa0编码", "商品名称", "数量 ", "单价（元）")

    files.take(
        files.csv(head, ("\xa0A\u200b", "2026-06-13\xa020:30", "A-1", "杯子", "2\xa0", "¥\xa01,200.50"))
    )

    order = files.orders()["A"]
    assert (order.lines[0].qty, order.lines[0].unit_price_minor) == (2, 120050)


def test_an_old_workbook_is_read_like_a_new_one(files: ShopFiles):
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("订单")
    for y, row in enumerate((HEAD, line("00042", price=12.5))):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell)
    path = files.folder / "orders.xls"
    book.save(str(path))

    files.take(path)

    assert files.orders()["00042"].lines[0].unit_price_minor == 1250


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 no workbook", "broken"),
        (b"\xd0\xcf\x11\xe0 no workbook", "broken"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (b"", "empty"),
    ],
)
def test_what_only_calls_itself_a_table_is_refused_with_what_to_do(
    files: ShopFiles, content: bytes, code: str
):
    path = files.folder / "orders.xls"
    path.write_bytes(content)

    with pytest.raises(Trouble) as caught:
        files.take(path)

    assert caught.value.code == code


def test_a_workbook_is_read_in_a_process_of_its_own(files: ShopFiles):
    path, out = files.xlsx(HEAD, line("A")), files.folder / "out.csv"

    done = subprocess.run(
        [sys.executable, "-m", "sync.hub.imports.unfold", str(path), "", str(out)],
        cwd=Path(__file__).parents[2], capture_output=True, check=True,
    )  # fmt: skip

    assert done.stdout == b'{"sheets": ["Sheet1"], "sheet": "Sheet1"}'
    assert out.read_text(encoding="utf-8").splitlines()[1] == "A,2026-06-13 20:30:00,A-1,杯子,1,12.50"


# --- encodings and signs -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        ("订单号,收货地址\nA,浙江省杭州市西湖区文三路", "utf-8", "utf-8"),
        ("订单号,收货地址\nA,浙江省杭州市西湖区文三路", "utf-8-sig", "utf-8-bom"),
        ("订单号,收货地址\nA,浙江省杭州市西湖区文三路", "gb18030", "gb18030"),
        ("订单号,收货地址\nA,浙江省杭州市西湖区文三路", "utf-16", "utf-16"),
        ("Order,City\nA,São Paulo\nB,Málaga\nC,Ações", "latin-1", "latin-1"),
        ("Order,City\nA,Zürich\nB,Århus\nC,Besançon", "cp1252", "latin-1"),
        ("Order,City\nA,Leeds", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, text: str, codec: str, name: str):
    path = tmp_path / "orders.csv"
    path.write_bytes(text.encode(codec))

    assert encoding_of(path) == name


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        (("13/02/2026", "03/04/2026"), (3, 2026, 4)),
        (("02/13/2026", "03/04/2026"), (4, 2026, 3)),
        (("2026/02/13", "2026/04/03"), (3, 2026, 4)),
        (("13-Feb-2026", "3-Apr-2026"), (3, 2026, 4)),
    ],
    ids=["day first", "month first", "year first", "month in words"],
)
def test_the_whole_column_decides_what_a_date_means(
    files: ShopFiles, rows: tuple[str, str], day: tuple[int, int, int]
):
    made = [(f"N{i}", f"{text} 12:00", "A-1", "杯子", 1, 1) for i, text in enumerate(rows)]

    files.take(files.csv(HEAD, *made))

    at = files.orders()["N1"].ordered_at
    assert (at.day, at.year, at.month) == day


def test_dates_that_read_both_ways_are_asked_about(files: ShopFiles):
    path = files.csv(HEAD, ("A", "03/04/2026", "A-1", "杯子", 1, 1))

    with pytest.raises(Trouble) as caught:
        files.take(path)

    assert caught.value.code == "unclear"
    assert caught.value.hint.params == {"column": "下单时间"}
    assert not files.count("select count(*) from orders")


def test_a_decimal_comma_is_seen(files: ShopFiles):
    files.take(files.csv(HEAD, line("A", price="1.234,50"), line("B", price="3,00")))

    assert files.orders()["A"].lines[0].unit_price_minor == 123450


# --- rows that cannot be taken -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line("A", qty=-1), "数量 is negative."),
        (line("A", qty="1.5"), "数量 is not a number of pieces."),
        (line("A", price="abc"), "单价 is not an amount. Write it like 128.50."),
        (line("A", sku="3.71E+12"), "商家编码 was shortened by a spreadsheet."),
        (("A", "soon", "A-1", "杯子", 1, 1), "下单时间 is not a date. Write it like 2026-06-13 20:30:00."),
        (("A", "", "A-1", "杯子", 1, 1), "No 下单时间. Fill it in."),
    ],
)
def test_a_row_says_which_column_is_wrong_and_the_others_go_in(
    files: ShopFiles, row: tuple[object, ...], reason: str
):
    account = files.take(files.csv(HEAD, *[line(f"G{i}") for i in range(20)], row))

    assert (account.accepted, account.rejected) == (20, 1)
    assert next(iter(account.reasons)).startswith(reason)


def test_rejected_rows_go_in_once_they_are_corrected(files: ShopFiles):
    files.take(files.csv(HEAD, line("A"), line("B", price="abc"), line("=1+1", price="abc")))
    rows = files.rejects()
    assert [row["row"] for row in rows] == ["3", "4"]

    fixed = [[("7.00" if key == "单价" else row[key]) for key in HEAD] for row in rows]
    account = files.take(files.csv(HEAD, *fixed, name="fixed.csv"))

    assert (account.accepted, account.rejected) == (2, 0)
    assert files.orders()["B"].total_minor == 700
    assert "=1+1" in files.orders()


def test_lines_taken_back_become_a_refund_of_the_order_they_belong_to(files: ShopFiles):
    head = ("InvoiceNo", "InvoiceDate", "CustomerID", "StockCode", "Quantity", "UnitPrice")
    rows = [
        ("536365", "2010-12-01 08:26:00", "17850", "85123A", 6, 2.5),
        ("536365", "2010-12-01 08:26:00", "17850", "71053", 8, 3),
        ("536366", "2010-12-01 08:28:00", "17850", "22633", 6, 1),
        ("C536379", "2010-12-01 09:41:00", "17850", "85123A", -2, 2.5),
        ("C536380", "2010-12-01 09:49:00", "17850", "22633", -6, 1),
        ("C536381", "2010-12-01 10:00:00", "99999", "22633", -1, 1),
    ]

    account = files.take(files.csv(head, *rows), options={"currency": "GBP", "zone": "Europe/London"})

    assert (account.accepted, account.rejected) == (5, 1)
    assert next(iter(account.reasons)).startswith(
        "InvoiceNo takes back an article that this customer did not"
    )
    part, whole = files.orders()["536365"], files.orders()["536366"]
    assert [(one.ext_sku, one.qty) for one in part.lines] == [("85123A", 4), ("71053", 8)]
    assert (part.paid_minor, part.refunded_minor, part.payable_minor) == (3900, 500, 3400)
    assert (whole.channel_state, whole.status, whole.refunded_minor) == ("closed_refunded", "cancelled", 600)


# --- several files -------------------------------------------------------------------------------------


def test_files_are_joined_by_their_keys_and_rows_nobody_needs_are_told(files: ShopFiles):
    orders = files.csv(
        ("order_id", "customer_id", "order_status", "order_purchase_timestamp"),
        ("1", "c1", "shipped", "2018-01-01 10:00:00"),
        ("2", "c2", "weird", "2018-01-02 10:00:00"),
        name="orders.csv",
    )
    items = files.csv(
        ("order_id", "order_item_id", "product_id", "price", "freight_value"),
        ("1", "1", "p1", "10.00", "2.00"), ("1", "2", "p2", "5.50", "0"), ("2", "1", "p1", "1", "0"),
        ("9", "1", "p1", "1", "0"),
        name="items.csv",
    )  # fmt: skip
    payments = files.csv(
        ("order_id", "payment_value"), ("1", "17.00"), ("1", "0.50"), ("2", "1"), name="payments.csv"
    )
    customers = files.csv(
        ("customer_id", "customer_city", "customer_state"), ("c1", "recife", "PE"), ("c2", "natal", "RN"),
        ("c3", "rio", "RJ"), name="customers.csv",
    )  # fmt: skip

    account = files.take(orders, items, payments, customers, options={"currency": "BRL", "country": "BR"})

    assert {f.name: (f.read, f.new, f.rejected) for f in account.files} == {
        "orders.csv": (2, 2, 0),
        "items.csv": (4, 3, 1),
        "payments.csv": (3, 3, 0),
        "customers.csv": (3, 2, 1),
    }
    assert account.reasons == {"No order of these files uses this row.": 2}
    one, other = files.orders()["1"], files.orders()["2"]
    assert (one.total_minor, one.paid_minor, one.region.city) == (1750, 1750, "recife")
    assert (one.channel_state, other.channel_state) == ("shipped", "unknown")


def test_an_order_that_cannot_be_read_takes_the_rows_of_all_files_with_it(files: ShopFiles):
    orders = files.csv(
        ("OrderID", "OrderDate", "CustomerID"),
        ("1", "never", "c"),
        ("2", "2026-01-01", "c"),
        name="orders.csv",
    )
    lines = files.csv(
        ("OrderID", "ProductID", "Quantity", "UnitPrice"),
        ("1", "p", 1, 1),
        ("2", "p", 1, 1),
        name="lines.csv",
    )

    account = files.take(orders, lines)

    assert {f.name: (f.new, f.rejected) for f in account.files} == {"orders.csv": (1, 1), "lines.csv": (1, 1)}
    kept = sorted(path.name for path in files.rejected.parent.iterdir())
    assert kept == ["lines.rejected.csv", "orders.rejected.csv"]


def test_businesses_named_in_a_file_are_written_down_and_their_orders_carry_them(files: ShopFiles):
    orders = files.csv(
        ("OrderID", "CustomerID", "OrderDate", "ShippedDate", "ShipCountry", "Freight"),
        ("10248", "VINET", "1996-07-04", "1996-07-16", "France", "32.38"),
        ("10249", "VINET", "1996-07-05", "", "Nowhere", "1.00"),
        name="orders.csv",
    )
    details = files.csv(
        ("OrderID", "ProductID", "UnitPrice", "Quantity", "Discount"),
        ("10248", "11", "14.0", "12", "0.05"), ("10249", "11", "14.0", "1", "0"),
        name="order_details.csv",
    )  # fmt: skip
    customers = files.csv(("CustomerID", "CompanyName"), ("VINET", "Vins et alcools"), name="customers.csv")

    files.take(orders, details, customers, options={"currency": "USD"})

    sent, open_ = files.orders()["10248"], files.orders()["10249"]
    assert (sent.customer, sent.region.country, open_.region.country) == ("VINET", "FR", "ZZ")
    assert (sent.lines[0].unit_price_minor, sent.total_minor) == (1330, 15960 + 3238)
    assert (sent.channel_state, open_.channel_state) == ("shipped", "to_ship")
    assert files.count("select count(*) from ref where tbl = 'customer' and pk = 'VINET'") == 1


# --- mappings ------------------------------------------------------------------------------------------


def test_a_kept_mapping_is_found_again_by_its_columns_in_any_order(files: ShopFiles):
    head = ("Ref", "When", "Ware", "Stück", "Preis")
    plan = files.folder / "plan.json"
    plan.write_text(
        '{"bindings":[{"field":"number","column":"Ref"},{"field":"ordered_at","column":"When","reading":"dmy"},'
        '{"field":"sku","column":"Ware"},{"field":"qty","column":"Stück"},'
        '{"field":"price","column":"Preis","reading":"comma"}],"currency":"EUR"}'
    )
    row = ("R1", "03/04/2026", "w", 2, "1,50")

    files.take(files.csv(head, row), mapping_file=plan, save_mapping=True)
    turned = files.take(files.csv(head[::-1], ("2,50", 1, "w", "05/06/2026", "R2"), name="next.csv"))

    assert turned.accepted == 1
    order = files.orders()["R2"]
    assert (order.ordered_at.day, order.ordered_at.month, order.lines[0].unit_price_minor) == (4, 6, 250)


def test_a_mapping_for_other_columns_is_refused_and_nothing_is_written(files: ShopFiles):
    plan = files.folder / "plan.json"
    plan.write_text(
        '{"bindings":[{"field":"number","column":"Nope"},{"field":"ordered_at","column":"下单时间"}]}'
    )

    with pytest.raises(Trouble) as caught:
        files.take(files.csv(HEAD, line("A")), mapping_file=plan)

    assert caught.value.code == "headers"
    assert not files.count("select count(*) from raw")
