"""`verify`: does a database keep every promise? Reads only; exits 1 on any breach."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from app.boot.places import demo_database, found_key
from app.boot.words import LANGUAGES, console
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import connect_database, reading
from sync.hub.finding import Finding
from sync.hub.promises import PROMISES
from sync.hub.proofs import Signatures, check_proofs
from sync.hub.seal import Seal
from sync.hub.verify import Report, verify
from sync.hub.witness.anchors import Anchor, anchors_hold, read_anchors
from sync.tables import feed


def main(argv: list[str]) -> int:
    """Check one database; 0 when all is well, 1 on a breach, 2 when there is nothing to check."""
    parser = argparse.ArgumentParser(
        prog="run.py verify", description="Check what a hub's database promises."
    )
    parser.add_argument("--database", default="", help="its URL; without it, the embedded company's")
    parser.add_argument("--anchor", type=Path, metavar="FILE", help="anchors that were kept elsewhere")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    try:
        anchors = read_anchors(asked.anchor) if asked.anchor else []
        reports = check(asked.database or demo_database(), anchors)
    except Trouble as trouble:
        print(console(trouble.hint, asked.lang), file=sys.stderr)
        return 2
    except (OSError, SQLAlchemyError) as fault:
        hint = Text(N_("There is no Docket database to read there."))
        said = {"name": "verify", "ok": False, "trouble": str(fault)}
        print(msgspec.json.encode(said).decode() if asked.json else f"{console(hint, asked.lang)} {fault}")
        return 2
    is_well = all(report.ok for report in reports)
    if asked.json:
        print(msgspec.json.encode({"name": "verify", "ok": is_well, "feeds": reports}).decode())
    else:
        for report in reports:
            tell(report, asked.lang)
    return 0 if is_well else 1


def check(database: str, anchors: Sequence[Anchor] = ()) -> list[Report]:
    """Check every feed of a database, also against anchors that were kept elsewhere.

    Raises:
        OSError: the file is not there.
        SQLAlchemyError: it cannot be read, or is no hub's.
    """
    url = make_url(database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise FileNotFoundError(url.database)
    engine = connect_database(database)
    try:
        with reading(engine) as db:
            feeds = db.execute(select(feed.c.feed_id).order_by(feed.c.feed_id)).scalars().all()
        reports = [verify(engine, feed_id) for feed_id in feeds]
        key = found_key(database)
        with reading(engine) as db:
            return [_more(db, report, Seal(key) if key else None, anchors) for report in reports]
    finally:
        engine.dispose()


def _more(db: Connection, report: Report, seal: Seal | None, anchors: Sequence[Anchor]) -> Report:
    """Add what needs more than the database: anchors kept elsewhere, and the key to sealed signatures."""
    signatures = check_proofs(db, report.feed_id, seal)
    anchored = anchors_hold(db, report.feed_id, anchors) if anchors else ()
    findings = (*report.findings, *signatures.findings, *anchored)
    return replace(report, findings=findings, signatures=replace(signatures, findings=()))


def tell_findings(findings: Sequence[Finding], language: str) -> None:
    """Say what is broken, what was expected, and who touched it last."""
    for one in findings:
        print(f"✗ {one.invariant} {one.subject}: {console(PROMISES.get(one.invariant, ''), language)}")
        print(f"    {one.detail}")
        if one.expected or one.actual:
            figures: dict[str, str | int | Text] = {"expected": one.expected, "actual": one.actual}
            print("   ", console(Text(N_("expected {expected}, found {actual}"), figures), language))
        for step in one.trail:
            print(f"    ← {step}")


def tell(report: Report, language: str) -> None:
    """Say it to a person."""
    checked = Text(N_("Checked up to {head}: {orders} orders, {commands} commands."), {
        "head": report.head, "orders": report.counts["orders"], "commands": report.counts["command"],
    })  # fmt: skip
    print(console(checked, language))
    if report.signatures is not None:
        _tell_signatures(report.signatures, language)
    tell_findings(report.findings, language)
    for one in report.beyond:
        seen = Text(N_("Desk {desk} had seen change {seq}, which a restore cut off."), {
            "desk": one.desk, "seq": one.seq,
        })  # fmt: skip
        print(console(seen, language))
    if report.ok:
        print(f"✓ {console(Text(N_('Every promise is kept.')), language)}")


def _tell_signatures(seen: Signatures, language: str) -> None:
    """Say how many commands were proved to come from their PC, and why others were not."""
    told = [Text(N_("{count} commands of desks were signed by their PC."), {"count": seen.checked})]
    if seen.sealed:
        without = N_("{count} more are sealed: look from where the key of names and addresses is.")
        told.append(Text(without, {"count": seen.sealed}))
    if seen.erased:
        told.append(Text(N_("{count} more were erased with their buyers."), {"count": seen.erased}))
    if seen.missing:
        before = N_("{count} more came without a kept signature, the last of them at change {seq}.")
        told.append(Text(before, {"count": seen.missing, "seq": seen.missing_to}))
    for text in told:
        print(console(text, language))
