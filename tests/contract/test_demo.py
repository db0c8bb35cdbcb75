"""The demo company: the same day on every machine, with every fault a clerk knows."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.boot.demo import Shops, open_demo
from app.boot.demo_company import STARTS_AT, company
from app.boot.demo_orders import ORDERS, later_orders, orders
from app.boot.demo_papers import TYPED
from app.boot.demo_troubles import DRIFTED, MADE
from app.boot.opening import FEED_ID, Running, open_hub
from app.kinds import KINDS
from sync import tables
from sync.hub.company import install_company
from sync.hub.database import reading, writing
from sync.hub.verify import verify

FAULTS = {"broken_command", "history_broken", "token_stolen"}
"""What no company does to itself: a fault of the program, a changed history, a stolen sign-in."""
NOT_SET = {"review_late", "lot_recalled", "voucher_refused"}
"""This company sets no time within which somebody must review, has no lots, and books at no service."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKET_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def demo(home: Path) -> Iterator[Running]:
    running = open_demo(f"sqlite:///{home / 'hub.db'}")
    yield running
    running.close()


def test_the_company_has_its_size():
    business = company()

    assert (len(business.shops), len(business.warehouses), len(business.skus)) == (5, 5, 601)
    assert len({user.role for user in business.users}) == 6


def test_the_day_is_the_same_every_time():
    first, second = list(orders(company())), list(orders(company()))

    assert len(first) == ORDERS == 2_000
    assert first == second
    assert len({one.ext_id for one in first}) == ORDERS


def test_later_sales_have_numbers_of_their_own():
    coming = later_orders(company(), ORDERS)
    made = [next(coming)(STARTS_AT) for _ in range(50)]

    known = {one.number for one in orders(company())}
    assert len({one.number for one in made} - known) == 50


def test_most_orders_go_through_untouched(demo: Running):
    o = tables.orders.c
    with reading(demo.hub.engine) as db:
        status = Counter(db.execute(select(o.status)).scalars())
        untouched = db.execute(
            select(func.count()).where(o.released_at.is_not(None), o.touched.is_(False))
        ).scalar_one()
    assert status.total() == ORDERS + TYPED + MADE
    assert 0.88 <= untouched / ORDERS <= 0.96
    assert status["shipped"] > 0


def test_every_kind_of_snag_waits_for_the_clerk(demo: Running):
    s = tables.snag.c
    with reading(demo.hub.engine) as db:
        rows = db.execute(select(s.kind, s.state)).all()

    waiting = {row.kind for row in rows if row.state == "open"}
    assert KINDS.keys() - waiting == FAULTS | NOT_SET


def test_exceptions_are_over_due_soon_and_due_later_when_one_sits_down(demo: Running):
    """Nobody sits down before a list that is hours late, and before none of one age."""
    s = tables.snag.c
    with reading(demo.hub.engine) as db:
        rows = db.execute(select(s.opened_at, s.due_at).where(s.state == "open")).all()
    used = [(STARTS_AT - row.opened_at) / (row.due_at - row.opened_at) for row in rows]

    over = [part for part in used if part > 1]
    soon = [part for part in used if 0.75 <= part <= 1]
    assert min(len(over), len(soon), len(rows) - len(over) - len(soon)) >= 3
    assert len(over) < len(rows) / 2
    assert min(row.due_at for row in rows) > STARTS_AT - timedelta(minutes=25)
    assert len({row.opened_at for row in rows}) > len(rows) / 2


def test_nobody_orders_by_the_hundred():
    pieces = [line.qty for order in orders(company()) for line in order.lines]

    assert max(pieces) <= 5


def test_it_keeps_every_promise_but_on_the_shelf_that_drifted(demo: Running):
    (found,) = verify(demo.hub.engine, FEED_ID).findings

    assert (found.invariant, found.subject) == ("I5", "/".join(DRIFTED))


def test_no_half_made_company_is_left_behind(demo: Running, home: Path):
    assert list(home.glob("*.draft*")) == []


def test_it_goes_on_where_it_was_closed(home: Path):
    again = open_demo(f"sqlite:///{home / 'hub.db'}")
    with reading(again.hub.engine) as db:
        count = db.execute(select(func.count()).select_from(tables.orders)).scalar_one()
    again.close()

    assert count == ORDERS + TYPED + MADE
    assert again.hub.clock() >= STARTS_AT


def test_nobody_buys_before_the_company_is_there(home: Path, laid_out_file: Path):
    shutil.copy(laid_out_file, home / "bare.db")
    running = open_hub(f"sqlite:///{home / 'bare.db'}")
    shops = Shops(running)
    try:
        shops.sell()
        before = bought(running)
        with writing(running.hub.engine) as db:
            install_company(db, FEED_ID, company(), running.hub.clock())
        shops.sell()

        assert (before, bought(running)) == (0, 1)
    finally:
        running.close()


def bought(running: Running) -> int:
    with reading(running.hub.engine) as db:
        return int(db.execute(select(func.count()).select_from(tables.receipt)).scalar_one())
