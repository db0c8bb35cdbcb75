"""What is personal is sealed at any depth, opens with its own key only, and is gone without it."""

from __future__ import annotations

import msgspec
import pytest
from builders import RECEIVER, order, receive
from hypothesis import given
from hypothesis import strategies as st

from app.commands.recheck import Recheck
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.order import Order
from app.domain.values import Receiver
from sync.hub.seal import (
    ERASED,
    Seal,
    Unreadable,
    holds_personal,
    open_document,
    seal_document,
    sealed_receiver,
)

SEAL = Seal(bytes(range(32)))
SECRETS = (b"\xe5\xad\xa3\xe5\xb0\x8f\xe9\x9b\xa8", b"13800000000", b"88")  # 季小雨, phone, house


def test_an_order_opens_to_what_was_sealed():
    key = SEAL.new_key("o1")
    document = msgspec.json.encode(order())

    sealed = seal_document(document, key.seal)

    assert not any(secret in sealed for secret in (RECEIVER.phone.encode(), RECEIVER.street.encode()))
    assert msgspec.json.decode(open_document(sealed, key), type=Order) == order()


def test_a_receiver_is_sealed_wherever_it_stands():
    key = SEAL.new_key("o1")
    note = r"""she said "receiver":{"name":"x"} and \ "receiver":"sealed:x" { " """
    nested = {"a": [{"b": {"receiver": {"name": "季小雨", "note": note}}}], "c": note, "receiver": {}}
    document = msgspec.json.encode(nested)

    sealed = seal_document(document, key.seal)

    assert SECRETS[0] not in sealed
    assert msgspec.json.decode(open_document(sealed, key)) == nested


def test_an_invoice_is_sealed_beside_the_receiver_and_gone_without_its_key():
    key = SEAL.new_key("o1")
    made = order(invoice=Invoice(kind=InvoiceKind.SPECIAL, title="欧阳商行", tax_no="91330106MA2AXXXXX1"))

    sealed = seal_document(msgspec.json.encode(made), key.seal)

    assert all(secret.encode() not in sealed for secret in ("欧阳商行", "MA2AXXXXX1", "special"))
    assert msgspec.json.decode(open_document(sealed, key), type=Order) == made
    assert msgspec.json.decode(open_document(sealed, None), type=Order).invoice is None
    assert key.open(sealed_receiver(sealed)) == msgspec.json.encode(made.receiver)
    assert holds_personal(b'{"invoice":{"kind":"ordinary"}}')


def test_what_was_written_before_invoices_were_sealed_is_read_as_it_is():
    document = b'{"receiver":"sealed:","invoice":{"kind":"ordinary"}}'

    assert open_document(document, None) == b'{"receiver":{},"invoice":{"kind":"ordinary"}}'


def test_a_document_without_a_receiver_stays_as_it_is():
    document = b'{"shop":"TM1","lines":[{"id":"1"}]}'

    assert not holds_personal(document)
    assert seal_document(document, SEAL.new_key("o1").seal) is document


@given(st.fixed_dictionaries({name: st.text() for name in Receiver.__struct_fields__}), st.text())
def test_whatever_a_buyer_writes_is_sealed_and_comes_back(receiver: dict[str, str], title: str):
    key = SEAL.new_key("o1")
    document = msgspec.json.encode({"title": title, "receiver": receiver, "note": title})
    plain: list[bytes] = []

    def seal(value: bytes) -> str:
        plain.append(value)
        return key.seal(value)

    sealed = seal_document(document, seal)

    assert plain == [msgspec.json.encode(receiver)]
    assert msgspec.json.decode(sealed)["title"] == title
    assert open_document(sealed, key) == document


def test_a_receiver_that_is_not_flat_is_not_let_through():
    with pytest.raises(Unreadable, match="flat object"):
        seal_document(b'{"receiver":{"name":{}}}', SEAL.new_key("o1").seal)


def test_without_its_key_a_receiver_is_empty():
    sealed = seal_document(msgspec.json.encode(order()), SEAL.new_key("o1").seal)

    opened = msgspec.json.decode(open_document(sealed, None), type=Order)

    assert opened.receiver == Receiver()
    assert opened.number == "DK-o1"


def test_what_was_written_after_erasure_opens_to_nothing_under_a_newer_key():
    sealed = seal_document(msgspec.json.encode(order()), lambda _plain: ERASED)

    assert msgspec.json.decode(open_document(sealed, SEAL.new_key("o1")), type=Order).receiver == Receiver()


def test_another_subjects_key_does_not_open_it():
    sealed = SEAL.new_key("o1").seal(b"name")

    with pytest.raises(Unreadable, match="does not open"):
        SEAL.new_key("o1").open(sealed)


def test_a_damaged_text_is_noticed():
    key = SEAL.new_key("o1")
    sealed = key.seal(b"name")
    damaged = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]

    with pytest.raises(Unreadable, match="does not open"):
        key.open(damaged)


def test_a_wrapped_key_belongs_to_its_subject_and_its_hub():
    wrapped = SEAL.new_key("o1").wrapped

    assert SEAL.unwrap("o1", wrapped).open(SEAL.unwrap("o1", wrapped).seal(b"name")) == b"name"
    with pytest.raises(Unreadable, match="master key"):
        SEAL.unwrap("o2", wrapped)
    with pytest.raises(Unreadable, match="master key"):
        Seal(bytes(32)).unwrap("o1", wrapped)


def test_equal_values_do_not_look_equal():
    key = SEAL.new_key("o1")

    assert key.seal(b"name") != key.seal(b"name")


def test_blinded_keys_are_stable_and_tell_nothing():
    assert SEAL.blind("phone:13800000000") == SEAL.blind("phone:13800000000")
    assert SEAL.blind("phone:13800000000") != Seal(bytes(32)).blind("phone:13800000000")
    assert len(SEAL.blind("phone:13800000000")) == 32


def test_arguments_are_told_apart_by_name_and_content():
    args = msgspec.json.encode(receive())

    assert SEAL.args_hash("receive", args) == SEAL.args_hash("receive", args)
    assert SEAL.args_hash("receive", args) != SEAL.args_hash("amend", args)
    assert SEAL.args_hash("receive", args) != SEAL.args_hash("receive", args + b" ")


def test_a_master_key_has_32_bytes():
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(b"short")


def test_the_sealed_text_of_an_order_is_found_again():
    sealed = seal_document(msgspec.json.encode(order()), SEAL.new_key("o1").seal)

    assert sealed_receiver(sealed).startswith("sealed:")
    assert sealed_receiver(msgspec.json.encode(order())) == ""


def test_a_command_with_a_receiver_counts_as_personal():
    assert holds_personal(msgspec.json.encode(receive()))
    assert not holds_personal(msgspec.json.encode(Recheck(order="o1")))
