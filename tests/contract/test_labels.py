"""Labels by files: asked when it cannot be taken back any more, answered once, void when not needed."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import pytest
from carrier import FAULTS, HttpProvider
from carrier import Carrier as Office
from carrier_world import FAR, NEAR
from hub_world import FEED, SEAL, HubWorld, bought

from app.boot.divisions import load_gazetteer
from app.commands.cancel import Cancel
from app.commands.choose_carrier import ChooseCarrier
from app.commands.fix_address import FixAddress
from app.commands.redo_effect import RedoEffect
from app.commands.set_carrier import SetCarrier
from app.domain.address import ACCEPT
from app.domain.effect import HOLD
from app.domain.order import Order
from app.domain.values import Role
from sync import tables
from sync.hub.asking import Worker
from sync.hub.effects import LOOKS_MOST, WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.label_folder import ASKS, LabelFolder
from sync.hub.label_requests import LabelRequests

GIVES = type(NEAR)(code="SJ", title="山脊快运", services=("标准快递",), gives_labels=True)
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a label does; that effects work on both is shown where effects are."""
NAMES = ("季小雨", "13800000000", "文晖路")


class Room:
    """A hub with one carrier that gives labels through a folder, and the worker that asks for them."""

    def __init__(self, hub: HubWorld, provider) -> None:
        self.hub, self.provider = hub, provider
        self.lead = hub.desk(Role.LEAD, "lead")
        self.lead.must(SetCarrier(carrier=GIVES))
        info = open_worker(hub.engine, FEED, WORKER, hub.clock())
        worker = Worker(hub.engine, FEED, hub.writer, info)
        prepare = LabelRequests(hub.engine, FEED, SEAL, hub.clock, WORKER).by_kind()
        self.effects = Effects(worker, lambda _shop, _kind: self.provider, hub.clock, prepare=prepare)

    def sell(self, id: str = "o1") -> None:
        self.hub.channel.must(bought(id))

    def wait(self, seconds: float = HOLD.total_seconds() + 1) -> None:
        """Let time pass, then let the worker do what is due."""
        self.hub.clock.move(seconds=seconds)
        while self.effects.carry_out():
            pass

    def order(self) -> Order:
        return self.hub.order("o1")

    def states(self) -> dict[str, str]:
        return {row.effect_key: row.state for row in self.hub.rows(tables.effect)}


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "labels"


@pytest.fixture
def room(hub: HubWorld, folder: Path) -> Room:
    room = Room(hub, LabelFolder(folder))
    room.sell()
    return room


def requests(folder: Path) -> list[dict[str, str]]:
    found = []
    for path in sorted(folder.glob("label-*.csv")):
        if ".answer." not in path.name:
            with path.open(encoding="utf-8-sig", newline="") as file:
                found += list(csv.DictReader(file))
    return found


def answer(folder: Path, *row: str, head: str = "tracking_no,reason") -> None:
    (path,) = (one for one in folder.glob("label-*.csv") if ".answer." not in one.name)
    path.with_suffix(".answer.csv").write_text(f"{head}\n{','.join(row)}\n", encoding="utf-8")


def test_it_leaves_when_nobody_can_take_it_back_and_is_read_back(room: Room, folder: Path):
    room.wait(HOLD.total_seconds() - 1)
    assert requests(folder) == []

    room.wait(2)
    (asked,) = requests(folder)
    assert tuple(asked) == ASKS
    assert (asked["request"], asked["carrier"], asked["city"], asked["pieces"]) == (
        "label:o1:1", "SJ", "杭州市", "1",
    )  # fmt: skip
    assert asked["name"] == room.order().receiver.name

    answer(folder, "SJ0001", "")
    room.wait(60)
    assert (room.order().effects[0].ref, room.states()) == ("SJ0001", {"label:o1:1": "done"})
    assert requests(folder) == []
    assert room.order().snags == ()
    assert room.hub.verify().ok


@ONE_DATABASE
@pytest.mark.parametrize(
    "harm",
    ["DELETE FROM effect", "UPDATE effect SET effect_key = 'label:o1:7'", "UPDATE effect SET kind = 'void'"],
)
def test_a_label_nobody_names_or_that_is_gone_is_found_out(room: Room, harm: str):
    assert room.hub.verify().ok
    room.hub.sql(harm)

    found = [one.detail for one in room.hub.verify().findings if one.subject.startswith("o1/label")]
    assert found[0] == "label differs from the order's document"


@ONE_DATABASE
def test_no_name_stands_in_the_row_and_whoever_read_it_is_written_down(room: Room):
    (row,) = room.hub.rows(tables.effect)
    room.wait()

    assert not any(name in row.payload for name in NAMES)
    (seen,) = room.hub.rows(tables.reveal)
    assert (seen.order_id, seen.user_code) == ("o1", WORKER)


