"""Figures for Prometheus and logs for a collector: bounded, behind their own door, about nobody."""

from __future__ import annotations

import http.client
import json
import logging
import re
import sys
from pathlib import Path

import pytest
from builders import NOW
from hub_world import FEED, SEAL, HubWorld, bought

from app.boot import log as logs
from app.boot.anchor import main as anchor_main
from app.boot.metrics import serve_figures
from app.commands.hold import Hold
from app.trouble import Trouble
from sync import keeping_tables as k
from sync.hub.keeping.backup import back_up, count_as_protection
from sync.hub.keeping.gauges import gauges
from sync.hub.meter import BUCKETS_MS, Meter
from sync.hub.witness.anchors import read_anchors
from sync.hub.witness.heads import Signer

LINE = re.compile(r'^[a-z_]+(\{[a-z]+="[a-z0-9+A-Z]+"\})? [0-9.e+]+$')
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    monkeypatch.setenv("DOCKET_HUB_KEY", KEY)
    monkeypatch.delenv("DOCKET_METRICS_TOKEN", raising=False)


def figures(hub: HubWorld) -> dict[str, float]:
    lines = [*hub.writer.meter.lines(), *gauges(hub.engine, FEED, hub.clock())]
    samples = [line for line in lines if not line.startswith("#")]
    assert all(LINE.match(line) for line in samples), samples
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in samples)}


def test_figures_follow_what_happens(hub: HubWorld, tmp_path: Path):
    clerk = hub.desk()
    hub.channel.must(bought("o1"), bought("o2"))
    clerk.must(Hold(order="o1", reason="ask"))
    clerk.ask(Hold(order="nowhere", reason="ask"))
    made = back_up(hub.engine, tmp_path / "b", NOW)
    count_as_protection(hub.engine, made, NOW)
    hub.clock.move(seconds=90)

    told = figures(hub)

    assert told['docket_commands_total{status="applied"}'] == 3
    assert told['docket_commands_total{status="refused"}'] == 1
    assert told["docket_batches_total"] == told["docket_batch_ms_count"] == 3
    assert told['docket_batch_ms_bucket{le="+Inf"}'] == 3
    assert told["docket_head"] == told["docket_protected"] == hub.head()
    assert told["docket_backup_age_seconds"] == 90
    assert told['docket_effects{state="todo"}'] == 0
    assert told["docket_exceptions_open"] >= 1
    assert told["docket_commands_queued"] == told["docket_pulls_waiting"] == 0
    assert "docket_anchor_age_seconds" not in told


def test_buckets_add_up():
    meter = Meter()
    for ms in (1, 2, 3, 7_000):
        meter.batch(ms / 1_000, ms / 4_000, ["applied"])
    meter.again()

    told = dict(line.rsplit(" ", 1) for line in meter.lines() if not line.startswith("#"))

    reached = [int(told[f'docket_batch_ms_bucket{{le="{edge}"}}']) for edge in (*BUCKETS_MS, "+Inf")]
    assert reached == sorted(reached)
    assert (reached[0], reached[1], reached[-2], reached[-1]) == (2, 3, 3, 4)
    assert float(told["docket_commit_ms_total"]) == pytest.approx(float(told["docket_batch_ms_sum"]) / 4)
    assert told["docket_batch_retries_total"] == "1"


def ask(port: int, path: str = "/metrics", **headers: str) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def test_figures_are_read_on_this_machine_without_a_token():
    door = serve_figures(lambda: "docket_head 1\n", "127.0.0.1:0")
    try:
        assert ask(door.port) == (200, b"docket_head 1\n")
        assert ask(door.port, "/")[0] == 404
    finally:
        door.stop()


def test_with_a_token_nobody_reads_without_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DOCKET_METRICS_TOKEN", "t" * 20)
    door = serve_figures(lambda: "docket_head 1\n", "127.0.0.1:0")
    try:
        assert ask(door.port)[0] == 401
        assert ask(door.port, authorization="Bearer " + "t" * 19)[0] == 401
        assert ask(door.port, authorization="Bearer " + "t" * 20)[0] == 200
    finally:
        door.stop()


def test_a_database_that_is_away_is_a_503_and_a_line_in_the_log(expect_log):
    def away() -> str:
        raise OSError("away")

    door = serve_figures(away, "127.0.0.1:0")
    try:
        assert ask(door.port)[0] == 503
    finally:
        door.stop()
    expect_log("the figures cannot be read")


@pytest.mark.parametrize("listen", ["0.0.0.0:9465", ":9465", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999"])
def test_figures_are_open_to_nobody_by_mistake(listen: str):
    with pytest.raises(Trouble) as trouble:
        serve_figures(lambda: "", listen)
    assert trouble.value.code == "metrics"


def test_a_log_line_is_one_object(capsys: pytest.CaptureFixture[str]):
    record = logging.LogRecord("sync.hub", logging.ERROR, __file__, 1, "batch %s\nbroke", ("7",), None)
    try:
        _ = {}["x" * 50_000]
    except KeyError:
        record.exc_info = sys.exc_info()

    said = json.loads(logs.AsJson().format(record))

    assert (said["level"], said["logger"], said["message"]) == ("error", "sync.hub", "batch 7\nbroke")
    assert len(said["trace"]) == logs.TRACE_LIMIT
    assert said["at"].endswith("+00:00")


def test_an_anchor_is_appended_signed_and_noted(hub: HubWorld, tmp_path: Path):
    url, kept = hub.engine.url.render_as_string(hide_password=False), tmp_path / "anchors.jsonl"
    for n in range(2):
        hub.channel.must(bought(f"o{n}"))
        assert anchor_main(["--database", url, "--to", str(kept)]) == 0

    anchors = read_anchors(kept)

    assert [one.head.seq for one in anchors] == [hub.head() - 1, hub.head()]
    assert {one.key for one in anchors} == {Signer(SEAL).key}
    assert [row.stored for row in hub.rows(k.anchor)] == [str(kept)] * 2


def test_an_anchor_is_printed_for_paper(hub: HubWorld, capsys: pytest.CaptureFixture[str]):
    hub.channel.must(bought("o1"))
    url = hub.engine.url.render_as_string(hide_password=False)

    assert anchor_main(["--database", url]) == 0

    paper, line = capsys.readouterr().out.splitlines()
    assert json.loads(line)["head"]["seq"] == hub.head()
    assert bytes(hub.rows(k.metadata.tables["feed"])[0].head_hash).hex()[:8] in paper
