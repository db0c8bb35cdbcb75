"""`vouchers`: what shops sold and gave back, a day and shop at a time, in double entry. Reads only."""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from app.boot.days_asked import ask_days
from app.boot.opening import FEED_ID
from app.boot.places import demo_database
from app.boot.sheets import Files
from app.boot.words import LANGUAGES, console
from app.domain.voucher import CODES, Voucher
from app.insight.handling import between
from app.insight.voucher_table import COLUMNS, name_of, table
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import connect_database
from sync.hub.handling import feeds
from sync.hub.vouchers import vouchers_of


def main(argv: list[str]) -> int:
    """Write the vouchers of a database; 2 where there is none to read."""
    parser = argparse.ArgumentParser(prog="run.py vouchers", description="Write vouchers.")
    parser.add_argument("--database", default="", help="its URL; without it, the embedded company's")
    ask_days(parser, "yesterday", "yesterday")
    parser.add_argument("--out", type=Path, help="a .csv, .xlsx or .json file; without it, JSON here")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the table")
    asked = parser.parse_args(argv)
    try:
        made = read(asked.database or demo_database(), asked.since, asked.until, asked.zone)
        if asked.out is None or asked.out.suffix.lower() == ".json":
            words = as_json(made)
            print(words) if asked.out is None else asked.out.write_text(words, encoding="utf-8")
        else:
            as_table(made, asked.out, asked.lang)
    except Trouble as trouble:
        print(console(trouble.hint, asked.lang), file=sys.stderr)
        return 2
    except (OSError, SQLAlchemyError) as fault:
        hint = Text(N_("There is no Docket database to read there."))
        print(f"{console(hint, asked.lang)} {fault}", file=sys.stderr)
        return 2
    return 0


def read(database: str, since: date | None, until: date | None, zone: ZoneInfo) -> tuple[Voucher, ...]:
    """Return the vouchers of some days of a place; without days, those of the last whole one.

    Raises:
        SQLAlchemyError: it cannot be read, or is no hub's.
    """
    engine = connect_database(database)
    try:
        now = dict(feeds(engine))[FEED_ID]
        last = until or now.astimezone(zone).date() - timedelta(days=1)
        return vouchers_of(engine, FEED_ID, *between(since or last, last, zone))
    finally:
        engine.dispose()


def as_json(made: tuple[Voucher, ...]) -> str:
    """Write vouchers for a program: amounts in minor units, each line with the usual code of its account."""
    said = [
        {
            "voucher": name_of(one),
            **msgspec.to_builtins(one),
            "entries": [msgspec.to_builtins(entry) | {"code": CODES[entry.account]} for entry in one.entries],
        }
        for one in made
    ]
    return msgspec.json.encode(said).decode()


def as_table(made: tuple[Voucher, ...], path: Path, language: str) -> None:
    """Write vouchers as a file for a spreadsheet.

    Raises:
        Trouble: `bad_path`, `cannot_write`.
    """
    sheet = Files().open(str(path.absolute()), [console(Text(title), language) for title in COLUMNS])
    try:
        rows = table(made)
        sheet.write([[console(c, language) if isinstance(c, Text) else c for c in row] for row in rows])
        sheet.close()
    except BaseException:
        sheet.drop()
        raise
