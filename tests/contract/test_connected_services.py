"""Systems connected from a desk: keys sealed, tried without making anything, rested and forgotten."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from errand_hub import QIMEN
from errand_world import Crm, Kingdee, Wms
from hub_world import HubWorld, bought
from service_world import served
from services_room import HERE, Room

from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.domain.outbound import AskService
from app.domain.values import Role
from app.trouble import Trouble
from sync import tables
from sync.connection_tables import service
from sync.hub.outward.addresses import House
from sync.hub.outward.service_file import Named, ServiceFile
from sync.hub.outward.services_api import done, try_out

K3 = {
    "app_id": Kingdee.app_id, "app_secret": Kingdee.secret, "appdata": Kingdee.appdata,
    "appdata_base64": base64.b64encode(Kingdee.appdata.encode()).decode(),
}  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    yield Room(hub)
    assert hub.verify().findings == ()
    hub.close()


def keep_wms(url: str, **more: str) -> AskService:
    settings = {**QIMEN, "base_url": url, **more}
    return AskService(
        deed="keep", manifest="qimen", settings=settings, warehouses={"SZ": "WMS-SZ"}, carriers={"SF": "SF"}
    )


def test_a_warehouse_connected_from_a_desk_sends_what_waits_and_rests_without_losing_anything(room: Room):
    wms = Wms()
    with served(wms) as url:
        assert room.ask("wms", keep_wms(url)) == "{name} is connected."
        room.hub.channel.must(bought("o1"))
        room.round()
        assert list(wms.made) == ["o1-1"]
        assert room.services.ear("wms") is not None

        room.ask("wms", AskService(deed="rest"))
        room.hub.channel.must(bought("o2"))
        room.round(3)
        one = room.one("wms")
        assert (list(wms.made), one.state, one.sent[0].waiting) == (["o1-1"], "off", 1)

        room.ask("wms", AskService(deed="go_on"))
        room.round()
        assert (list(wms.made), wms.again) == (["o1-1", "o2-1"], 0)
        one = room.one("wms")
        assert (one.state, one.sent[0].waiting, one.sent[0].sent_at is not None) == ("on", 0, True)

        room.ask("wms", AskService(deed="end"))
        assert (room.one("qimen").state, room.hub.rows(service)) == ("none", [])
        assert room.services.ear("wms") is None


def test_keys_are_sealed_told_to_nobody_and_stay_where_they_lead(room: Room):
    with served(Wms()) as url, served(Wms()) as other:
        room.ask("wms", keep_wms(url))
        (row,) = room.hub.rows(service)
        kept = row.doc.encode() + bytes(row.settings) + bytes(row.wrapped)
        assert Wms.secret.encode() + b'"' not in kept
        told = room.one("wms")
        secret = next(ask for ask in told.asks if ask.name == "app_secret")
        assert (secret.start, secret.is_kept) == ("", True)
        assert next(ask for ask in told.asks if ask.name == "app_key").start == Wms.app_key

        room.ask("wms", keep_wms(url, app_secret=""))
        assert room.services.current().online != {}
        with pytest.raises(Trouble) as moved:
            room.ask("wms", keep_wms(other, app_secret=""))
        assert "Type the secret keys again" in moved.value.hint.message


@pytest.mark.parametrize("url", ["http://10.0.0.8/x", "https://127.0.0.1/x", "ftp://wms.example.com", "x"])
def test_no_address_leads_into_the_house(room: Room, url: str):
    with pytest.raises(Trouble):
        done(room.services, "wms", keep_wms(url), House())
    assert room.hub.rows(service) == []


def test_a_test_call_says_what_is_wrong_and_makes_nothing(room: Room):
    wms, kingdee, crm = Wms(), Kingdee(), Crm()
    with served(wms) as one, served(kingdee) as two, served(crm) as three:
        asks = {
            "wms": keep_wms(one),
            "k3": AskService(deed="try", manifest="kingdee", settings={**K3, "base_url": two}),
            "crm": AskService(deed="try", manifest="crm", settings={"key": "T1", "base_url": three}),
        }
        said = {name: try_out(room.services, name, asked, HERE) for name, asked in asks.items()}
        assert [one.wrong for one in said.values()] == [False, False, False]
        assert "Whether the keys are right" in said["crm"].text.message
        wrong = try_out(room.services, "wms", keep_wms(one, app_secret="x"), HERE)
        assert (wrong.wrong, "does not accept" in wrong.text.message) == (True, True)
    gone = try_out(room.services, "wms", keep_wms(one), HERE)
    assert (gone.wrong, "Nobody answers" in gone.text.message) == (True, True)
    assert (wms.made, kingdee.made, crm.made, room.hub.rows(service)) == ({}, {}, {}, [])


def test_what_the_operator_wrote_is_shown_and_not_changed_from_a_desk(room: Room):
    room.services.written = ServiceFile({"wms": Named("qimen", QIMEN, {}, {"SZ": "W"})})
    assert room.one("wms").state == "file"
    with pytest.raises(Trouble, match="in_file"):
        room.ask("wms", AskService(deed="end"))


def test_two_that_hear_of_buyers_each_see_what_is_meant_for_them(room: Room):
    crm = Crm()
    with served(crm) as url:
        for name, shop in (("crm_a", "TM1"), ("crm_b", "DY1")):
            settings = {"key": Crm.token, "base_url": url}
            room.ask(name, AskService(deed="keep", manifest="crm", settings=settings, shops={shop: name}))
        room.ask("crm_a", AskService(deed="rest"))
        lead = room.hub.desk(Role.LEAD)
        for order, shop in (("o1", "TM1"), ("o2", "DY1")):
            room.hub.channel.must(bought(order, shop=shop))
            lead.must(Pick(order=order, line="1", qty=1), Pack(order=order))
            lead.must(Ship(order=order, carrier="YTO", tracking_no=f"YT{order}"))
        room.round()

        assert [told["shop"] for told in crm.made.values()] == ["crm_b"]
        assert [room.one(name).sent[0].waiting for name in ("crm_a", "crm_b")] == [1, 0]
        assert json.dumps(room.hub.rows(tables.reveal)) == "[]"
