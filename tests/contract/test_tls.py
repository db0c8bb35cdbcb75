"""TLS on a LAN: an authority of the company's own, a hub it vouches for, desks that believe nobody else."""

from __future__ import annotations

import argparse
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509
from hub_world import FEED, SEAL, HubWorld

from app.boot import hub as hub_verb
from app.boot import tls as tls_verb
from app.trouble import Trouble
from sync import trust
from sync.hub.api import Hub, application
from sync.hub.limits import Impatient
from sync.hub.snapshot import Snapshots
from sync.hub.tls import LASTS, Pair, issue, new_ca
from sync.tables import feed
from sync.transport import Transport
from sync.trust import Trust


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """An authority and a certificate for this machine, made by the verb."""
    for asked in (["new-ca"], ["issue", "127.0.0.1", "localhost"]):
        assert tls_verb.main([*asked, "--dir", str(tmp_path / "tls")]) == 0
    capsys.readouterr()
    return tmp_path / "tls"


@contextmanager
def listening(hub: HubWorld, cert: Path, snapshots: Path) -> Iterator[str]:
    """A hub behind the certificate of this name; the key lies beside it."""
    (row,) = hub.rows(feed)
    kept = Snapshots(hub.engine, FEED, SEAL, snapshots)
    running = Hub(hub.engine, FEED, row.epoch, SEAL, hub.writer, kept, hub.clock)
    config = uvicorn.Config(
        application(running), port=0, log_config=None, lifespan="off", http=Impatient,
        ssl_certfile=cert, ssl_keyfile=cert.with_suffix(".key"),
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    pause = threading.Event()
    while not server.started:
        pause.wait(0.01)
    yield f"https://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def url(hub: HubWorld, folder: Path, tmp_path: Path) -> Iterator[str]:
    with listening(hub, folder / "127.0.0.1.crt", tmp_path / "snapshots") as url:
        yield url


def asked(url: str, told: Trust) -> datetime:
    line = Transport(url, trust=told)
    try:
        return line.health().hub_time
    finally:
        line.close()


def test_a_desk_that_knows_the_authority_hears_the_hub_and_another_does_not(
    hub: HubWorld, url: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert asked(url, Trust(str(folder / "docket-ca.crt"))) == hub.clock()

    tls_verb.main(["new-ca", "--dir", str(tmp_path / "other")])
    for told in (Trust(), Trust(str(tmp_path / "other" / "docket-ca.crt"))):
        with pytest.raises(Trouble) as caught:
            asked(url, told)
        assert (caught.value.code, caught.value.retry) == ("hub_untrusted", True)
        assert caught.value.hint.message == trust.UNTRUSTED


@pytest.mark.parametrize(
    ("host", "age_days", "says"),
    [
        ("hub.lan", 0, trust.OTHER_NAME),
        ("10.1.2.3", 0, trust.OTHER_NAME),
        ("127.0.0.1", 400, trust.OVER),
        ("127.0.0.1", -5, trust.NOT_YET),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said(
    hub: HubWorld, tmp_path: Path, host: str, age_days: int, says: str
):
    made_at = datetime.now(UTC) - timedelta(days=age_days)
    ca = new_ca("x", datetime.now(UTC) - timedelta(days=500))
    cert, key = issue(ca, [host], made_at)
    for name, pem in (("ca.crt", ca.cert), ("hub.crt", cert), ("hub.key", key)):
        (tmp_path / name).write_bytes(pem)

    with (
        listening(hub, tmp_path / "hub.crt", tmp_path / "snapshots") as url,
        pytest.raises(Trouble) as caught,
    ):
        asked(url, Trust(str(tmp_path / "ca.crt")))

    assert (caught.value.code, caught.value.retry, caught.value.hint.message) == ("hub_untrusted", True, says)


def test_a_certificate_names_every_host_and_ends_in_time():
    now = datetime.now(UTC)
    made = x509.load_pem_x509_certificate(issue(new_ca("x", now), ["hub.lan", "10.1.2.3"], now).cert)

    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["hub.lan"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["10.1.2.3"]
    assert made.not_valid_after_utc - now <= LASTS


def test_an_authority_vouches_for_no_other_authority():
    now = datetime.now(UTC)
    ca = x509.load_pem_x509_certificate(new_ca("x", now).cert)

    limits = ca.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (limits.ca, limits.path_length) == (True, 0)


def test_what_is_no_authority_or_is_over_is_refused():
    now = datetime.now(UTC)
    old = new_ca("x", now - timedelta(days=4_000))

    for authority in (Pair(b"x", b"y"), old):
        with pytest.raises(Trouble) as caught:
            issue(authority, ["hub.lan"], now)
        assert caught.value.code == "tls"


def test_keys_are_for_this_account_only_and_an_authority_is_never_written_over(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    before = (folder / "docket-ca.key").read_bytes()

    assert tls_verb.main(["new-ca", "--dir", str(folder)]) == 2

    assert (folder / "docket-ca.key").read_bytes() == before
    assert (folder / "docket-ca.key").stat().st_mode & 0o077 == 0
    assert (folder / "127.0.0.1.key").stat().st_mode & 0o077 == 0
    assert tls_verb.main(["issue", "hub.lan", "--dir", str(folder / "nothing")]) == 2
    assert "docket tls new-ca" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["http://10.0.0.5:8765", "http://hub.lan"])
def test_a_desk_speaks_to_no_hub_in_clear_unless_told(url: str):
    with pytest.raises(Trouble) as caught:
        Transport(url)
    assert caught.value.code == "plain_http"
    assert not caught.value.retry
    Transport(url, trust=Trust(may_be_plain=True)).close()
    for near in ("http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "https://hub.lan"):
        Transport(near).close()


def asked_of_hub(**given: object) -> argparse.Namespace:
    known = {"listen": "127.0.0.1:0", "tls_cert": "", "tls_key": "", "behind_proxy": False}
    return argparse.Namespace(**(known | given))


def test_a_hub_listens_to_others_only_over_a_protected_line(folder: Path):
    cert, key = str(folder / "127.0.0.1.crt"), str(folder / "127.0.0.1.key")

    assert hub_verb._tls(asked_of_hub()) is None
    assert hub_verb._tls(asked_of_hub(listen="0.0.0.0:0", behind_proxy=True)) is None
    assert hub_verb._tls(asked_of_hub(listen="0.0.0.0:0", tls_cert=cert, tls_key=key)) == (cert, key)
    for given in ({"listen": "0.0.0.0:0"}, {"tls_cert": cert}, {"tls_cert": key, "tls_key": cert}):
        with pytest.raises(Trouble) as caught:
            hub_verb._tls(asked_of_hub(**given))
        assert caught.value.code == "tls"


def test_a_plain_word_on_a_protected_line_is_not_answered(url: str):
    port = int(url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(b"GET /v1/health HTTP/1.1\r\nhost: h\r\n\r\n")
        try:
            said = line.recv(100)
        except ConnectionResetError:
            said = b""

    assert b"hub_time" not in said
