"""`restore`: put a backup into an empty database and begin its new life; or try whether it works."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from sqlalchemy import make_url, select
from sqlalchemy.exc import DBAPIError

from app.boot.opening import check_key, opened, wall_clock
from app.boot.places import found_key
from app.boot.verify import tell_findings
from app.boot.words import LANGUAGES, console
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import connect_database, reading
from sync.hub.finding import Finding
from sync.hub.keeping.backup import newest
from sync.hub.keeping.manifest import Manifest, read_manifest
from sync.hub.keeping.rehearsal import rehearse
from sync.hub.keeping.restore import restore
from sync.hub.seal import Seal
from sync.tables import audit_block, feed


class Drill(msgspec.Struct, frozen=True, kw_only=True):
    """How a drill went. `behind`: changes of the living database that are not in the backup."""

    ok: bool
    folder: str
    made_at: str
    rows: int
    took_s: float
    behind: int | None
    is_ours: bool | None
    """The living database went on from this very backup; unknown without one."""
    findings: tuple[Finding, ...]


def main(argv: list[str]) -> int:
    """Restore, or drill; 0 when every promise is kept, 1 when not, 2 when it cannot be done."""
    parser = argparse.ArgumentParser(prog="docket restore", description=__doc__)
    parser.add_argument("backup", type=Path, help="a backup, or the folder whose newest one is meant")
    parser.add_argument("--database", default="", help="an empty one; with --drill the living one, if any")
    parser.add_argument("--drill", action="store_true", help="restore beside the living one, verify, tidy up")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    try:
        folder = newest(asked.backup)
        if asked.drill:
            return _drilled(drill(folder, asked.database), asked)
        manifest, findings = into(folder, asked.database)
    except Trouble as trouble:
        print(console(trouble.hint, asked.lang), file=sys.stderr)
        return 2
    except DBAPIError as fault:
        print(console(N_("The database cannot be written:"), asked.lang), fault.orig, file=sys.stderr)
        return 2
    if asked.json:
        said = {"name": "restore", "ok": not findings, "moments": manifest.moments, "findings": findings}
        print(msgspec.json.encode(said).decode())
    else:
        _tell(manifest, findings, asked.lang)
    return 1 if findings else 0


def into(folder: Path, database: str) -> tuple[Manifest, Sequence[Finding]]:
    """Restore into an empty PostgreSQL database, or into a SQLite file that is not there yet.

    Raises:
        Trouble: whatever stands in the way; the target is as it was.
    """
    if not database:
        raise Trouble("database", Text(N_("Say where to: --database, an empty one.")))
    url = make_url(database) if database.startswith("sqlite") else None
    if url is None or not url.database:
        engine = opened(database, connect_database)
        try:
            return restore(engine, folder, wall_clock())
        finally:
            engine.dispose()
    target = Path(url.database)
    if target.exists():
        raise Trouble(
            "not_empty",
            Text(
                N_("There is a database at {file}. Stop its hub, move it away, and restore again."),
                {"file": str(target)},
            ),
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".restoring")
    for end in ("", "-wal", "-shm"):
        draft.with_name(draft.name + end).unlink(missing_ok=True)
    engine = connect_database(f"sqlite:///{draft.as_posix()}")
    try:
        done = restore(engine, folder, wall_clock())
    finally:
        engine.dispose()
    draft.replace(target)
    return done


def drill(folder: Path, living: str) -> Drill:
    """Restore a backup into a scratch file, check it, and compare it with the living database.

    Raises:
        Trouble: the backup is damaged, or the living database cannot be read.
    """
    manifest = read_manifest(folder)
    with TemporaryDirectory(prefix="docket-drill-") as place:
        rehearsed = rehearse(folder, Path(place) / "hub.db")
    behind, findings = None, list(rehearsed.findings)
    is_ours: bool | None = None
    if living:
        behind, is_ours = _beside(manifest, living)
        if not is_ours:
            findings.append(Finding("I8", "backup", "the living database did not go on from this backup"))
    return Drill(
        ok=not findings,
        folder=str(folder),
        made_at=manifest.made_at.isoformat(),
        rows=rehearsed.rows,
        took_s=rehearsed.took_s,
        behind=behind,
        is_ours=is_ours,
        findings=tuple(findings),
    )


def _beside(manifest: Manifest, living: str) -> tuple[int, bool]:
    """Say how far the living database has gone on, and whether it went on from this backup."""
    engine = opened(living, connect_database)
    try:
        behind, is_ours = 0, True
        with reading(engine) as db:
            for moment in manifest.moments:
                here = audit_block.c.feed_id == moment.feed_id, audit_block.c.seq == moment.seq
                stood = db.execute(select(audit_block.c.hash).where(*here)).scalar()
                head = db.execute(select(feed.c.head).where(feed.c.feed_id == moment.feed_id)).scalar() or 0
                is_ours &= moment.seq == 0 or (stood is not None and bytes(stood).hex() == moment.hash)
                behind += head - moment.seq
        check_key(engine, Seal(_key(living)))
        return behind, is_ours
    finally:
        engine.dispose()


def _key(living: str) -> bytes:
    """Return the master key; without it a restore brings back no names.

    Raises:
        Trouble: master_key.
    """
    key = found_key(living)
    if key is None:
        raise Trouble(
            "master_key",
            Text(N_("The key to names and addresses is not on this machine: docket key import brings it.")),
        )
    return key


def _drilled(done: Drill, asked: argparse.Namespace) -> int:
    if asked.json:
        print(msgspec.json.encode({"name": "drill", **msgspec.to_builtins(done)}).decode())
        return 0 if done.ok else 1
    figures: dict[str, str | int | Text] = {
        "folder": done.folder,
        "rows": done.rows,
        "seconds": f"{done.took_s:.1f}",
    }
    print(console(Text(N_("{folder}: {rows} rows restored in {seconds} s."), figures), asked.lang))
    if done.behind is not None:
        print(
            console(Text(N_("The hub has made {count} changes since."), {"count": done.behind}), asked.lang)
        )
    tell_findings(done.findings, asked.lang)
    if done.ok:
        print(f"✓ {console(N_('Every promise is kept.'), asked.lang)}")
    return 0 if done.ok else 1


def _tell(manifest: Manifest, findings: Sequence[Finding], language: str) -> None:
    for moment in manifest.moments:
        at: dict[str, str | int | Text] = {
            "seq": moment.seq,
            "at": manifest.made_at.isoformat(" ", "minutes"),
        }
        print(console(Text(N_("Restored up to change {seq}, backed up at {at}."), at), language))
    tell_findings(findings, language)
    hints = (
        N_("Import the files that came after the backup again, then start the hub."),
        N_("Desks fetch their rows again and send what the backup does not hold, under the same numbers."),
    )
    print(*(console(hint, language) for hint in hints), sep="\n")
