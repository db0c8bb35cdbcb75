"""The hub learns from how orders ended, says how well, and sends desks one row."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from builders import NOW, line, order
from hub_world import FEED, SEAL, HubWorld, bought
from scope_world import ScopeWorld

from app.commands.cancel import Cancel
from app.domain.company import ADMIN_GRANTS, GRANTS, SWITCHES_MODEL
from app.domain.order import Order
from app.domain.values import Region, Role
from app.screening import learning
from app.screening.features import Table
from app.screening.orders import Wanted, cells_of
from app.screening.standing import SCREENING_KEY, Drift, Screening, bins_of, found, model_of, moved, why_not
from app.text import Text
from app.trouble import Trouble
from sync import tables
from sync.hub import screening
from sync.hub.access import user_of
from sync.hub.database import reading
from sync.hub.screening import Learning, Lesson, learned_here, outcomes, standing, switch
from sync.hub.tokens import Session

AT = NOW + timedelta(days=40)
SMALL = Screening(version=0, trained_at=NOW, rows=9, bad=1, file="{}")


def current(hub: HubWorld) -> Screening | None:
    with reading(hub.engine) as db:
        return standing(db, FEED)


def who(hub: HubWorld, user: str) -> Session:
    with reading(hub.engine) as db:
        person = user_of(db, FEED, user)
    assert person is not None
    return Session("x", person, "pc", "pc", GRANTS[person.role], hub.clock.now)


def cells(i: int) -> dict[str, str]:
    """An order of whom every fifth goes far; those end badly."""
    far = i % 5 == 0
    lines = [Wanted("A-1", 1 + i % 3, 9_900)]
    return cells_of(
        shop="TM1",
        province="海南省" if far else "浙江省",
        city="三亚市" if far else "杭州市",
        lines=lines,
        payable_minor=9_900 * (1 + i % 3),
        currency="CNY",
        is_cod=False,
        customer="",
    )


def table_of(n: int) -> Table:
    rows = [cells(i) for i in range(n)]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return Table(columns, [i % 5 == 0 for i in range(n)], [NOW + timedelta(hours=i) for i in range(n)])


@pytest.fixture(scope="module")
def learned() -> bytes:
    """What is learned from 300 orders, every fifth of which ended badly."""
    found: list[bytes] = []
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(screening, "outcomes", lambda *_: table_of(300))
        hub = HubWorld(f"sqlite:///{folder}/hub.db")

        def learner(lesson: bytes) -> bytes:
            found.append(learned_here(lesson))
            return found[0]

        Learning(hub.engine, FEED, SEAL, learner).step(AT)
        hub.close()
    return found[0]


@pytest.fixture
def taught(tmp_path: Path, learned: bytes) -> Iterator[HubWorld]:
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    hub.clock.now = AT
    teach(hub, learned)
    yield hub
    hub.close()


def teach(hub: HubWorld, learned: bytes, n: int = 300) -> None:
    def learner(lesson: bytes) -> bytes:
        at = msgspec.msgpack.decode(lesson, type=Lesson).now
        card = msgspec.json.decode(learned, type=Screening)
        return msgspec.json.encode(msgspec.structs.replace(card, trained_at=at))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screening, "outcomes", lambda *_: table_of(n))
        Learning(hub.engine, FEED, SEAL, learner).step(hub.clock())


def like(i: int) -> Order:
    """An order with the cells of one that was learned from."""
    row = cells(i)
    region = Region(province=row["province"], city=row["city"])
    return order(
        shop="TM1",
        region=region,
        lines=(line(ext_sku="A-1", qty=int(row["pieces"]), unit_price_minor=9_900),),
        payable_minor=int(row["payable"]),
        ordered_at=NOW,
    )


def test_orders_are_read_as_they_came_and_by_how_they_ended(tmp_path: Path):
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    hub.channel.must(*(bought(f"o{i}") for i in range(1, 4)), bought("o4", lines=(line(ext_sku="X-77"),)))
    lead = hub.desk(Role.LEAD)
    lead.must(Cancel(order="o2", reason="came back"))
    seal = hub.order("o1")
    with reading(hub.engine) as db:
        young = outcomes(db, FEED, hub.clock() + timedelta(days=13))
        table = outcomes(db, FEED, hub.clock() + timedelta(days=20))
    hub.close()

    assert len(young) == 0, "it may still come back"
    assert (len(table), sum(table.is_bad)) == (3, 1), "o4 was never released"
    assert set(table.columns["article"]) == {"A-1"}
    assert seal.receiver.phone not in str(table.columns)


def test_the_card_says_from_what_how_well_and_until_when(taught: HubWorld):
    card = current(taught)

    assert card is not None
    assert (card.version, card.rows, card.bad, card.is_on) == (1, 300, 60, False)
    assert card.quality is not None
    assert (card.quality.rows, card.quality.bad) == (90, 18)
    assert card.quality.roc_auc == pytest.approx(1.0, abs=0.02)
    assert 0 <= card.roc[0] <= card.quality.roc_auc <= card.roc[1] <= 1
    assert card.base == pytest.approx(0.2)
    assert len(card.quality.calibration) == 10
    assert why_not(card, taught.clock()).message == "It is switched off. Rules check alone."


def test_an_administrator_switches_it_and_that_is_written_down(taught: HubWorld):
    assert SWITCHES_MODEL in ADMIN_GRANTS
    with pytest.raises(Trouble) as caught:
        switch(taught.engine, FEED, who(taught, "lead"), taught.clock(), is_on=True)
    switch(taught.engine, FEED, who(taught, "admin"), taught.clock(), is_on=True)
    card = current(taught)
    says = [row.doc for row in taught.rows(tables.ref) if row.tbl == "revision" and "model" in row.pk]

    assert caught.value.code == "not_allowed"
    assert card is not None
    assert (card.is_on, card.on_by, why_not(card, taught.clock())) == (True, "admin", None)
    assert '"by":"admin"' in says[-1]
    assert taught.verify().findings == ()


def test_a_finding_names_field_evidence_and_version(taught: HubWorld):
    card, odd, plain = current(taught), like(5), like(6)
    assert card is not None
    on = msgspec.structs.replace(card, is_on=True)

    findings = list(found(odd, on, taught.clock()))

    assert {one.field for one in findings} & {"province", "city"}
    said = [one.because.params["version"] for one in findings]
    assert set(said) == {1}
    assert all(one.said.params["cell"] for one in findings)
    assert list(found(plain, on, taught.clock())) == []
    assert list(found(odd, card, taught.clock())) == [], "it is off"


def test_an_order_is_scored_in_less_than_five_milliseconds(taught: HubWorld):
    card, odd = current(taught), like(5)
    assert card is not None
    on = msgspec.structs.replace(card, is_on=True)
    list(found(odd, on, taught.clock()))
    begun = time.process_time()
    for _ in range(50):
        list(found(odd, on, taught.clock()))

    assert (time.process_time() - begun) / 50 < 0.005


def test_a_week_later_it_learns_anew_and_stays_on(taught: HubWorld, learned: bytes):
    switch(taught.engine, FEED, who(taught, "admin"), taught.clock(), is_on=True)
    taught.clock.move(hours=24 * 7 + 1)
    teach(taught, learned)
    after = current(taught)

    assert after is not None
    assert (after.version, after.is_on, after.on_by) == (2, True, "admin")


def test_drift_is_seen_in_a_quiet_sample_and_stops_it(taught: HubWorld):
    card = current(taught)
    assert card is not None
    far = Drift(at=taught.clock(), n=200, scores=0.3)
    few = msgspec.structs.replace(far, n=99)
    on = msgspec.structs.replace(card, is_on=True)
    taught.clock.move(hours=25)
    teach(taught, b"")
    looked = current(taught)

    assert why_not(msgspec.structs.replace(on, drift=far), taught.clock()).params == {"psi": "0.30"}
    assert why_not(msgspec.structs.replace(on, drift=few), taught.clock()) is None
    assert why_not(on, card.trained_at + timedelta(days=181)).params == {"days": 180}
    assert looked is not None
    assert looked.drift is not None
    assert (looked.version, looked.drift.is_small) == (card.version, True)


def test_the_index_is_small_for_the_same_and_large_for_others():
    bins = bins_of([float(i) for i in range(1_000)])

    assert moved(bins, [float(i) for i in range(0, 1_000, 3)]) < 0.01
    assert moved(bins, [float(i) for i in range(700, 1_000)]) > 1


def test_where_there_is_little_rules_check_alone_and_the_card_says_so(tmp_path: Path):
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    hub.clock.now = AT
    teach(hub, b"", n=30)
    card = current(hub)
    assert card is not None
    with pytest.raises(Trouble) as caught:
        switch(hub.engine, FEED, who(hub, "admin"), hub.clock(), is_on=True)
    hub.close()

    assert (card.file, card.rows, card.bad) == ("", 30, 6)
    assert why_not(card, hub.clock()).params["least"] == 20
    assert caught.value.code == "no_model"


def test_a_hub_without_the_library_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def missing(_lesson: bytes) -> bytes:
        raise ModuleNotFoundError("sklearn")

    monkeypatch.setattr(screening, "outcomes", lambda *_: table_of(300))
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    Learning(hub.engine, FEED, SEAL, missing).step(hub.clock())
    card = current(hub)
    hub.close()

    assert card is not None
    assert card.thin is not None
    assert card.thin.message.startswith("This hub has no scikit-learn")


def test_a_hub_without_orders_says_nothing_yet(tmp_path: Path):
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    head = hub.head()
    Learning(hub.engine, FEED, SEAL, learned_here).step(hub.clock())
    after = hub.head()
    hub.close()

    assert after == head


def test_the_row_reaches_a_desk_by_the_ordinary_sync(tmp_path: Path):
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    world = ScopeWorld(hub, tmp_path)
    seat = world.seat("reviewer")
    seat.sit("reviewer")
    hub.clock.now = AT
    teach(hub, msgspec.json.encode(SMALL))
    seat.level()
    card = seat.views.known(frozenset({SCREENING_KEY}), seat.login()).row(SCREENING_KEY)
    world.close()
    hub.close()

    assert card == msgspec.structs.replace(SMALL, version=1, trained_at=AT)


def test_what_is_too_large_for_desks_does_not_travel(learned: bytes, monkeypatch: pytest.MonkeyPatch):
    file = msgspec.json.decode(learned, type=Screening).file
    monkeypatch.setattr(learning, "fit", lambda _early: model_of(file))
    monkeypatch.setattr(learning, "FILE_MOST", 1_000)
    card = learning.learn(table_of(300), AT)

    assert (card.file, card.thin) == ("", Text(learning.TOO_LARGE))
