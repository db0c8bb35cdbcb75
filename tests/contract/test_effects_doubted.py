"""A look-up that fails for a reason of ours is counted like one nobody answers."""

from __future__ import annotations

from hub_world import HubWorld
from test_effects import KEY, Outside

from sync.hub.effects import LOOKS_MOST
from sync.hub.provider import Unclear


class Broken:
    """Nobody answers what is sent, and looking up is a mistake."""

    takes_keys, can_look_up, settle_s = True, True, 0.0

    def send(self, key: str, payload: bytes):
        raise Unclear("nobody answered")

    def look_up(self, key: str):
        raise KeyError("ours")


class Silent(Broken):
    """The same, and nobody can be asked."""

    can_look_up = False


def test_look_ups_with_a_mistake_end_with_a_person(hub: HubWorld, expect_log):
    outside = Outside(hub, Broken())
    outside.ship("o1")

    for _ in range(LOOKS_MOST + 1):
        outside.round()
        hub.clock.move(hours=1)

    expect_log(f"the provider of {KEY} failed")
    assert (outside.state(), outside.snags()) == ("unknown", ["effect_unknown"])


def test_who_takes_keys_and_answers_nothing_clear_is_asked_ever_more_rarely(hub: HubWorld):
    outside, waits = Outside(hub, Silent()), list[float]()
    outside.ship("o1")

    for _ in range(4):
        outside.round()
        (row,) = outside.rows()
        waits.append((row.not_before - hub.clock()).total_seconds())
        hub.clock.now = row.not_before

    assert waits == [0.0, 4.0, 8.0, 16.0]
