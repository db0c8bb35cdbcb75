"""What a desk signed is kept beside its command, and shows later that it came from that PC and no other."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from builders import REGION
from hub_world import FEED, SEAL, HubWorld, bought, signer
from test_api import Desk, served  # noqa: F401 - the fixture

from app.boot.verify import main
from app.command import Seen
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.domain.values import Receiver
from sync import tables
from sync.hub.database import reading
from sync.hub.proofs import Signatures, check_proofs
from sync.hub.seal import Seal

Served = Callable[[str], Desk]
HOLD = Hold(order="o1", reason="ask")
BREACHES = [
    "UPDATE command SET because = 'another reason' WHERE n = 1",
    "UPDATE command SET args = replace(args, 'ask', 'no') WHERE n = 1",
    "UPDATE command SET name = 'unhold' WHERE n = 1",
    "UPDATE command SET login_id = 'another' WHERE n = 1",
    "UPDATE command SET client_at = client_at + 1 WHERE n = 1",
    "UPDATE command SET args = replace(args, 'o2', 'o1') WHERE n = 3",
    "UPDATE command SET login_id = 'another' WHERE n = 3",
    "UPDATE command SET proof = (SELECT proof FROM command WHERE n = 1 AND login_id <> '') WHERE n = 5",
    "UPDATE command SET args = (SELECT args FROM command WHERE n = 4 AND login_id <> '') WHERE n = 2",
]
BUYER = Receiver(name="季小雨", phone="13800001111", street="文晖路 7 号")
SEEN = Seen(order="o1", ver=1)
MOVED = FixAddress(order="o1", receiver=BUYER, region=REGION)


def checked(hub: HubWorld, seal: Seal | None = SEAL) -> Signatures:
    with reading(hub.engine) as db:
        return check_proofs(db, FEED, seal)


@pytest.fixture
def desk(hub: HubWorld, served: Served) -> Desk:  # noqa: F811 - the fixture
    """A desk that asked for something of every kind: plain, personal, seen, spelled oddly, unreadable."""
    hub.channel.must(bought("o1"), bought("o2"))
    made = served("clerk")
    odd = msgspec.Raw(b'{ "reason":"ask",  "order":"o2" }')
    wishes = [
        made.wish(HOLD, 1, seen=SEEN, because="asked twice", confirmed=("o2",)),
        made.wish(MOVED, 2),
        made.wish(HOLD, 3, args=odd, because="a\0b"),
        made.wish(HOLD, 4, name="nothing_we_know"),
    ]
    for sent in (wishes, [made.wish(HOLD, 5, id=f"{made.replica}-1")]):
        assert made.push(*sent).status_code == 200
    return made


def test_every_signed_command_is_proved(hub: HubWorld, desk: Desk):
    assert checked(hub) == Signatures(checked=5)
    assert checked(hub, None) == Signatures(checked=3, sealed=2)
    assert hub.verify().ok


def test_machines_sign_nothing_and_are_not_asked(hub: HubWorld, desk: Desk):
    assert {row.proof for row in hub.rows(tables.command, replica_id="file:TM1")} == {None}


def test_what_its_pc_did_not_sign_is_found(hub: HubWorld, desk: Desk):
    for breach in BREACHES:
        with hub.engine.connect() as db:
            assert db.exec_driver_sql(f"{breach} AND replica_id = 'replica-clerk'").rowcount == 1
            found = check_proofs(db, FEED, SEAL)
            db.rollback()

        assert [one.invariant for one in found.findings] == ["signature"], breach
    assert checked(hub).findings == ()


def test_a_key_put_in_its_place_proves_nothing(hub: HubWorld, desk: Desk):
    other = signer("another pc").public.hex()
    quoted = f"x'{other}'" if hub.engine.dialect.name == "sqlite" else f"'\\x{other}'"

    hub.sql(f"UPDATE device SET public_key = {quoted}")

    assert len(checked(hub).findings) == 5


def test_a_signature_taken_away_breaks_the_chain(hub: HubWorld, desk: Desk):
    hub.sql("UPDATE command SET proof = NULL WHERE n = 1 AND replica_id = 'replica-clerk'")

    (row,) = hub.rows(tables.command, replica_id=desk.replica, n=1)
    assert checked(hub) == Signatures(checked=4, missing=1, missing_to=row.seq)
    assert {one.invariant for one in hub.verify().findings} == {"I8"}


def test_guessing_a_phone_by_its_signature_needs_the_key(hub: HubWorld, desk: Desk):
    for n, wish, is_clear in (
        (1, desk.wish(HOLD, 1, seen=SEEN, because="asked twice", confirmed=("o2",)), True),
        (2, desk.wish(MOVED, 2), False),
    ):
        (row,) = hub.rows(tables.command, replica_id=desk.replica, n=n)
        assert (base64.b64decode(wish.sig) in row.proof) == is_clear


def test_what_was_erased_with_its_buyer_is_counted_and_no_breach(hub: HubWorld, desk: Desk):
    hub.sql("DELETE FROM subject_key WHERE subject_id = 'o1'")

    assert checked(hub) == Signatures(checked=4, erased=1)


def test_another_master_key_opens_no_signature_and_accuses_nobody(hub: HubWorld, desk: Desk):
    assert checked(hub, Seal(bytes(32))) == Signatures(checked=3, sealed=2)


def test_what_came_before_signatures_were_kept_is_told(hub: HubWorld):
    hub.channel.must(bought("o1"))
    seq = hub.desk().must(HOLD)

    assert checked(hub) == Signatures(missing=1, missing_to=seq)
    assert hub.verify().ok


def test_the_verb_tells_how_many_were_proved(hub: HubWorld, desk: Desk, database_url: str, capsys: Any):
    assert main(["--database", database_url, "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["feeds"]
    assert (told["signatures"]["checked"], told["signatures"]["sealed"]) == (3, 2)

    hub.sql("UPDATE command SET because = 'x' WHERE n = 1 AND replica_id = 'replica-clerk'")

    assert main(["--database", database_url, "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "3 commands of desks" in said
    assert "✗ signature replica-" in said
