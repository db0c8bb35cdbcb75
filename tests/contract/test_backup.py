"""A backup is taken while the hub works, is restored before it counts, and brings everything back."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, line
from hub_world import ALL, FEED, SEAL, HubWorld, bought
from sqlalchemy import Engine, select, update

from app.boot import backup as verb
from app.boot.restore import drill, into
from app.boot.restore import main as restore_main
from app.commands.hold import Hold
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.domain.values import Role
from app.trouble import Trouble
from sync import tables
from sync.hub.database import connect_database, reading, writing
from sync.hub.keeping.backup import back_up, count_as_protection, finished, keep_newest, newest
from sync.hub.keeping.manifest import NAME, read_manifest
from sync.hub.keeping.rows import Shape, Unfit, lines_of, read_rows, shapes, values_of
from sync.hub.pages import Pages
from sync.hub.verify import verify
from sync.keeping_tables import life


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    monkeypatch.setattr("app.boot.words.console_language", lambda: "en")


@pytest.fixture
def busy(hub: HubWorld) -> HubWorld:
    """A hub on which orders came, one was shipped and one is held; a parcel waits to be told."""
    clerk, floor = hub.desk(), hub.desk(Role.WAREHOUSE)
    hub.channel.must(bought("shipped"), bought("held"), bought("open", lines=(line(title="a\tb\nc\\d"),)))
    floor.must(Pick(order="shipped", line="1"), Pack(order="shipped"))
    floor.must(Ship(order="shipped", carrier="SF", tracking_no="SF1"))
    clerk.ask(Hold(order="held", reason="ask"), because="tab\there, line\nthere, slash \\n, end \\")
    return hub


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of another database, empty, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored' / 'hub.db'}"
        return
    import psycopg
    from sqlalchemy import make_url

    url = request.getfixturevalue("postgres_url")
    name = f"restored_{next(request.getfixturevalue('database_names'))}"
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def url_of(hub: HubWorld) -> str:
    return hub.engine.url.render_as_string(hide_password=False)


def contents(engine: Engine, *, without: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    with reading(engine) as db:
        return {
            shape.table: sorted(values_of(line, shape) for line in lines_of(read_rows(db, shape)))
            for shape in shapes(db)
            if shape.table not in without
        }


RENEWED = ("feed", "life", "effect", "account")


def test_everything_comes_back_into_either_database(busy: HubWorld, tmp_path: Path, empty: str):
    before = contents(busy.engine, without=RENEWED)
    made = back_up(busy.engine, tmp_path / "backups", NOW)

    _, findings = into(made.folder, empty)

    assert findings == ()
    restored = connect_database(empty)
    assert contents(restored, without=RENEWED) == before
    assert verify(restored, FEED).ok
    restored.dispose()


def test_a_restored_hub_begins_a_new_life_and_asks_before_it_acts(busy: HubWorld, tmp_path: Path, empty: str):
    with writing(busy.engine) as db:
        db.execute(update(tables.account).values(lease_until=NOW))
    was = busy.rows(tables.feed)[0]
    into(back_up(busy.engine, tmp_path / "backups", NOW).folder, empty)

    restored = connect_database(empty)
    with reading(restored) as db:
        now = db.execute(select(tables.feed)).one()
        lived = db.execute(select(life)).one()
        states = db.execute(select(tables.effect.c.state, tables.effect.c.fence)).all()
        leases = db.execute(select(tables.account.c.lease_until)).scalars().all()
    restored.dispose()

    assert now.epoch not in ("", was.epoch)
    assert (now.head, bytes(now.head_hash)) == (was.head, bytes(was.head_hash))
    assert (lived.before, lived.from_seq, bytes(lived.from_hash)) == (was.epoch, was.head, was.head_hash)
    assert now.protected_seq == was.head
    assert states == [("unknown", 1)]
    assert set(leases) <= {None}


def test_a_backup_is_taken_while_the_hub_works(hub: HubWorld, tmp_path: Path):
    hub.channel.must(*(bought(f"o{n}") for n in range(20)))
    enough, stop = threading.Event(), threading.Event()
    clerk, asked = hub.desk(), []

    def work() -> None:
        while not stop.is_set():
            asked.append(clerk.ask(Hold(order=f"o{len(asked) % 20}", reason=f"r{len(asked)}")))
            if len(asked) == 3:
                enough.set()

    worker = threading.Thread(target=work)
    worker.start()
    enough.wait(30)
    made = back_up(hub.engine, tmp_path / "backups", NOW)
    stop.set()
    worker.join()

    (moment,) = made.manifest.moments
    assert made.ok, made.rehearsed.findings
    assert 0 < moment.seq <= hub.head()
    assert hub.verify().ok
    assert len(hub.rows(tables.command, replica_id=clerk.info.replica_id)) == len(asked)


def test_what_a_counted_backup_holds_is_protected_on_every_desk(busy: HubWorld, tmp_path: Path):
    pages = Pages(busy.engine, FEED, SEAL)
    made = back_up(busy.engine, tmp_path / "backups", NOW)
    assert pages.read("desk-clerk", 0, 500, ALL)[0].protected_seq == 0

    count_as_protection(busy.engine, made, NOW)
    busy.channel.must(bought("later"))

    reply, _ = pages.read("desk-clerk", 0, 500, ALL)
    assert reply.protected_seq == made.manifest.moments[0].seq == reply.head - 1


def test_an_older_backup_does_not_take_protection_back(busy: HubWorld, tmp_path: Path):
    older = back_up(busy.engine, tmp_path / "a", NOW)
    busy.channel.must(bought("later"))
    newer = back_up(busy.engine, tmp_path / "b", NOW)

    count_as_protection(busy.engine, newer, NOW)
    count_as_protection(busy.engine, older, NOW)

    assert busy.rows(tables.feed)[0].protected_seq == newer.manifest.moments[0].seq


def test_a_backup_of_a_former_life_protects_nothing(busy: HubWorld, tmp_path: Path):
    made = back_up(busy.engine, tmp_path / "backups", NOW)
    busy.sql("UPDATE feed SET epoch = 'another'")

    count_as_protection(busy.engine, made, NOW)

    assert busy.rows(tables.feed)[0].protected_seq == 0


def test_a_backup_that_breaks_a_promise_is_kept_and_does_not_count(
    busy: HubWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    busy.sql("UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'CT-180'")

    code = verb.main(["--database", url_of(busy), "--to", str(tmp_path / "b"), "--elsewhere"])

    assert code == 1
    assert "breaks promises" in (said := capsys.readouterr().out)
    assert "I5 SZ/CT-180" in said
    assert finished(tmp_path / "b") == []
    assert [one.suffix for one in (tmp_path / "b").iterdir()] == [".broken"]
    assert busy.rows(tables.feed)[0].protected_seq == 0


def test_no_name_and_no_key_is_in_a_backup(busy: HubWorld, tmp_path: Path):
    made = back_up(busy.engine, tmp_path / "backups", NOW)

    said = b"".join(gzip.decompress(path.read_bytes()) for path in made.folder.glob("*.gz"))

    assert b"DK-held" in said
    assert "季小雨".encode() not in said
    assert "文晖路".encode() not in said
    assert not {path.stat().st_mode & 0o077 for path in made.folder.glob("*.gz")} - {0}


@pytest.mark.parametrize("fault", ["gone", "cut", "flipped", "manifest", "elsewhere"])
def test_a_damaged_backup_is_not_restored(busy: HubWorld, tmp_path: Path, fault: str):
    folder = back_up(busy.engine, tmp_path / "backups", NOW).folder
    part = folder / "orders.copy.gz"
    if fault == "gone":
        part.unlink()
    elif fault == "cut":
        part.write_bytes(part.read_bytes()[:-20])
    elif fault == "flipped":
        part.write_bytes(part.read_bytes()[:-9] + b"x" + part.read_bytes()[-8:])
    elif fault == "manifest":
        (folder / NAME).write_text("{")
    else:
        said = (folder / NAME).read_text(encoding="utf-8")
        (folder / NAME).write_text(said.replace("orders.copy.gz", "../orders.gz"), encoding="utf-8")

    with pytest.raises(Trouble) as trouble:
        into(folder, f"sqlite:///{tmp_path / 'new.db'}")

    wanted = "damaged_backup" if fault in ("gone", "cut", "flipped") else "not_a_backup"
    assert trouble.value.code == wanted
    assert not (tmp_path / "new.db").exists()


def test_a_database_that_is_not_empty_is_left_alone(busy: HubWorld, tmp_path: Path):
    folder = back_up(busy.engine, tmp_path / "backups", NOW).folder
    before = contents(busy.engine)

    with pytest.raises(Trouble) as trouble:
        into(folder, url_of(busy))

    assert trouble.value.code == "not_empty"
    assert contents(busy.engine) == before


def test_a_drill_says_how_far_the_hub_has_gone_on_and_leaves_nothing(
    busy: HubWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("DOCKET_HUB_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    folder = back_up(busy.engine, tmp_path / "backups", NOW).folder
    before = contents(busy.engine)
    busy.channel.must(bought("later"))

    assert restore_main([str(folder.parent), "--drill", "--database", url_of(busy), "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["behind"], said["is_ours"]) == (True, 1, True)
    assert said["rows"] == sum(map(len, before.values()))
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name]


def test_a_drill_without_the_key_says_that_no_name_would_come_back(busy: HubWorld, tmp_path: Path):
    folder = back_up(busy.engine, tmp_path / "backups", NOW).folder

    with pytest.raises(Trouble) as trouble:
        drill(folder, url_of(busy))

    assert trouble.value.code == "master_key"


def test_a_drill_finds_that_history_was_rewritten_since(
    busy: HubWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DOCKET_HUB_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    folder = back_up(busy.engine, tmp_path / "backups", NOW).folder
    busy.sql("UPDATE audit_block SET hash = root WHERE seq = (SELECT head FROM feed)")

    done = drill(folder, url_of(busy))

    assert not done.ok
    assert done.is_ours is False
    assert [finding.invariant for finding in done.findings] == ["I8"]


def test_only_the_newest_are_kept(busy: HubWorld, tmp_path: Path):
    made = []
    for _ in range(3):
        busy.clock.move(hours=1)
        made.append(back_up(busy.engine, tmp_path, busy.clock()).folder)

    gone = keep_newest(tmp_path, 2)

    assert gone == made[:1]
    assert finished(tmp_path) == made[1:]
    assert newest(tmp_path) == made[2]


def test_the_same_disk_is_no_second_copy_unless_something_copies_it_away(
    hub: HubWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    hub.channel.must(bought("o1"))
    asked = ["--database", url_of(hub), "--to", str(tmp_path / "b"), "--json"]
    is_file = hub.engine.dialect.name == "sqlite"

    assert verb.main(asked) == 0
    first = json.loads(capsys.readouterr().out)
    assert verb.main([*asked, "--elsewhere", "--keep", "1"]) == 0
    second = json.loads(capsys.readouterr().out)

    assert first["counts"] is not is_file
    assert second["counts"] is True
    assert second["deleted"] == 1
    assert hub.rows(tables.feed)[0].protected_seq == hub.head()


def test_again_and_again_until_stopped():
    stop, runs = threading.Event(), []

    def once() -> int:
        runs.append(len(runs))
        if len(runs) == 1:
            raise Trouble("no_room", verb.Text("full"))
        stop.set()
        return 0

    assert verb.repeated(once, 1, stop) == 0
    assert runs == [0, 1]


@pytest.mark.parametrize("said", ["", "0m", "5", "1w", "99999m", "-1h"])
def test_a_pause_is_a_number_and_a_unit(said: str):
    if not said:
        assert verb.seconds(said) == 0
        return
    with pytest.raises(Trouble):
        verb.seconds(said)


@pytest.mark.parametrize(
    "line", [b"1\n", b"x\ta\t\\\\x00\tt\n", b"1\ta\tzz\tt\n", b"1\ta\t\\N\ty\n", b"\xff\n"]
)
def test_a_damaged_line_is_told_from_a_row(line: bytes):
    shape = Shape("t", ("a", "b", "c", "d"), ("int", "text", "bytes", "bool"))

    with pytest.raises(Unfit):
        values_of(line, shape)


def test_nothing_can_be_backed_up_where_nothing_may_be_written(
    busy: HubWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "file").write_text("in the way")

    code = verb.main(["--database", url_of(busy), "--to", str(tmp_path / "file")])

    assert code == 2
    assert "could not be written" in capsys.readouterr().err


def test_a_folder_that_holds_none_is_no_backup(tmp_path: Path):
    with pytest.raises(Trouble) as trouble:
        newest(tmp_path)

    assert trouble.value.code == "not_a_backup"


def test_a_manifest_says_what_it_was_made_of(busy: HubWorld, tmp_path: Path):
    made = back_up(busy.engine, tmp_path, NOW)

    manifest = read_manifest(made.folder)

    assert manifest == made.manifest
    assert manifest.made_at == NOW
    assert manifest.database == busy.engine.dialect.name
    assert manifest.verified_at is not None
    assert [(m.feed_id, m.seq) for m in manifest.moments] == [(FEED, busy.head())]
    counts: Callable[[str], int] = lambda table: len(busy.rows(tables.metadata.tables[table]))  # noqa: E731
    assert {p.shape.table: p.rows for p in manifest.parts} == {
        p.shape.table: counts(p.shape.table) for p in manifest.parts
    }
