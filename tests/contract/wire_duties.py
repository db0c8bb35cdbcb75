"""One message of every verb and event about the duty of exceptions."""

from __future__ import annotations

from datetime import UTC, datetime

from app.commands.assign import Assign
from app.commands.claim import Claim
from app.commands.escalate import Escalate
from app.commands.give_back import GiveBack
from app.commands.leave_shift import LeaveShift
from app.commands.read_again import ReadAgain
from app.commands.read_notices import ReadNotices
from app.commands.recall import Recall
from app.commands.snooze import Snooze
from app.commands.take_shift import Claimed, TakeShift
from app.commands.tell import Tell
from app.commands.wake import Wake
from app.domain import duty
from app.domain import events as e
from app.domain.bell import Notice
from app.domain.clock import Times
from app.domain.handover import Handover, Open, What
from app.text import Text

AT = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
ABOUT = {"order": "o1", "kind": "short_stock"}
NOTICE = Notice(
    order="o1", number="DK-1", gate="stock", said=Text("{n} short", {"n": 2}), hint="Look.", at=AT,
    instead_of="shen",
)  # fmt: skip
OPEN = Open(
    what=What.SNAG, id="o1", kind="short_stock", number="DK-1", why=Text("{n} short", {"n": 2}), owner="lin",
    is_claimed=True, until=AT, remark="The shop answers at nine.",
)  # fmt: skip
PAGE = Handover(
    id="h1", warehouse="SZ", lines=(OPEN,), remark="A quiet night.", passes=True, left_by="lin", left_at=AT,
    seal="0123456789abcdef",
)  # fmt: skip

COMMANDS = (
    Claim(**ABOUT),
    GiveBack(**ABOUT, to="lin", claimed_at=AT),
    Snooze(**ABOUT, until=AT, wait="stock"),
    Wake(**ABOUT),
    ReadAgain(case="shop:TM1:0a1b"),
    Escalate(**ABOUT, reason="the buyer calls every hour"),
    Recall(**ABOUT, to="lin", claimed_at=AT),
    Assign(**ABOUT, to="lin", was="shen"),
    Tell(person="lin", notices=(NOTICE,), over=("o2/stock",)),
    ReadNotices(person="lin", notices=("o1/stock",)),
    LeaveShift(id="h1", warehouse="SZ", lines=(OPEN,), remark="A quiet night.", passes=True),
    TakeShift(id="h1", warehouse="SZ", seal=PAGE.seal, claims=(Claimed(order="o1", kind="short_stock"),)),
)
EVENTS = (
    e.SnagClaimed(**ABOUT, by="lin", at=AT),
    e.SnagGivenBack(**ABOUT, declined_by="lin"),
    e.SnagSnoozed(**ABOUT, snooze=duty.Snooze(by="lin", at=AT, until=AT, wait="stock"), stops=True),
    e.SnagWoken(**ABOUT, at=AT, times=Times(AT, AT)),
    e.SnagEscalated(**ABOUT, escalation=duty.Escalation(why="asked", at=AT, by="lin", reason="too hard")),
    e.SnagRecalled(**ABOUT, to="lin", claimed_at=AT),
    e.SnagAssigned(**ABOUT, to="lin", at=AT),
    e.PersonTold(person="lin", at=AT, notices=(NOTICE,), over=("o2/stock",)),
    e.NoticesRead(person="lin", at=AT, notices=("o1/stock",)),
    e.ShiftLeft(handover=PAGE),
    e.ShiftTaken(id="h1", warehouse="SZ", by="shen", at=AT, claims=1),
)
