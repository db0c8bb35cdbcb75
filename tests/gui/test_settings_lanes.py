"""Lanes in the settings: each in words, with what runs over it."""

from __future__ import annotations

from datetime import time

from desk_fake import FakeDesk

from app.command import Refs
from app.commands.close_lane import CloseLane
from app.domain.carrier import Carrier
from app.domain.route import Lane
from app.domain.rules import Rules
from app.presenters.settings_lanes import SettingsLanes
from widgets import words

ROAD = Lane(code="G1", start="成都市", end="武汉分拨", cost_minor=220, hours=20, cut_off=time(23), most=400)
LAST = Lane(code="M1", start="武汉分拨", end="湖北省", cost_minor=260, hours=18, is_open=False)


def test_a_lane_says_its_cost_its_hours_and_its_limit_in_words():
    words.set_language("en")
    refs = Refs(
        shops={},
        warehouses={},
        rules=Rules(),
        carriers={"SJ": Carrier(code="SJ", title="山脊快运", lanes=(ROAD, LAST))},
    )
    road, last = SettingsLanes(FakeDesk(user="fang").desk).items(refs)

    assert (road.code, words.trn(road.note)) == ("SJ.G1", "¥2.20 a parcel, 20 h, leaves 23:00, 400 a day")
    assert words.trn(last.note) == "¥2.60 a parcel, 18 h"
    assert (words.trn(road.state), words.trn(last.state)) == ("runs", "closed")


def test_the_lane_of_a_carrier_whose_code_has_a_dot_is_closed():
    carriers = {"S.J": Carrier(code="S.J", title="山脊快运", lanes=(ROAD,))}
    refs = Refs(shops={}, warehouses={}, rules=Rules(), carriers=carriers)
    editor = SettingsLanes(FakeDesk(user="fang").desk)
    (item,) = editor.items(refs)

    command = editor.command(refs, item.code, {"is_open": ""})

    assert command == CloseLane(carrier="S.J", lane="G1")
