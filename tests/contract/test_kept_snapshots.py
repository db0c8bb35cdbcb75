"""A hub that is started again hands out the files it built before, where they are what they were."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hub_world import FEED, SEAL, HubWorld, bought

from app.domain.company import GRANTS, User
from app.domain.scopes import Reach, reach_of
from app.domain.values import Role
from sync import projection
from sync.hub.snapshot import Snapshot, Snapshots


@pytest.fixture
def reach() -> Reach:
    return reach_of(User(code="clerk", title="clerk", role=Role.CLERK), GRANTS[Role.CLERK])


def started(hub: HubWorld, folder: Path) -> Snapshots:
    return Snapshots(hub.engine, FEED, SEAL, folder)


def is_whole(built: Snapshot) -> bool:
    return hashlib.sha256(built.path.read_bytes()).hexdigest() == built.sha256


def test_what_was_built_before_is_handed_out_again(hub: HubWorld, tmp_path: Path, reach: Reach):
    hub.channel.must(bought("o1"))
    before = started(hub, tmp_path).current(reach, packing="zstd")
    hub.channel.must(bought("o2"))

    again = started(hub, tmp_path)

    assert again.current(reach, packing="zstd") == before
    assert again.current(reach, begun=before.sha256, packing="zstd") == before
    assert again.current(reach).sha256 != before.sha256


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_file_that_did_not_survive_is_built_again(
    hub: HubWorld, tmp_path: Path, reach: Reach, is_lost: bool
):
    hub.channel.must(bought("o1"))
    before = started(hub, tmp_path).current(reach)
    if is_lost:
        before.path.unlink()
    else:
        before.path.write_bytes(before.path.read_bytes()[:-100])

    built = started(hub, tmp_path).current(reach)

    assert is_whole(built)
    assert (built.epoch, built.seq, built.size) == (before.epoch, before.seq, before.size)


def test_files_of_other_tables_and_notes_without_sense_are_left_alone(
    hub: HubWorld, tmp_path: Path, reach: Reach, monkeypatch: pytest.MonkeyPatch
):
    hub.channel.must(bought("o1"))
    before = started(hub, tmp_path).current(reach)
    (tmp_path / "x.json").write_bytes(b'{"rev":1}')
    hub.channel.must(bought("o2"))
    monkeypatch.setattr(projection, "SCHEMA_REV", projection.SCHEMA_REV + 1)

    built = started(hub, tmp_path).current(reach)

    assert built.seq > before.seq
    assert is_whole(built)
