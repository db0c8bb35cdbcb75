"""Figures at the hub: whose they are, who is named, how long they are kept; they equal the report."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, line
from hub_world import FEED, HubWorld, bought

from app.boot import report
from app.commands.cancel import Cancel
from app.commands.claim import Claim
from app.commands.note_guide import NoteGuide
from app.commands.waive import Waive
from app.domain.company import GRANTS, User
from app.domain.step_use import Advised, StepUse
from app.domain.values import Role
from app.insight.handling import NAMED_LEAST
from app.trouble import Trouble
from sync.hub import compliance
from sync.hub.figures import KEPT_FOR, Books
from sync.hub.tokens import Session

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is read off rows by Python is the same on both databases."""
SHORT = "short_stock"
HAND_S = 20


def session(role: Role) -> Session:
    user = User(code=role.value, title=role.value, role=role)
    return Session("login", user, "pc", "replica", GRANTS[role], NOW + timedelta(days=1))


def end(hub: HubWorld, role: Role, *orders: str) -> None:
    """Let somebody claim what is short and call it off a while later."""
    hub.channel.must(*(bought(order, lines=(line(qty=999),)) for order in orders))
    clerk = hub.desk(role)
    clerk.must(*(Claim(order=order, kind=SHORT) for order in orders))
    hub.clock.move(seconds=HAND_S)
    clerk.must(*(Cancel(order=order, reason="nothing comes") for order in orders))


@pytest.fixture
def books(hub: HubWorld) -> Books:
    return Books(hub.engine, FEED, hub.clock)


@ONE_KIND
def test_a_lead_reads_everybody_and_a_clerk_themselves(hub: HubWorld, books: Books):
    end(hub, Role.CLERK, "o1", "o2")
    end(hub, Role.TRAINER, "o3")

    whole, own = (books.handling(7, session(role)) for role in (Role.LEAD, Role.CLERK))

    assert (whole.closed.n, whole.people, whole.is_own) == (3, 2, False)
    assert (own.closed.n, own.is_own) == (2, True)
    assert [one.of for one in own.by_owner] == ["clerk"]
    assert (own.closed.claimed, round(own.closed.hand_s, -1)) == (2, HAND_S)
    assert books.handling(7, session(Role.WAREHOUSE)).closed.n == 0


@ONE_KIND
def test_few_people_are_counted_and_not_named_but_to_themselves(hub: HubWorld, books: Books):
    for n, role in enumerate((Role.CLERK, Role.TRAINER, Role.LEAD)):
        end(hub, role, f"o{n}")

    lead, admin = (books.handling(7, session(role)) for role in (Role.LEAD, Role.ADMIN))

    assert lead.people == 3 < NAMED_LEAST
    assert ([one.of for one in lead.by_owner], admin.by_owner) == (["lead"], ())
    assert (lead.closed.n, admin.closed.n) == (3, 3), "the sum stays"


@ONE_KIND
def test_the_same_days_are_the_same_figures_for_a_while(hub: HubWorld, books: Books):
    end(hub, Role.CLERK, "o1")
    before = books.handling(1, session(Role.LEAD))
    end(hub, Role.TRAINER, "o2")

    kept = books.handling(1, session(Role.LEAD))
    hub.clock.move(seconds=KEPT_FOR.total_seconds())
    after = books.handling(1, session(Role.LEAD))

    assert (kept.as_of, kept.closed.n) == (before.as_of, 1)
    assert (after.as_of, after.closed.n) == (hub.clock(), 2)


@ONE_KIND
def test_a_new_day_is_never_answered_with_the_old_one(hub: HubWorld, books: Books):
    end(hub, Role.CLERK, "o1")
    midnight = books.handling(1, session(Role.LEAD)).until
    hub.clock.now = midnight - timedelta(seconds=1)
    last = books.handling(1, session(Role.LEAD))
    hub.clock.now = midnight

    assert (last.closed.n, books.handling(1, session(Role.LEAD)).closed.n) == (1, 0)


@ONE_KIND
def test_the_command_line_says_the_same(hub: HubWorld, books: Books):
    end(hub, Role.CLERK, "o1", "o2")

    told = books.handling(7, session(Role.LEAD))
    (printed,) = report.read(str(hub.engine.url), None, None, ZoneInfo(told.zone))

    assert (printed.closed, printed.by_kind, printed.by_shift) == (told.closed, told.by_kind, told.by_shift)
    assert (printed.since, printed.until) == (told.since, told.until)


def test_rates_of_suggestions_are_counted_off_what_was_done_in_these_days(hub: HubWorld, books: Books):
    note = NoteGuide(form="hold", steps=(StepUse(step="reason", advised=Advised.USED), StepUse(step="until")))
    other = NoteGuide(form="hold", steps=(StepUse(step="reason", advised=Advised.OVERRIDDEN),))
    clerk = hub.desk()
    clerk.must(note, note)
    hub.clock.move(days=8)
    clerk.must(note, other)
    assert clerk.ask(NoteGuide(form="hold", steps=())).status == "refused"

    week, month = (books.guide_use(days, session(Role.TRAINER)).steps for days in (7, 28))

    assert [(one.step, one.n, one.used, one.overridden) for one in week] == [
        ("reason", 2, 1, 1),
        ("until", 1, 0, 0),
    ]
    assert [(one.step, one.n, one.used) for one in month] == [("reason", 4, 3), ("until", 3, 0)]
    assert hub.verify().findings == ()


@ONE_KIND
def test_rates_are_no_clerks_business(books: Books):
    with pytest.raises(Trouble) as refused:
        books.guide_use(7, session(Role.CLERK))

    assert refused.value.code == "not_granted"


@ONE_KIND
def test_gates_are_one_figure_two_ways_and_whoever_was_answered_for_stands_first(
    hub: HubWorld, books: Books, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(compliance, "LISTED_MOST", 2)
    hub.channel.must(*(bought(f"o{n}") for n in range(3)), bought("o3", paid_minor=0))
    known = hub.order("o3").content_hash
    hub.desk(Role.LEAD).must(
        Waive(order="o3", gate="payment", content_hash=known, reason="known", until=NOW + timedelta(hours=1))
    )

    told = books.gates(7, session(Role.LEAD))

    assert (told.moves, told.green, told.waived) == (4, 4, 1)
    assert (told.replayed_moves, told.replayed) == (4, 4)
    assert [(one.number, one.waived) for one in told.passages] == [("DK-o3", 1), ("DK-o0", 0)]
    hub.channel.must(bought("o4"))
    assert books.gates(7, session(Role.LEAD)) is told
    with pytest.raises(Trouble):
        books.gates(7, session(Role.CLERK))
