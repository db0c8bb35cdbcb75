"""A simulator beside the demo company goes by the calendar of that company."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests
from hub_world import HubWorld

from app.boot.demo_company import STARTS_AT
from app.boot.simulate import parsed, simulated
from sync.hub.database import writing
from sync.simulators.platform import Platform
from sync.simulators.server import standing
from sync.tables import feed

NEAR = timedelta(minutes=1)


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


def time_at(platform: Platform) -> datetime:
    return datetime.fromtimestamp(platform.shop.clock.now(), UTC)


def test_a_simulator_goes_by_this_machine_or_by_the_demo_company(
    hub: HubWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked = ["taobao", "--orders", "3"]
    assert abs(time_at(simulated(parsed(asked))) - datetime.now(UTC)) < NEAR
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path / "nobody"))
    assert abs(time_at(simulated(parsed([*asked, "--demo"]))) - STARTS_AT) < NEAR  # not opened yet

    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    later = STARTS_AT + timedelta(days=40)
    with writing(hub.engine) as db:
        db.execute(feed.update().values(hub_at=later))
    platform = simulated(parsed([*asked, "--demo"]))
    assert abs(time_at(platform) - later) < NEAR
    with standing(platform) as url:
        answer = requests.get(f"{url}/_simulator/settings", timeout=5)
        assert abs(parsedate_to_datetime(answer.headers["Date"]) - later) < NEAR
