"""The ground the other tests stand on does what it says."""

from __future__ import annotations

import logging
import socket

import pytest
from sqlalchemy import create_engine, text


def test_an_expected_warning_is_forgiven(expect_log):
    logging.getLogger("docket").warning("hub %s does not answer", "north")

    expect_log("north does not answer")


def test_an_unexpected_warning_stays_on_record(incidents):
    logging.getLogger("docket").warning("nobody asked for this")

    assert [record.getMessage() for record in incidents.records] == ["nobody asked for this"]
    incidents.records.clear()


def test_information_is_no_incident(incidents):
    logging.getLogger("docket").info("all is well")

    assert incidents.records == []


def test_a_connection_elsewhere_is_refused_and_remembered(incidents):
    with socket.socket() as outside, pytest.raises(ConnectionRefusedError, match="loopback only"):
        outside.connect(("192.0.2.1", 443))

    assert incidents.strangers == ["192.0.2.1"]
    incidents.strangers.clear()


def test_a_name_elsewhere_is_not_looked_up(incidents):
    with pytest.raises(socket.gaierror, match="loopback only"):
        socket.create_connection(("hub.example", 443))

    assert incidents.strangers == ["hub.example"]
    incidents.strangers.clear()


def test_loopback_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


@pytest.mark.postgres
@pytest.mark.parametrize("round_no", [1, 2])
def test_every_test_gets_an_empty_postgres(fresh_postgres, round_no):
    engine = create_engine(fresh_postgres)
    with engine.begin() as db:
        db.execute(text("CREATE TABLE only_mine (id int)"))
        durable = db.execute(text("SHOW fsync")).scalar_one()
        version = int(db.execute(text("SHOW server_version_num")).scalar_one())
    engine.dispose()

    assert durable == "on"
    assert version >= 180000
