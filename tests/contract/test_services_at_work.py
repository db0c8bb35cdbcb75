"""A hub with a file of services does what they are for, and hears those that send by themselves."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from app.boot.opening import open_hub
from app.boot.outgoing import outgoing
from app.trouble import Trouble

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


def test_a_file_of_services_is_served_and_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    path = tmp_path / "services.toml"
    path.write_text(FILE, encoding="utf-8")
    path.chmod(0o600)
    running = open_hub(f"sqlite:///{tmp_path / 'hub.db'}")
    try:
        jobs = outgoing(running, argparse.Namespace(services=str(path), invoices=[], outgoing=""))
        now = running.hub.services().current()

        assert {job.name for job in jobs} >= {"errands", "vouchers", "effects deliver", "effects customer"}
        assert set(now.online) == {("wms", "deliver"), ("wms", "recall"), ("k3", "voucher")}
        assert running.hub.services().ear("wms") is not None
        assert running.hub.services().ear("k3") is None
    finally:
        running.close()


def test_a_file_that_cannot_be_used_is_told_before_the_hub_is_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    path = tmp_path / "services.toml"
    path.write_text(FILE.replace('app_key = "k"', ""), encoding="utf-8")
    path.chmod(0o600)
    running = open_hub(f"sqlite:///{tmp_path / 'hub.db'}")
    try:
        with pytest.raises(Trouble, match="services"):
            outgoing(running, argparse.Namespace(services=str(path), invoices=[], outgoing=""))
    finally:
        running.close()
