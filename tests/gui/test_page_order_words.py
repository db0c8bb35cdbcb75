"""What an order sheet says of a sale the hub has not answered, and of what went out to the world."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, line, ship_it
from desk_fake import FakeDesk
from page_scene import Scene

from app.commands.recheck import Recheck
from app.domain.effect import EffectState, Outcome
from app.domain.promised import Reserved
from app.domain.stock import Lease
from app.domain.values import Role, order_key, stock_key
from app.ports import OutboxRow
from app.presenters.order import OrderSheet
from app.text import Text
from widgets import words
from widgets.pages.order import OrderPage

PENDING = OutboxRow(n=1, name="new_order", subject="o1", who="lin", saved_at=NOW, state="saved")
HELD = (Reserved("1", "SZ", "LN-220", 2),)


@pytest.fixture
def fake():
    """A typed sale of two pieces; this PC was asked for it and holds nothing more, another holds four."""
    fake = FakeDesk()
    fake.company.receive("o1", lines=(line(qty=2),))
    sold = fake.company.order()
    known = {"ext_id": "", "status": "gated", "reserved": (), "warehouse": ""}
    fake.company.rows[order_key("o1")] = msgspec.structs.replace(sold, **known)
    other = Lease(desk="pc-2", qty=4, until=NOW + timedelta(hours=8))
    shelf = msgspec.structs.replace(fake.company.stock(), reserved=4, leases=(other,))
    fake.company.rows[stock_key("SZ", "LN-220")] = shelf
    return fake


def change(fake, **changes):
    fake.company.rows[order_key("o1")] = msgspec.structs.replace(fake.company.order(), **changes)


def shown(qtbot, aio, fake, language="en"):
    words.set_language(language)
    return Scene(
        qtbot, aio, lambda tasks, go: OrderPage(OrderSheet(fake.desk), tasks, go), "order", {"id": "o1"}
    )


def tags(scene):
    return [word for word, _, _ in scene.page.sheet.tags._shown]


@pytest.mark.parametrize(("language", "said"), [("en", "To be confirmed"), ("zh_CN", "待确认")])
def test_a_sale_beyond_the_lease_is_to_be_confirmed(qtbot, aio, fake, language, said):
    fake.waiting.append(PENDING)

    assert tags(shown(qtbot, aio, fake, language)) == [said]


@pytest.mark.parametrize(("language", "said"), [("en", "Confirmed by lease"), ("zh_CN", "本机租约")])
def test_a_sale_out_of_the_lease_is_confirmed(qtbot, aio, fake, language, said):
    change(fake, reserved=HELD, warehouse="SZ", by_lease=True)
    fake.waiting.append(PENDING)

    scene = shown(qtbot, aio, fake, language)

    assert tags(scene) == [said]
    assert scene.page.presenter.state.lines[0].is_leased


def test_what_the_hub_has_answered_needs_no_word(qtbot, aio, fake):
    assert tags(shown(qtbot, aio, fake)) == []


def test_the_sum_names_what_other_desks_hold(qtbot, aio, fake):
    scene = shown(qtbot, aio, fake)

    row = scene.page.presenter.state.stock[0]
    assert (row.on_hand, row.reserved, row.leased, row.available) == (10, 0, 4, 6)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_went_out_stands_on_the_sheet_and_a_doubt_has_its_keys(qtbot, aio, language):
    fake = FakeDesk(user="wu")
    fake.company.receive("o1")
    ship_it(fake.company)
    text = Text("{what}: nobody can tell whether it arrived", {"what": Text("Ship confirmation")})
    doubt = Outcome(key="confirm:o1:1", kind="confirm", state=EffectState.UNKNOWN, text=text, at=NOW)
    change(fake, effects=(doubt,))
    fake.company.must(Recheck(order="o1"), Role.LEAD)
    scene = shown(qtbot, aio, fake, language)

    assert tags(scene) == [words.tr("Outcome unknown")]
    labels = [act.label for act in scene.page.presenter.state.acts[:2]]
    assert labels == ["It arrived", "Send again"]
    assert scene.page.presenter.state.snags[0][3] == text


@pytest.mark.parametrize(("language", "said"), [("en", "Other system"), ("zh_CN", "其他系统")])
def test_what_a_newer_hub_did_that_has_no_word_here_is_shown(qtbot, aio, language, said):
    fake = FakeDesk()
    fake.company.receive("o1")
    known = Outcome(key="n:1", kind="newer", state=EffectState.DONE, text=Text("{n}", {"n": 7}), at=NOW)
    change(fake, effects=(known,))

    groups = shown(qtbot, aio, fake, language).page.sheet.facts._groups

    assert [(fact.label, fact.value) for group in groups for fact in group.facts if fact.value == "7"] == [
        (said, "7")
    ]
