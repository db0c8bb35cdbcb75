"""`report`: how long exceptions took per type, owner and shift, how old the open ones are. Reads only."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.boot.days_asked import ask_days
from app.boot.places import demo_database
from app.boot.sheets import Files
from app.boot.words import LANGUAGES, console
from app.domain.clock import WAIT_TITLES
from app.domain.goods import Accuracy
from app.domain.share import ENOUGH
from app.figures import Cohort, Figures, Report
from app.insight.compliance import Compliance
from app.insight.handling import between, reported
from app.insight.handling_table import COLUMNS, parts, table, unnamed
from app.insight.independence import IS_DAYS, IS_PCT, WAS_PCT
from app.insight.people import seen_by
from app.insight.people_table import stage_name
from app.kinds import KINDS
from app.people_figures import PeopleReport, StageFigures
from app.review_figures import Reviewer
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.compliance import compliance
from sync.hub.counts import stock_accuracy
from sync.hub.database import connect_database
from sync.hub.handling import feeds, handling
from sync.hub.learning import who_works_alone
from sync.hub.review_figures import review_figures
from sync.hub.stage_time import people_figures

DAYS = 7


class Whole(Report, frozen=True, kw_only=True):
    """The report of one company, and how its gates were kept."""

    gates: Compliance
    gates_played_again: Compliance
    """The same figure by the holds of the journal; waivers are no holds."""
    stock_accuracy: Accuracy
    people_time: PeopleReport
    """Touch, wait, rework and errors of stages, posts, shifts and people; few people in sum only."""
    cohorts: tuple[Cohort, ...] = ()
    """First-time success without help and days to it, by the month people began."""
    reviewers: tuple[Reviewer, ...] = ()
    """Seeded mistakes found and false alarms of each, with intervals; for trainers, not for lists."""


def main(argv: list[str]) -> int:
    """Print the report of a database; 2 when there is none to read."""
    parser = argparse.ArgumentParser(prog="run.py report", description="Say how long exceptions took.")
    parser.add_argument("--database", default="", help="its URL; without it, the embedded company's")
    ask_days(parser, "a week ago", "today")
    parser.add_argument("--out", type=Path, help="also as a table: a file that ends in .csv or .xlsx")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    try:
        reports = read(asked.database or demo_database(), asked.since, asked.until, asked.zone)
    except (OSError, SQLAlchemyError) as fault:
        hint = Text(N_("There is no Docket database to read there."))
        print(f"{console(hint, asked.lang)} {fault}", file=sys.stderr)
        return 2
    if asked.out is not None:
        try:
            as_table(reports, asked.out, asked.lang)
        except Trouble as trouble:
            print(console(trouble.hint, asked.lang), file=sys.stderr)
            return 2
    if asked.json:
        print(msgspec.json.encode({"name": "report", "feeds": reports}).decode())
    else:
        for each in reports:
            tell(each, asked.lang)
    return 0


def read(database: str, since: date | None, until: date | None, zone: ZoneInfo) -> list[Whole]:
    """Report on every company of a database, by the days of a place.

    Raises:
        OSError: the file is not there.
        SQLAlchemyError: it cannot be read, or is no hub's.
    """
    url = make_url(database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise FileNotFoundError(url.database)
    engine = connect_database(database)
    try:
        found = []
        for feed_id, now in feeds(engine):
            last = until or now.astimezone(zone).date()
            begins, ends = between(since or last - timedelta(days=DAYS - 1), last, zone)
            done = handling(engine, feed_id, begins, ends, now)
            gates, again = compliance(engine, feed_id, begins, ends)
            counts = stock_accuracy(engine, feed_id, begins, ends)
            about = msgspec.structs.asdict(reported(done, begins, ends, zone, now))
            seen = review_figures(engine, feed_id, begins, ends, zone.key, now).persons
            about["cohorts"] = who_works_alone(engine, feed_id, zone, now)
            about |= {"gates_played_again": again, "stock_accuracy": counts, "reviewers": seen}
            spent = people_figures(engine, feed_id, begins, ends, zone, now)
            about["people_time"] = seen_by(spent, "", reads_all=True)
            found.append(Whole(**about, gates=gates))
        return found
    finally:
        engine.dispose()


def tell(report: Whole, language: str) -> None:
    """Say it to a person, one line a type, an owner and an age."""

    def say(message: str, **params: str | int | Text) -> None:
        print(console(Text(message, params), language))

    last = report.until - timedelta(days=1)
    say(
        N_("Exceptions closed {since} to {until}, days of {zone}"),
        since=f"{report.since:%Y-%m-%d}",
        until=f"{last:%Y-%m-%d}",
        zone=report.zone,
    )
    for heading, lines in parts(report):
        say(heading)
        for one in lines:
            print("  " + console(_line(heading, one), language))
    say(
        N_("Released with every gate met: {green} of {moves}, {waived} of them answered for"),
        green=report.gates.green,
        moves=report.gates.moves,
        waived=report.gates.waived,
    )
    say(
        N_("  The same by the holds of the journal: {green} of {moves}"),
        green=report.gates_played_again.green,
        moves=report.gates_played_again.moves,
    )
    counts = report.stock_accuracy
    say(N_("Counted bins equal to the screen: {equal} of {n}"), equal=counts.equal, n=counts.counted)
    for stage in report.people_time.stages:
        _tell_stage(say, stage)
    logged_s, split_s = report.people_time.logged_s, report.people_time.split_s
    say(
        N_("In the house by the journal {logged} h, in the stages above {split} h"),
        logged=f"{logged_s / 3600:.1f}",
        split=f"{split_s / 3600:.1f}",
    )
    for each in report.reviewers:
        _tell_reviewer(say, each)
    for cohort in report.cohorts:
        _tell_cohort(say, cohort)
    say(N_("Open now: {n}, late {late}"), n=report.open.n, late=report.open.late)
    for age in report.open_ages:
        if age.below_min is None:
            say(N_("  older: {n}, late {late}"), n=age.n, late=age.late)
        else:
            say(N_("  under {min} min: {n}, late {late}"), min=age.below_min, n=age.n, late=age.late)
    for one in report.open_by_owner:
        say(N_("  {who}: {n}, late {late}"), who=one.of or Text(N_("nobody")), n=one.n, late=one.late)


def _tell_stage(say: Callable[..., None], one: StageFigures) -> None:
    """Say where the time of one stage went, and how often what was done there came back."""
    touch, wait, rework = (f"{seconds / 60:.1f}" for seconds in (one.touch_s, one.wait_s, one.rework_s))
    say(
        N_("{stage}: {n} ended, touch {touch} min, wait {wait} min, rework {rework} min, {back} came back"),
        stage=stage_name(one.stage),
        n=one.n,
        touch=touch,
        wait=wait,
        rework=rework,
        back=one.errors.count,
    )


def _tell_reviewer(say: Callable[..., None], one: Reviewer) -> None:
    """Say what somebody saw; where the sample is small, that comes with it."""
    hits, alarms = one.hits, one.false_alarms
    say(
        N_("{who} found {count} of {n} seeded mistakes ({low}-{high} %), false alarms {alarms} of {right}"),
        who=one.person,
        count=hits.count,
        n=hits.of,
        low=str(hits.low_pct),
        high=str(hits.high_pct),
        alarms=alarms.count,
        right=alarms.of,
    )
    if one.is_small:
        say(N_("  sample too small: fewer than {n}"), n=ENOUGH)


def _tell_cohort(say: Callable[..., None], one: Cohort) -> None:
    """Say how those who began in a month do, beside the reference."""
    say(
        N_("Began {month}: {people} people, {alone} of {n} first orders without help ({low}-{high} %)"),
        month=one.month,
        people=one.people,
        alone=one.alone,
        n=one.n,
        low=str(one.low_pct),
        high=str(one.high_pct),
    )
    say(
        N_("  independent {ready} of {people}, median {days} days ({low}-{high})"),
        ready=one.ready,
        people=one.people,
        days=str(one.days),
        low=str(one.days_low),
        high=str(one.days_high),
    )
    say(
        N_("  reference: {before} % to {after} % and {days} days"), before=WAS_PCT, after=IS_PCT, days=IS_DAYS
    )


def as_table(reports: Iterable[Report], path: Path, language: str) -> None:
    """Write the figures as a file for a spreadsheet, the period and whose days on every row.

    Raises:
        Trouble: `bad_path`, `cannot_write`.
    """
    sheet = Files().open(str(path.absolute()), [console(Text(title), language) for title in COLUMNS])
    try:
        for report in reports:
            rows = table(report, _name)
            sheet.write([[console(c, language) if isinstance(c, Text) else c for c in row] for row in rows])
        sheet.close()
    except Trouble:
        sheet.drop()
        raise


def _name(by: str, of: str) -> Text:
    kind = KINDS.get(of)
    return Text(kind.title) if kind is not None else Text(of) if of else unnamed(by)


def _line(by: str, one: Figures) -> Text:
    about: dict[str, str | int | Text] = {
        "name": _name(by, one.of),
        "n": one.n,
        "median": f"{one.median_s / 60:.1f}",
        "p90": f"{one.p90_s / 60:.1f}",
        "late": one.late,
        "at_once": one.at_once,
        "again": one.reopened,
    }
    line = Text(
        N_("{name}: {n}, median {median} min, P90 {p90} min, late {late}, first try {at_once}, back {again}"),
        about,
    )
    if one.claimed:
        claimed: dict[str, str | int | Text] = {"line": line, "n": one.claimed, "s": round(one.hand_s)}
        line = Text(N_("{line}; in hand median {s} s of {n} claimed"), claimed)
    if one.paced:
        paced: dict[str, str | int | Text] = {"line": line, "n": one.paced, "s": round(one.pace_s)}
        line = Text(N_("{line}; median {s} s each, {n} one after another"), paced)
    for wait, seconds in sorted(one.waited_s.items()):
        waited: dict[str, str | int | Text] = {
            "line": line, "min": seconds // 60, "wait": Text(WAIT_TITLES.get(wait, wait)),
        }  # fmt: skip
        line = Text(N_("{line}; waited {min} min for {wait}"), waited)
    return line
