"""One schema for both databases, by the rules that also distributed engines ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, ForeignKeyConstraint, Index, UniqueConstraint, inspect
from sqlalchemy.exc import IntegrityError

from sync import import_tables
from sync.hub.database import (
    MIGRATIONS,
    connect_database,
    open_database,
    reading,
    revisions,
    upgrade,
    writing,
)
from sync.keeping_tables import metadata

assert metadata is import_tables.metadata, "one schema, declared in several files"
TABLES = sorted(metadata.tables)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = open_database(database_url)
    yield made
    made.dispose()


def test_the_migrations_make_exactly_the_tables_in_code(engine: Engine):
    with reading(engine) as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_both_databases_have_the_same_keys_and_rules(engine: Engine):
    looked = inspect(engine)
    for table in metadata.tables.values():
        assert looked.get_pk_constraint(table.name)["constrained_columns"] == table.primary_key.columns.keys()
        uniques = {c["name"]: c["column_names"] for c in looked.get_unique_constraints(table.name)}
        wanted = {c.name: c.columns.keys() for c in table.constraints if isinstance(c, UniqueConstraint)}
        assert uniques == wanted
        checks = {c["name"] for c in looked.get_check_constraints(table.name)}
        assert checks == {c.name for c in table.constraints if isinstance(c, CheckConstraint)}


def test_opening_again_changes_nothing(engine: Engine, database_url: str):
    before = sorted(inspect(engine).get_table_names())

    upgrade(engine)
    again = connect_database(database_url)

    assert sorted(inspect(again).get_table_names()) == before
    again.dispose()


@pytest.mark.parametrize("name", TABLES)
def test_the_feed_leads_every_key(name: str):
    table = metadata.tables[name]
    keys = [
        table.primary_key,
        *(c for c in table.constraints if isinstance(c, UniqueConstraint)),
        *table.indexes,
    ]

    assert [next(iter(key.columns)).name for key in keys] == ["feed_id"] * len(keys)


@pytest.mark.parametrize("name", TABLES)
def test_nothing_is_numbered_by_the_database_or_tied_by_it(name: str):
    table = metadata.tables[name]

    assert table.autoincrement_column is None
    assert not any(isinstance(constraint, ForeignKeyConstraint) for constraint in table.constraints)
    for key in (*table.constraints, *table.indexes):
        assert not getattr(key, "deferrable", None)
        assert isinstance(key, Index) or key.name


@pytest.mark.parametrize(
    "word", ["TRIGGER", "SEQUENCE", "SAVEPOINT", "ADVISORY", "NOTIFY", "LOCK TABLE", "PLPGSQL"]
)
def test_the_hub_uses_no_word_that_other_engines_lack(word: str):
    hub = MIGRATIONS.parent
    code = {path: path.read_text(encoding="utf-8") for path in hub.rglob("*.py")}
    statements = {path.name for path, text in code.items() if f"{word} " in text or f'"{word}' in text}

    assert statements == set()


@pytest.mark.parametrize(
    "word",
    [
        "begin_nested",
        "pg_advisory",
        "nextval",
        "Sequence(",
        "Identity(",
        "DEFERRABLE",
        "EXCLUDE USING",
        "LISTEN ",
    ],
)
def test_the_hub_asks_for_nothing_that_only_one_engine_has(word: str):
    """Sub-transactions, locks by number, counters of the database, constraints checked late, calls across."""
    code = {path: path.read_text(encoding="utf-8") for path in MIGRATIONS.parent.parent.rglob("*.py")}

    assert {path.name for path, text in code.items() if word in text} == set()


def test_the_tables_themselves_refuse_to_oversell(engine: Engine):
    with pytest.raises(IntegrityError, match="never_oversold"), writing(engine) as db:
        db.exec_driver_sql(
            "INSERT INTO stock (feed_id, warehouse, sku, on_hand, reserved, seq)"
            " VALUES (1, 'SZ', 'A', 1, 2, 1)"
        )


def test_the_tables_themselves_refuse_a_maker_who_checks(engine: Engine):
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), writing(engine) as db:
        db.exec_driver_sql("INSERT INTO signature VALUES (1, 'o1', 1, 'ann', 'hash', 'ann', 1)")


@pytest.mark.parametrize(
    ("taken", "broken"),
    [("'ann', 'seal'", "leaver_is_not_taker"), ("'ben', 'other'", "both_signed_one_page")],
)
def test_the_tables_themselves_refuse_one_name_twice_under_a_handover(
    engine: Engine, taken: str, broken: str
):
    with pytest.raises(IntegrityError, match=broken), writing(engine) as db:
        db.exec_driver_sql(f"INSERT INTO handover VALUES (1, 'h1', 'SZ', 'seal', 'ann', 1, {taken}, 2)")


@pytest.mark.parametrize(("approved", "fits"), [("hash", True), ("", False), ("older", False)])
def test_the_tables_themselves_refuse_a_release_without_approval(engine: Engine, approved: str, fits: bool):
    values = (
        f"1,'o',1,1,'n','released','to_ship','TM1','x','m',1,'hash','{approved}','CNY',1,'SZ',1,1,1,false,''"
    )

    def insert() -> None:
        with writing(engine) as db:
            db.exec_driver_sql(f"INSERT INTO orders VALUES ({values})")

    if fits:
        insert()
    else:
        with pytest.raises(IntegrityError, match="released_needs_approval"):
            insert()


def test_sqlite_writes_durably(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'hub.db'}")
    with reading(engine) as db:
        modes = [db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    engine.dispose()

    assert modes == ["wal", 2]


def test_files_of_migrations_begin_with_their_revision():
    walked = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    assert revisions() == tuple(reversed([one.revision for one in walked]))
