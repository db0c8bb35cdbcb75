"""Lots on the screens: the floor takes what expires first, the stock page lists what expires."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, line
from desk_fake import FakeDesk
from page_scene import Scene
from PySide6.QtCore import Qt

from app.commands.keep_lots import KeepLots
from app.commands.recall_lot import RecallLot
from app.commands.receive_stock import ReceiveStock
from app.domain.gs1 import has_right_check_digit
from app.domain.lot import FromLot, InLots
from app.domain.values import Role
from app.presenters.stock import Stock
from app.presenters.warehouse import Warehouse
from widgets import words
from widgets.pages.stock import StockPage
from widgets.pages.warehouse import WarehousePage

SOON, LATER = NOW.date() + timedelta(days=12), NOW.date() + timedelta(days=200)
GTIN = next(code for n in range(10) if has_right_check_digit(code := f"0690000000022{n}"))


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="qiao")
    company = fake.company
    article = company.refs.articles["LN-220"]
    company.rows["sku", "LN-220"] = msgspec.structs.replace(article, barcode=GTIN[1:])
    company.set_stock(0)
    company.must(KeepLots(sku="LN-220", in_lots=InLots(min_days=5)), Role.CLERK)
    for no, keeps in (("L2", LATER), ("L1", SOON)):
        came = ReceiveStock(
            doc=no, warehouse="SZ", sku="LN-220", qty=3, reference="7", lot=no, best_before=keeps
        )
        company.must(came, Role.WAREHOUSE)
    return fake


def floor(qtbot, aio, fake):
    fake.company.receive("o1", lines=(line(qty=2),))
    return Scene(qtbot, aio, lambda tasks, go: WarehousePage(Warehouse(fake.desk), tasks, go), "warehouse")


def taken(fake):
    return fake.company.order("o1").lines[0].lots


def code(no: str) -> str:
    """What the scanner types of a carton of an article whose bar code is its GTIN of 13 digits."""
    return f"]C101{GTIN}1727033110{no}"


def test_the_floor_says_which_lot_and_a_scan_of_it_picks(qtbot, aio, fake):
    scene = floor(qtbot, aio, fake)
    assert f"Lot L1, best before {SOON.isoformat()}" in scene.page.bin._pick.note

    scene.scan(code("L1"), 1000)

    assert taken(fake) == (FromLot("SZ", "L1", 1, SOON),)


def test_another_lot_is_refused_with_the_one_to_take_and_goes_with_a_reason(qtbot, aio, fake):
    scene = floor(qtbot, aio, fake)

    scene.scan(code("L2"), 1000)
    refused = taken(fake)
    said = scene.page.scan.part_names()[0]
    scene.press(Qt.Key.Key_4)
    scene.until(lambda: taken(fake) != ())

    assert refused == ()
    assert f"Take lot L1, best before {SOON.isoformat()}." in said
    assert taken(fake) == (FromLot("SZ", "L2", 1, LATER),)


def test_a_code_with_a_wrong_digit_picks_nothing(qtbot, aio, fake):
    scene = floor(qtbot, aio, fake)
    wrong = f"{GTIN[:-1]}{(int(GTIN[-1]) + 1) % 10}"

    scene.scan(f"(01){wrong}(10)L1", 1000)

    assert taken(fake) == ()
    assert "The check digit is wrong" in scene.page.scan.part_names()[0]


def test_recalled_pieces_are_laid_back_with_one_key(qtbot, aio, fake):
    scene = floor(qtbot, aio, fake)
    scene.press(Qt.Key.Key_Return)
    fake.company.must(RecallLot(sku="LN-220", lot="L1", reason="glass"), Role.LEAD)

    assert taken(fake) == (FromLot("SZ", "L1", 1, SOON),)
    scene.press(Qt.Key.Key_Z)
    scene.until(lambda: taken(fake) == ())

    assert fake.company.stock().held == 3


def stock(qtbot, aio, fake):
    return Scene(qtbot, aio, lambda tasks, go: StockPage(Stock(fake.desk), tasks, go), "stock")


def test_the_lots_of_a_row_stand_under_its_sum(qtbot, aio, fake):
    fake.company.must(RecallLot(sku="LN-220", lot="L2", reason="glass"), Role.LEAD)
    scene = stock(qtbot, aio, fake)
    scene.press(Qt.Key.Key_J, times=2)
    side = scene.page.side

    assert side.lots.words() == (
        f"L1, {SOON.isoformat()}, 3 pieces, sold for 7 more days. L2, {LATER.isoformat()}, 3 pieces, Recalled"
    )
    assert "3 too old or recalled" in side._sum.accessibleName()
    assert not side.asked.isVisible()


def test_x_lists_what_expires_and_all_again(qtbot, aio, fake):
    scene = stock(qtbot, aio, fake)
    whole = scene.page.model.rowCount()
    scene.press(Qt.Key.Key_X)
    few = [scene.page.model.row(at).key for at in range(scene.page.model.rowCount())]
    scene.press(Qt.Key.Key_X)

    assert few == ["SZ/LN-220"]
    assert scene.page.model.rowCount() == whole
