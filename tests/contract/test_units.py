"""What the hub is run by: units that systemd understands, locked down, with nothing secret in them."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from app.boot.units import SYSTEMD, described, main

DATABASE = "postgresql://docket@db/docket"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.boot.words.console_language", lambda: "en")


def units(**more: str) -> dict[str, str]:
    asked = {
        "database": DATABASE, "listen": "0.0.0.0:8765", "line": "--behind-proxy",
        "metrics": "127.0.0.1:9465", "backups": "/srv/b",
    }  # fmt: skip
    return described("systemd", **(asked | more))


def test_the_hub_is_told_how_its_line_is_kept_secret(capsys: pytest.CaptureFixture[str]):
    assert main(["systemd", "--database", DATABASE]) == 0
    assert "0.0.0.0:8765 --behind-proxy --metrics" in capsys.readouterr().out

    assert (
        main(["systemd", "--database", DATABASE, "--tls-cert", "/etc/a.crt", "--tls-key", "/etc/a.key"]) == 0
    )
    assert "--tls-cert /etc/a.crt --tls-key /etc/a.key --metrics" in capsys.readouterr().out


def test_systemd_takes_the_units_as_they_are(tmp_path: Path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd on this machine")
    for name, text in units().items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in SYSTEMD)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    ours = [line for line in done.stderr.splitlines() if "docket-" in line and "Unit docket" not in line]
    assert ours == []


def test_no_place_is_left_open_and_no_password_is_in_a_unit(capsys: pytest.CaptureFixture[str]):
    for text in units().values():
        assert "{" not in text
    assert "--database postgresql://docket@db/docket" in units()["docket-hub.service"]

    assert main(["systemd", "--database", "postgresql://docket:secret@db/docket"]) == 2
    said = capsys.readouterr()
    assert "secret" not in said.out + said.err


@pytest.mark.parametrize("database", ["nothing", "sqlite:////srv/a\nb.db", "mysql://x/y"])
def test_what_no_unit_can_hold_is_refused(database: str):
    assert main(["systemd", "--database", database]) == 2


def test_a_percent_sign_stays_one():
    assert "hub%%20new.db" in units(database="sqlite:////srv/hub%20new.db")["docket-hub.service"]


def test_windows_reads_the_description(tmp_path: Path):
    asked = ["windows", "--database", "sqlite:///C:/Docket & Co/hub.db", "--out", str(tmp_path)]
    assert main(asked) == 0

    root = ET.fromstring((tmp_path / "docket-hub.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own
    assert root.findtext("id") == "docket-hub"
    assert "sqlite:///C:/Docket & Co/hub.db" in (root.findtext("arguments") or "")
