"""A hub with a file of services does what they are for, and hears those that send by themselves."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from app.boot.opening import open_hub
from app.boot.outgoing import outgoing

FILE = """
[services.wms]
manifest = "qimen"
warehouses = {SZ = "WMS-SZ"}
[services.wms.settings]
app_key = "k"
app_secret = "s"
customer_id = "c"
owner_code = "o"
sender_name = "n"
sender_phone = "1"
sender_province = "p"
sender_city = "c"
sender_address = "a"

[services.k3]
manifest = "kingdee"
shops = {TM1 = "001"}
accounts = {tax = "2221"}
[services.k3.settings]
base_url = "https://k3.example.com"
app_id = "a"
app_secret = "s"
appdata = "d"
appdata_base64 = "ZA=="
"""


@pytest.mark.parametrize(("words", "ears", "more"), [("services = {}", set(), 0), (FILE, {"wms"}, 2)])
def test_each_service_has_its_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, ears: set[str], more: int
):
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    path = tmp_path / "services.toml"
    path.write_text(words, encoding="utf-8")
    path.chmod(0o600)
    running = open_hub(f"sqlite:///{tmp_path / 'hub.db'}")
    plain = outgoing(running, argparse.Namespace(services="", invoices=[], outgoing=""))

    jobs = outgoing(running, argparse.Namespace(services=str(path), invoices=[], outgoing=""))
    running.close()

    assert set(running.hub.ears) == ears
    assert len(jobs) == len(plain) + more