@ONE_DATABASE
def test_cancelled_within_the_time_to_take_it_back_nothing_leaves(room: Room, folder: Path):
    room.lead.must(Cancel(order="o1", reason="asked"))
    room.wait()
    room.wait(120)

    assert not list(folder.glob("*"))
    assert room.states() == {"label:o1:1": "rejected", "void:o1:1": "done"}
    assert room.order().snags == ()


@ONE_DATABASE
def test_cancelled_later_the_carrier_is_told(room: Room, folder: Path):
    room.wait()
    answer(folder, "SJ0001", "")
    room.wait(60)
    room.lead.must(Cancel(order="o1", reason="asked"))
    room.wait()

    (told,) = folder.glob("void-*.csv")
    assert told.read_text(encoding="utf-8-sig").splitlines()[1] == "label:o1:1,SJ,SJ0001"
    assert room.states() == {"label:o1:1": "done", "void:o1:1": "done"}


@ONE_DATABASE
def test_a_void_waits_for_a_label_that_is_still_asked_for(room: Room, folder: Path):
    room.wait()
    room.lead.must(Cancel(order="o1", reason="asked"))
    room.wait()
    assert room.states()["void:o1:1"] == "todo"

    answer(folder, "SJ0001", "")
    room.wait(600)
    room.wait(600)
    assert room.states() == {"label:o1:1": "done", "void:o1:1": "done"}
    assert list(folder.glob("void-*.csv"))


def test_a_refusal_says_why_in_our_words_and_is_tried_anew(room: Room, folder: Path):
    room.wait()
    answer(folder, "", "bad_postcode")
    room.wait(60)
    (snag,) = room.order().snags
    assert (snag.kind, room.states()) == ("label_failed", {"label:o1:1": "rejected"})
    assert snag.text.params["text"].params["reason"].message == "the postcode does not match"

    room.lead.must(RedoEffect(order="o1", key="label:o1:1", looks=True))
    room.wait()
    assert len(requests(folder)) == 1
    answer(folder, "SJ0002", "")
    room.wait(60)
    assert (room.order().effects[0].ref, room.order().snags) == ("SJ0002", ())


@ONE_DATABASE
def test_what_they_say_in_their_own_words_is_kept_nowhere(room: Room, folder: Path):
    room.wait()
    answer(folder, "", f"{NAMES[0]} {NAMES[1]}")
    room.wait(60)

    assert "another reason" in room.order().snags[0].text.params["text"].params["reason"].message
    assert not any(name in row.doc for row in room.hub.rows(tables.snag) for name in NAMES)
    (book,) = folder.iterdir()
    assert not any(name in book.read_text(encoding="utf-8") for name in NAMES)


@ONE_DATABASE
def test_a_refused_postcode_is_set_right_and_asked_again_with_no_person_once(hub: HubWorld, folder: Path):
    hub.gazetteer = load_gazetteer()
    hub.restart()
    room = Room(hub, LabelFolder(folder))
    room.sell()
    order, right = room.order(), "310000"
    wrong = msgspec.structs.replace(order.region, postcode="310999", verdict=ACCEPT)
    room.lead.must(FixAddress(order="o1", receiver=order.receiver, region=wrong))
    room.wait()
    assert [row["postcode"] for row in requests(folder)] == [wrong.postcode]
    answer(folder, "", "bad_postcode")
    room.wait(15)
    assert (room.order().snags, room.order().region.postcode) == ((), right)
    room.wait(45)
    assert [row["postcode"] for row in requests(folder)] == [right]
    answer(folder, "", "bad_postcode")
    room.wait(60)
    assert [snag.kind for snag in room.order().snags] == ["label_failed"]
    assert (requests(folder), room.order().region.postcode) == ([], right)


@ONE_DATABASE
def test_an_answer_that_comes_late_is_found_by_looking_and_nothing_is_asked_twice(room: Room, folder: Path):
    room.wait()
    for _ in range(LOOKS_MOST + 1):
        room.wait(1_000)
    answer(folder, "SJ0001", "")
    room.lead.must(RedoEffect(order="o1", key="label:o1:1", looks=True))
    room.wait()

    assert (room.order().effects[0].ref, room.order().snags) == ("SJ0001", ())


@ONE_DATABASE
def test_the_next_carrier_needs_no_label_of_the_first(room: Room, folder: Path):
    room.lead.must(SetCarrier(carrier=FAR))
    room.wait()
    answer(folder, "", "not_served")
    room.wait(60)
    room.lead.must(ChooseCarrier(order="o1", carrier="YX"))
    room.wait()

    assert room.states() == {"label:o1:1": "rejected", "void:o1:1": "done"}
    assert room.order().snags == ()


@ONE_DATABASE
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_a_carrier_asks_for_two(hub: HubWorld, fault: str):
    office = Office(takes_keys=False)
    with office.open() as url:
        room = Room(hub, HttpProvider(url, takes_keys=False))
        room.sell()
        office.faults.append(fault)
        for _ in range(4):
            room.wait(120)

    assert office.books == ["label:o1:1"]
    assert room.order().effects[0].ref == "T-label:o1:1"
