"""The list of the inbox beyond what is loaded, its filter, and keys for what is no order."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, line
from desk_fake import FakeDesk
from page_scene import Scene
from PySide6.QtCore import Qt

from app import inbox_reading as presenter
from app.commands.claim import Claim
from app.commands.escalate import Escalate
from app.commands.open_case import OpenCase
from app.commands.snooze import Snooze
from app.domain.values import Receiver, Role
from app.ports import SnagRow
from app.presenters.inbox import Inbox
from app.text import Text
from tests.builders import actor, receive
from widgets import evidence, history, inbox_list, words
from widgets.pages.inbox import InboxPage
from widgets.snag_evidence import evidence_of

Key = Qt.Key
ORDERS = 14
CASE = "TM1/7"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch):
    """Fourteen orders out of stock; a list that holds five of them at first."""
    monkeypatch.setattr(presenter, "ROWS", 5)
    monkeypatch.setattr(presenter, "STEP", 3)
    monkeypatch.setattr(presenter, "BEHIND", 3)
    monkeypatch.setattr(inbox_list, "NEAR", 1)
    fake = FakeDesk()
    fake.company.set_stock(0, "CT-180")
    for n in range(1, ORDERS + 1):
        receiver = Receiver(name="季小雨", phone=f"1380000{n:04}", street=f"文晖路{n}号{n}幢", note="")
        lines = (line(ext_sku="A-3", unit_price_minor=12_900),)
        fake.company.must(receive(f"o{n}", receiver=receiver, lines=lines), Role.CHANNEL)
    words.set_language("en")
    return fake


def open_page(qtbot, aio, fake):
    return Scene(qtbot, aio, lambda tasks, go: InboxPage(Inbox(fake.desk), tasks, go), "inbox", None)


def shown(scene):
    return [row.key.partition(":")[0] for row in scene.page._state.rows]


def here(scene):
    return scene.page._state.card.row.key.partition(":")[0]


def test_a_hand_goes_through_all_of_it_and_back(qtbot, aio, fake):
    scene = open_page(qtbot, aio, fake)
    assert shown(scene) == ["o1", "o2", "o3", "o4", "o5"]

    passed = [here(scene)]
    for _ in range(ORDERS - 1):
        scene.press(Key.Key_J)
        passed.append(here(scene))

    assert passed == [f"o{n}" for n in range(1, ORDERS + 1)]
    assert len(shown(scene)) < ORDERS, "what lies far behind is let go of"
    scene.press(Key.Key_K, times=ORDERS - 1)
    assert here(scene) == "o1"
    assert scene.page._state.start == 0


def test_a_key_lays_out_one_card(qtbot, aio, fake, monkeypatch):
    """What comes next is there already, and so is the way back."""
    scene = open_page(qtbot, aio, fake)
    laid, lay_out = [], presenter.lay_out

    async def counted(desk, row, chosen):
        laid.append(row.snag.id)
        return await lay_out(desk, row, chosen)

    monkeypatch.setattr(presenter, "lay_out", counted)
    page = scene.page.presenter

    async def step(order):
        await page.choose(f"{order}:short_stock")
        await page.prepare()

    for order in ("o2", "o3", "o2", "o3"):
        aio(step(order))

    assert laid == ["o4", "o5", "o1", "o5"]


def test_the_words_of_the_next_card_are_measured_before_it_is_asked_for(qtbot, aio, fake):
    scene = open_page(qtbot, aio, fake)
    qtbot.waitUntil(lambda: scene.page.ahead.is_over)
    before = evidence.placed.cache_info().misses, history.measured.cache_info().misses

    scene.page.card.draw(scene.page._state, scene.page.presenter._ahead["o2:short_stock"])
    ahead = scene.page.presenter._ahead["o2:short_stock"]
    scene.page.evidence.show_sections(evidence_of(ahead, scene.page._state.now))

    assert (evidence.placed.cache_info().misses, history.measured.cache_info().misses) == before


def test_end_and_home_go_to_the_ends_of_the_whole_list(qtbot, aio, fake):
    scene = open_page(qtbot, aio, fake)

    scene.press(Key.Key_End)
    assert (here(scene), scene.page.rows.current_key()) == (f"o{ORDERS}", f"o{ORDERS}:short_stock")

    scene.press(Key.Key_Home)
    assert (here(scene), scene.page.rows.current_key()) == ("o1", "o1:short_stock")


def test_what_is_chosen_stays_loaded(qtbot, aio, fake):
    scene = open_page(qtbot, aio, fake)
    scene.press(Key.Key_X)

    scene.press(Key.Key_J, times=ORDERS - 1)
    scene.press(Key.Key_X)

    assert scene.page.rows.chosen_keys() == ("o1:short_stock", f"o{ORDERS}:short_stock")


def test_the_filter_knows_what_the_types_are_called(qtbot, aio, fake):
    scene = open_page(qtbot, aio, fake)

    scene.do(lambda: scene.page.filter.setText("Out of stock"))
    assert len(shown(scene)) == 5
    scene.do(lambda: scene.page.filter.setText("Delivery unreadable"))
    assert shown(scene) == []


# --- deliveries ----------------------------------------------------------------------------------------


@pytest.fixture
def delivery(fake):
    fake.company.rows = {key: row for key, row in fake.company.rows.items() if key[0] != "order"}
    opened = OpenCase(case=CASE, kind="unreadable_order", subject_id="r7", text=Text("no amount"))
    fake.company.must(opened, Role.WORKER)
    fake.cases.append(
        SnagRow(
            id=CASE, subject="raw", kind="unreadable_order", severity="warn", text=Text("no amount"),
            opened_at=NOW, due_at=NOW + timedelta(minutes=28),
        )
    )  # fmt: skip
    return fake


def case(fake):
    return fake.company.rows["snag", CASE]


def test_a_delivery_is_claimed_put_off_and_sent_to_the_lead(qtbot, aio, delivery):
    scene = open_page(qtbot, aio, delivery)
    scene.press(Key.Key_C)
    assert delivery.given == [Claim(case=CASE, kind="unreadable_order")]
    assert case(delivery).snag.owner == "lin"
    scene.press(Key.Key_Z)
    assert case(delivery).snag.claimed_at is None

    scene.press(Key.Key_H)
    assert [each.label for each in scene.page._laters()] == [
        "In 1 hour",
        "Tomorrow",
        "Platform answers",
        "Back",
    ]
    scene.press(Key.Key_1)
    assert isinstance(delivery.given[-1], Snooze)
    scene.press(Key.Key_Z)
    assert case(delivery).snag.snooze is None

    scene.press(Key.Key_E)
    scene.type("the columns moved")
    scene.press(Key.Key_Return)
    assert isinstance(delivery.given[-1], Escalate)
    assert case(delivery).snag.escalation.reason == "the columns moved"


def test_what_came_is_shown_beside_its_card(qtbot, aio, delivery):
    delivery.texts[CASE] = '{"quantity": "many"}'
    scene = open_page(qtbot, aio, delivery)

    scene.press(Key.Key_2)

    assert scene.page._state.card.original == '{"quantity": "many"}'
    assert [act.label for act in scene.page._state.card.acts][:2] == ["Set aside", "Show text"]


def test_rows_of_a_file_open_the_columns_they_are_read_by(qtbot, aio, delivery):
    mine = "file:TM1:0a1b"
    opened = OpenCase(case=mine, kind="unreadable_order", subject_id="r8", text=Text("3 rows"))
    delivery.company.must(opened, Role.WORKER)
    delivery.cases[0] = msgspec.structs.replace(delivery.cases[0], id=mine)
    scene = open_page(qtbot, aio, delivery)

    scene.press(Key.Key_1)

    assert [act.label for act in scene.page._state.card.acts][:3] == [
        "Correct columns",
        "Show text",
        "Set aside",
    ]
    assert (scene.went[-1], delivery.given) == (("import_file", {"case": mine}), [])


def test_a_delivery_somebody_has_says_who_and_takes_no_key(qtbot, aio, delivery):
    delivery.company.must(Claim(case=CASE, kind="unreadable_order"), actor(Role.CLERK, "shen"))
    scene = open_page(qtbot, aio, delivery)

    reasons = {act.code: act.reason.params for act in scene.page._state.card.acts if act.reason is not None}
    assert reasons == {code: {"who": "沈知夏"} for code in ("set_aside", "claim", "snooze", "escalate")}
    scene.press(Key.Key_1)
    assert delivery.given == []


def test_a_shelf_that_drifted_shows_its_counters_before_and_after_and_is_repaired_first(qtbot, aio, fake):
    fake.company.rows = {key: row for key, row in fake.company.rows.items() if key[0] != "order"}
    drift = "drift/SZ/LN-220/1"
    said = Text("7, 10", {"on_hand": -3, "reserved": 0})
    opened = OpenCase(case=drift, kind="stock_drift", subject_id="SZ/LN-220", text=said)
    fake.company.must(opened, Role.WORKER)
    fake.cases.append(
        SnagRow(
            id=drift, subject="raw", kind="stock_drift", severity="bad", text=said, opened_at=NOW,
            due_at=NOW + timedelta(minutes=28), number="LN-220",
        )
    )  # fmt: skip
    here = fake.company.stock().on_hand

    card = open_page(qtbot, aio, fake).page._state.card

    assert [(row.label, row.before, row.after) for row in card.diff if row.state != "kept"] == [
        ("On hand", str(here), str(here + 3)), ("Not promised", str(here), str(here + 3)),
    ]  # fmt: skip
    assert [act.code for act in card.acts[:2]] == ["repair_row", "let_go"]
    assert [label for label, _ in card.why] == ["Repair this row", "Leave it so"]
