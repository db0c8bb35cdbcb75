"""The table of moves: complete, reachable, and the only way."""

from __future__ import annotations

import pytest

from app import engine
from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.keep_lots import KeepLots
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.put_back import PutBack
from app.commands.recall_lot import RecallLot
from app.commands.receive_stock import ReceiveStock
from app.commands.record_scan import RecordScan
from app.commands.restore import Restore
from app.commands.ship import Ship
from app.commands.split import Split
from app.commands.withdraw import Withdraw
from app.domain.events import StatusChanged
from app.domain.lifecycle import MOVES, check, may_move, reachable
from app.domain.lot import InLots
from app.domain.making import Part
from app.domain.order import TITLES, ChannelState, Status
from app.domain.scan import Scan, ScanKind
from app.domain.values import Region, Role
from tests.builders import NOW, RECEIVER, Company, line, receive

CHANNEL, CLERK, FLOOR = Role.CHANNEL, Role.CLERK, Role.WAREHOUSE
UNREAD = Region(province="浙江省", verdict="fix")
"""Keeps an order at `to_check`."""


def says(version: int, state: ChannelState = ChannelState.TO_SHIP, **changes: object):
    return receive(ext_version=str(version), channel_state=state, **changes), CHANNEL


COME = says(1)
HOLD = (Hold(order="o1", reason="ask"), CLERK)
PICK, PUT_BACK = (Pick(order="o1", line="1"), FLOOR), (Pick(order="o1", line="1", qty=-1), FLOOR)
SHIPPED = (COME, PICK, (Pack(order="o1"), FLOOR), (Ship(order="o1", carrier="SF", tracking_no="1"), FLOOR))
CANCEL, RESTORE = (Cancel(order="o1", reason="asked"), CLERK), (Restore(order="o1"), CLERK)
DOUBT = (FixAddress(order="o1", receiver=RECEIVER, region=UNREAD), CLERK)
BACK = (Withdraw(order="o1", file="orders.csv", by="lead"), CHANNEL)
OFF, GONE, OVER = ChannelState.CANCELLED, ChannelState.SHIPPED, ChannelState.COMPLETED
HOME = Scan(kind=ScanKind.DELIVERED, at=NOW)
AT_HOME = (RecordScan(order="o1", scan=HOME), CLERK)
NOT_AT_HOME = (RecordScan(order="o1", scan=HOME, takes_back=True), CLERK)
PAIR = {"lines": (line(qty=2),)}
SPLIT = (Split(order="o1", parts=(Part("p1", (("1", 1),)), Part("p2", (("1", 1),)))), CLERK)
WHOLE = (PutBack(order="o1"), CLERK)
ONE_IN_A_LOT = (
    (KeepLots(sku="LN-220", in_lots=InLots()), CLERK),
    (
        ReceiveStock(
            doc="d", warehouse="SZ", sku="LN-220", qty=1, reference="7", lot="A", best_before=NOW.date()
        ),
        FLOOR,
    ),
)
RECALLED = (
    (Pack(order="o1"), FLOOR),
    (RecallLot(sku="LN-220", lot="A", reason="glass"), Role.LEAD),
    (Pick(order="o1", line="1", qty=-1, lot="A"), FLOOR),
)
WAYS = (
    (says(1, **PAIR), SPLIT, WHOLE),
    (says(1, **PAIR), SPLIT, says(2, OFF, **PAIR), WHOLE),
    (says(1, **PAIR, paid_minor=0), SPLIT),
    (says(1, **PAIR, region=UNREAD), SPLIT, WHOLE),
    (COME, HOLD, DOUBT),
    (COME, PICK, PUT_BACK),
    (*ONE_IN_A_LOT, COME, PICK, *RECALLED),
    (*ONE_IN_A_LOT, says(1, **PAIR), PICK, PICK, *RECALLED),
    (*SHIPPED, says(2, OVER), says(3, OFF)),
    (*SHIPPED, says(2, OFF)),
    (COME, CANCEL, RESTORE),
    (COME, HOLD, CANCEL),
    (says(1, region=UNREAD), CANCEL),
    (says(1, OFF), says(2)),
    (COME, says(2, OFF)),
    (COME, HOLD, says(2, OFF)),
    (says(1, region=UNREAD), says(2, OFF, region=UNREAD)),
    (says(1, GONE),),
    (COME, says(2, GONE)),
    (COME, HOLD, says(2, GONE)),
    (says(1, region=UNREAD), says(2, GONE, region=UNREAD)),
    (says(1, GONE), BACK, says(2, OVER), BACK),
    (says(1, ext_id=""), *SHIPPED[1:], AT_HOME, NOT_AT_HOME),
)


def test_every_state_can_be_reached():
    assert reachable() == frozenset(Status)


def test_every_state_has_a_title():
    assert set(TITLES) == set(Status)


def test_every_move_is_asked_by_a_command_or_follows_by_itself():
    assert {move.by for move in MOVES} <= {*engine.SPECS, "engine"}


def test_no_move_stands_there_twice():
    assert len({(m.before, m.after, m.by) for m in MOVES}) == len(MOVES)


def test_nothing_leaves_returned():
    assert [move for move in MOVES if move.before is Status.RETURNED] == []


def test_a_move_outside_the_table_is_a_bug():
    assert not may_move(Status.RECEIVED, Status.SHIPPED, "ship")
    with pytest.raises(LookupError, match="ship may not move received → shipped"):
        check(Status.RECEIVED, Status.SHIPPED, "ship")


def test_every_move_of_the_table_happens_in_a_company():
    """One order for each way through the table."""
    made: set[tuple[Status, Status]] = set()
    for way in WAYS:
        company = Company()
        for command, by in way:
            company.must(command, by)
        made |= {(ev.before, ev.after) for ev in company.journal if isinstance(ev, StatusChanged)}

    assert made == {(move.before, move.after) for move in MOVES}
