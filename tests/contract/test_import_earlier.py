"""Rows that take back what came in an earlier file: the original is found, or the row is rejected."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from shop_files import ShopFiles

from app.boot.importing import BY, Account
from app.boot.opening import open_hub, tools_of
from sync.hub.imports.importing import Importing

HEAD = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShopFiles:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    monkeypatch.setattr("app.boot.importing.PATIENCE_S", 0.0)
    monkeypatch.setattr("app.boot.words.console_language", lambda: "en")
    return ShopFiles(tmp_path)


def row(
    number: str, article: str = "LN", qty: int = 6, at: str = "2010-12-01", customer: str = "17850"
) -> tuple[object, ...]:
    return (number, article, "Lamp", qty, f"{at} 08:26:00", "2.50", customer, "United Kingdom")


SOLD = (row("36365"), row("36365", "CT", 2))
LATER = row("36400", qty=9, at="2010-12-05")
BACK = row("C36379", qty=-4, at="2010-12-03")


def take(files: ShopFiles, *rows: tuple[object, ...], dry: bool = False) -> tuple[int, int, int]:
    account: Account = files.take(files.csv(HEAD, *rows), shop="UC9", dry=dry)
    return account.accepted, account.unchanged, account.rejected


def pieces(files: ShopFiles, number: str) -> dict[str, int]:
    return {line.ext_sku: line.qty for line in files.orders()[number].lines}


def test_a_cancellation_finds_its_order_in_an_earlier_file(files: ShopFiles):
    assert take(files, *SOLD, LATER) == (3, 0, 0)

    account = files.take(files.csv(HEAD, BACK), shop="UC9")

    assert (account.rows_read, account.new, account.changed, account.rejected) == (1, 0, 1, 0)
    assert pieces(files, "36365") == {"LN": 2, "CT": 2}
    assert pieces(files, "36400") == {"LN": 9}


def test_what_was_paid_for_it_is_owed_no_more(files: ShopFiles):
    take(files, *SOLD)
    before = files.orders()["36365"].payable_minor
    take(files, BACK)

    assert (before, files.orders()["36365"].payable_minor) == (2_000, 1_000)


def test_a_dry_run_finds_it_too_and_writes_nothing(files: ShopFiles):
    take(files, *SOLD)
    head = files.count("select head from feed")

    assert take(files, BACK, dry=True) == (1, 0, 0)
    assert files.count("select head from feed") == head


def test_the_same_cancellation_again_says_nothing_new_and_neither_does_the_first_file(files: ShopFiles):
    take(files, *SOLD)
    take(files, BACK)

    assert take(files, BACK) == (0, 1, 0)
    assert take(files, *SOLD) == (0, 2, 0)
    assert pieces(files, "36365") == {"LN": 2, "CT": 2}


def test_cancellations_of_several_files_add_up_and_take_no_more_than_was_sold(files: ShopFiles):
    take(files, *SOLD)
    take(files, BACK)

    account = files.take(
        files.csv(HEAD, row("C36390", qty=-3, at="2010-12-04"), row("C36391", qty=-2, at="2010-12-04")),
        shop="UC9",
    )

    assert (account.accepted, account.rejected) == (1, 1)
    (reason,) = account.reasons
    assert reason.startswith("InvoiceNo takes back an article that this customer did not order before")
    assert [each["InvoiceNo"] for each in files.rejects()] == ["C36390"]
    assert pieces(files, "36365") == {"CT": 2}


def test_an_order_taken_back_whole_is_closed(files: ShopFiles):
    take(files, LATER)

    assert take(files, row("C36412", qty=-9, at="2010-12-06")) == (1, 0, 0)
    assert files.orders()["36400"].status == "cancelled"


def test_a_cancellation_that_repeats_the_number_finds_that_order_first(files: ShopFiles):
    take(files, *SOLD, row("36370", qty=9, at="2010-12-02"))

    take(files, row("C36365", qty=-4, at="2010-12-03"))

    assert pieces(files, "36365") == {"LN": 2, "CT": 2}
    assert pieces(files, "36370") == {"LN": 9}


def test_another_customers_order_and_one_of_later_are_left_alone(files: ShopFiles):
    take(files, row("36365", customer="9"), LATER)

    assert take(files, BACK) == (0, 0, 1)


def test_an_order_whose_file_was_taken_back_is_no_original(files: ShopFiles):
    brought = files.take(files.csv(HEAD, *SOLD), shop="UC9").import_id
    running = open_hub(files.database)
    Importing(tools_of(running)).undo(brought, BY, patience_s=0.0)
    running.close()

    assert take(files, BACK) == (0, 0, 1)


def test_retail_invoices_in_two_files_leave_fewer_cancellations_alone(
    files: ShopFiles, shared_data: Callable[..., Path]
):
    """The first days go in; cancellations among the next rows find their orders there."""
    with gzip.open(shared_data("uci_online_retail", "online_retail.csv.gz")) as whole:
        head, *rows = islice(whole, 6_001)
    one, two = files.folder / "one.csv", files.folder / "two.csv"
    one.write_bytes(b"".join([head, *rows[:4_000]]))
    two.write_bytes(b"".join([head, *rows[4_000:]]))

    alone = files.take(two, shop="UC9", dry=True)
    files.take(one, shop="UC9")
    after = files.take(two, shop="UC9", dry=True)

    assert after.rows_read == alone.rows_read == 2_000
    assert after.rejected < alone.rejected
