"""A second signature over real HTTP: its owner sets it, a colleague's PC asks, and no log holds a secret."""

from __future__ import annotations

import logging

import pytest
from test_api import PASSWORD, Desk, served  # noqa: F401 - the fixture

PIN, BADGE = "471902", "BADGE-00417-lead"


def keep(desk: Desk, **secrets: str):
    return desk.http.post(f"{desk.url}/v1/signer", json={"password": PASSWORD, **secrets})


def sign(desk: Desk, secret: str, digest: str = "d"):
    asked = {"user": "lead", "secret": secret, "command": "take_shift", "digest": digest}
    return desk.http.post(f"{desk.url}/v1/presence", json=asked)


def test_the_road_of_a_second_signature(served, caplog: pytest.LogCaptureFixture):  # noqa: F811
    caplog.set_level(logging.DEBUG)
    lead, clerk = served("lead"), served("clerk")

    none = sign(clerk, PIN).json()["code"]
    assert keep(lead, pin=PIN, badge=BADGE).status_code == 200
    has = lead.http.get(f"{lead.url}/v1/signer").json()
    by_pin, by_badge, wrong = sign(clerk, PIN), sign(clerk, BADGE), sign(clerk, "471903")

    assert none == "no_signer"
    assert (has["has_pin"], has["has_badge"]) == (True, True)
    assert (by_pin.status_code, by_pin.json()["user"]["code"]) == (200, "lead")
    assert by_badge.json()["login"] != by_pin.json()["login"]
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_pin")
    assert not any(secret in caplog.text for secret in (PIN, BADGE, PASSWORD))


def test_a_pc_asks_so_often_and_no_more(served):  # noqa: F811
    clerk = served("clerk")

    answers = [sign(clerk, "471903").status_code for _ in range(40)]

    assert answers[0] == 403
    assert 429 in answers
