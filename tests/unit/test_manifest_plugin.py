"""Code of a channel: from the hub's own disk, for what data cannot say, and never fatal."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.company import Shop
from app.trouble import Trouble
from sync.channel import Unreadable
from sync.manifest.blocks import Verify
from sync.manifest.caller import Answer, Caller
from sync.manifest.mapping import mapped
from sync.manifest.plugin import NOTHING, Plugin, plugin_of, plugins_in
from sync.manifest.reading import built_in, checked, manifest_of, patched
from sync.manifest.request import Request
from sync.manifest.verify import verified

NOW = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
CODE = """
import msgspec

def sign(request, settings):
    return msgspec.structs.replace(request, headers={**request.headers, "X-Own": settings["api_key"]})

def verify(raw, headers, settings):
    return headers.get("x-own") == settings["api_key"]

def parse(data):
    return data["inner"]

def map_order(record, mapped):
    receive = msgspec.structs.replace(mapped.receive, ext_id="P-" + mapped.receive.ext_id)
    return msgspec.structs.replace(mapped, receive=receive)
"""
SETTINGS = {"base_url": "https://own.example", "api_key": "k"}


def written(folder: Path, code: str, mode: int = 0o644) -> Path:
    file = folder / "generic_rest.py"
    file.write_text(code, encoding="utf-8")
    file.chmod(mode)
    return folder


def caller(plugin: Plugin, sent: list[Request]) -> Caller:
    def line(request: Request, _timeout_s: float, _most_bytes: int) -> Answer:
        sent.append(request)
        return Answer(200, {}, b'{"inner": {"id": 1}}')

    manifest = checked(patched(built_in("generic_rest"), {"transport": {"sign": {"strategy": "python"}}}))
    return Caller(manifest, SETTINGS, line, lambda: NOW, lambda _s: None, lambda: "n", plugin=plugin)


def test_a_plugin_signs_and_reads_what_data_cannot(tmp_path: Path) -> None:
    sent: list[Request] = []
    plugin = plugin_of(written(tmp_path, CODE), "generic_rest")
    assert caller(plugin, sent).one("orders", "1") == {"id": 1}
    assert sent[0].headers["X-Own"] == "k"


def test_a_plugin_verifies_and_maps(tmp_path: Path) -> None:
    plugin = plugin_of(written(tmp_path, CODE), "generic_rest")
    verify = Verify(strategy="python")
    ask = lambda given, with_: verified(verify, b"{}", given, {}, SETTINGS, NOW, plugin=with_).is_genuine  # noqa: E731
    assert ask({"X-Own": "k"}, plugin)
    assert not ask({"X-Own": "l"}, plugin)
    assert not ask({"X-Own": "k"}, NOTHING)
    record: dict[str, Any] = {"id": "1", "status": "paid", "total": "1", "created_at": "2026-06-13"}
    shop = Shop(code="X", title="", channel="X")
    assert mapped(manifest_of("generic_rest"), record, shop, NOW, plugin).receive.ext_id == "P-1"
    with pytest.raises(Unreadable):
        mapped(
            manifest_of("generic_rest"), record, shop, NOW, Plugin(map_order=lambda _record, _mapped: None)
        )


def test_a_channel_that_needs_a_plugin_says_so(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as wrong:
        caller(plugin_of(tmp_path, "generic_rest"), []).one("orders", "1")
    assert wrong.value.code == "no_plugin"


def test_what_others_may_write_or_what_does_not_load_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as wrong:
        plugin_of(written(tmp_path, "1/0"), "generic_rest")
    assert (wrong.value.code, wrong.value.hint.params["why"]) == (
        "broken_plugin",
        "ZeroDivisionError: division by zero",
    )
    if sys.platform != "win32":
        with pytest.raises(Trouble) as wrong:
            plugin_of(written(tmp_path, CODE, 0o666), "generic_rest")
        assert wrong.value.code == "open_plugin"
        folder = written(tmp_path, CODE)
        folder.chmod(0o777)
        with pytest.raises(Trouble) as wrong:
            plugin_of(folder, "generic_rest")
        assert (wrong.value.code, wrong.value.hint.params["name"]) == ("open_plugin", folder.name)
        folder.chmod(0o700)


@pytest.mark.parametrize("id", ["../generic_rest", "os", "", "Generic"])
def test_only_a_manifest_by_its_own_name_has_one(tmp_path: Path, id: str) -> None:
    written(tmp_path, CODE)
    (tmp_path / "inner").mkdir()
    assert plugin_of(tmp_path / "inner", id) == NOTHING
    assert plugin_of(None, "generic_rest") == NOTHING


def test_a_hub_loads_every_plugin_of_its_folder_once(tmp_path: Path) -> None:
    written(tmp_path, CODE)
    (tmp_path / "Not-One.py").write_text("1/0", encoding="utf-8")
    assert list(plugins_in(tmp_path)) == ["generic_rest"]
    assert plugins_in(None) == {}


def test_a_plugin_that_fails_is_told_and_not_fatal(tmp_path: Path) -> None:
    code = "def sign(*_): 1/0\nverify = parse = map_order = sign\n"
    plugin = plugin_of(written(tmp_path, code), "generic_rest")
    with pytest.raises(Trouble) as wrong:
        caller(plugin, []).one("orders", "1")
    assert wrong.value.hint.params == {"name": "generic_rest", "why": "ZeroDivisionError"}
    assert not verified(Verify(strategy="python"), b"", {}, {}, SETTINGS, NOW, plugin=plugin).is_genuine
    record: dict[str, Any] = {"id": "1", "status": "paid", "total": "1", "created_at": "2026-06-13"}
    with pytest.raises(Unreadable):
        mapped(manifest_of("generic_rest"), record, Shop(code="X", title="", channel="X"), NOW, plugin)
