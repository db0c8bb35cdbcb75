"""A shop is connected by keys: channel, needs, keys, a call that fails and then answers, the first orders."""

from __future__ import annotations

import msgspec
import pytest
from desk_fake import FakeDesk
from import_scene import bar
from page_audit import unnamed
from page_scene import CTRL, Scene
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.channels import ShopHealth
from app.domain.connecting import Asked, ShopKeys, Tried
from app.presenters.connect_shop import ConnectShop
from app.text import Text
from app.trouble import Trouble
from widgets import words
from widgets.pages.connect_shop import ConnectShopPage

SECRET = "shpat_0123"  # noqa: S105 - nobody's


@pytest.fixture
def fake():
    words.set_language("en")
    return FakeDesk(user="fang")


@pytest.fixture
def scene(qtbot, aio, fake):
    return Scene(
        qtbot, aio, lambda tasks, go: ConnectShopPage(ConnectShop(fake.desk), tasks, go), "connect_shop",
        {"shop": "TM1"},
    )  # fmt: skip


def ahead(scene, times=1):
    scene.press(Qt.Key.Key_Return, CTRL, times)


def state(scene):
    return scene.page.presenter.state


def test_a_shop_is_connected_by_keys_alone_and_its_secret_stays_nowhere(scene, fake):
    fake.tries = [Tried(wrong=Text("Its signature is wrong. Look at the secret."))]
    assert (state(scene).at, state(scene).channel, unnamed(scene.page)) == ("channel", "shopify", [])
    ahead(scene)
    assert scene.page.needs.about.words() == "Simulator only."
    ahead(scene)
    assert scene.page.frame.reason().endswith("never shown again.")

    ahead(scene)
    assert (state(scene).at, bar(scene)["next"]) == ("keys", "Address of the shop is missing. Type it.")
    scene.do(scene.page.focus_first)
    scene.type("https://shop.example.com")
    scene.press(Qt.Key.Key_Tab)
    scene.type(SECRET)
    switch = scene.page.keys_body.fields["stock"].control
    assert (switch.text(), switch.accessibleName()) == ("Off", "Publish stock")
    scene.do(switch.setFocus)
    scene.press(Qt.Key.Key_Space)
    assert (switch.text(), state(scene).typed["stock"]) == ("On", "on")
    assert unnamed(scene.page) == []
    ahead(scene)
    assert scene.page.test.said.accessibleName() == "Its signature is wrong. Look at the secret."
    ahead(scene)
    assert state(scene).at == "test"
    scene.press(Qt.Key.Key_R)
    assert scene.page.test.said.accessibleName() == "It answers, and its orders can be read."

    ahead(scene)
    scene.do(lambda: scene.page.since.chosen.emit("7"))
    fake.shops_at_hub = [ShopHealth(shop="TM1", state="on", channel="shopify", title="", about="")]
    ahead(scene)

    typed = {"base_url": "https://shop.example.com", "token": SECRET, "stock": "on"}
    assert fake.given[-1] == ("connect", "TM1", ShopKeys(channel="shopify", settings=typed, days=7))
    assert scene.page.orders.said.accessibleName().startswith("No order yet.")
    fake.shops_at_hub = [msgspec.structs.replace(fake.shops_at_hub[0], taken=12)]
    scene.do(lambda: scene.page.once("watch", scene.page.presenter.watch))
    assert scene.page.orders.said.accessibleName() == "Its first orders are here: 12."
    kept = msgspec.json.encode([state(scene), fake.kept], enc_hook=str)
    assert SECRET.encode() not in kept
    assert not scene.page.presenter._secrets


def test_whoever_leaves_leaves_no_key_behind_and_a_silent_hub_is_said(scene, fake, monkeypatch):
    ahead(scene, 2)
    scene.do(lambda: scene.page.keys_body.typed.emit("token", SECRET))
    page = scene.page

    def silent(_shop, _keys):
        raise Trouble("offline", Text("The hub cannot be reached."))

    monkeypatch.setattr(fake, "try_shop", silent)
    scene.do(lambda: page.keys_body.typed.emit("base_url", "https://shop.example.com"))
    ahead(scene)
    assert (page.test.said.accessibleName(), state(scene).busy) == ("The hub cannot be reached.", False)
    scene.do(lambda: page.once("again", page.presenter.refresh))
    assert page.test.said.accessibleName() == "The hub cannot be reached."

    scene.do(lambda: scene.shell.go("inbox"))
    assert (page.presenter._secrets, page.presenter.state.typed) == ({}, {})


def test_each_step_says_what_to_look_for_and_shows_no_key_that_does_nothing(scene, fake):
    def shown():
        table = scene.page.keys()
        return [key.key for key in table]

    (shop, *others) = state(scene).platforms
    asks = (*shop.asks, Asked(name="version", type="text", label="Version", start="7"))
    scene.do(lambda: scene.page.presenter.put(platforms=(msgspec.structs.replace(shop, asks=asks), *others)))
    assert scene.page.channel.model.row(0).cells[1] == "2"
    assert {"J", "K"} <= set(shown())
    ahead(scene)
    assert not {"J", "K"} & set(shown())
    said = [part.accessibleName() for part in scene.page.needs.facts.findChildren(QWidget)]
    assert (said[2], said[-1]) == ("Note: optional", "Version: Filled in already")


def test_whoever_puts_another_channel_in_the_place_of_one_is_told_what_it_costs(scene, fake):
    fake.shops_at_hub = [ShopHealth(shop="TM1", state="on", channel="shopify", title="", about="")]
    scene.do(lambda: scene.page.once("open", lambda: scene.page.presenter.open("TM1")))
    ahead(scene)
    assert scene.page.needs.replaces.isHidden()
    scene.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    scene.press(Qt.Key.Key_J)
    assert state(scene).channel == "generic_webhook"
    ahead(scene)
    assert scene.page.needs.replaces.accessibleName().startswith("This shop is connected with Shopify.")
