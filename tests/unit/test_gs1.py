"""What a GS1 code says, with brackets or as a scanner sends it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.gs1 import Scanned, barcodes_of, has_right_check_digit, scanned

GTIN = "06901234567892"
WHOLE = Scanned(gtin=GTIN, lot="AB-12", best_before=date(2027, 3, 31))


@pytest.mark.parametrize(
    "code",
    [
        f"(01){GTIN}(17)270331(10)AB-12",
        f"]C101{GTIN}1727033110AB-12",
        f"]d201{GTIN}10AB-12\x1d17270331",
        f"01{GTIN}1727033110AB-12",
        f"\x1d01{GTIN}15270331\x1d10AB-12\x1d",
        f"(01){GTIN}(10)AB-12(17)270300(21)77",
        f"01{GTIN}1727050010AB-12\x1d15270331",
        f"01{GTIN}310200123417270331" + "10AB-12",
    ],
)
def test_it_is_read_however_it_is_sent(code):
    assert scanned(code) == WHOLE


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("(01)06901234567893(10)A", "The check digit is wrong"),
        (f"(01){GTIN}(17)271331(10)A", "The date"),
        (f"(01){GTIN}(17)270230(10)A", "The date"),
        (f"(01){GTIN}(10)", "cannot be read"),
        (f"]C101{GTIN}99XY", "cannot be read"),
        ("]C10106901", "cannot be read"),
        (f"(01){GTIN}junk(", "cannot be read"),
    ],
)
def test_what_is_wrong_with_it_is_said(code, fault):
    found = scanned(code)

    assert found is not None
    assert fault in found.fault


@pytest.mark.parametrize("code", ["6901234567892", "LN-220", "DK-118204", "", "(a)b", "01" + "1" * 300])
def test_other_codes_mean_what_they_did_before(code):
    assert scanned(code) is None


@given(st.text(alphabet="0123456789()\x1d]Cd1AB", max_size=60))
def test_no_text_breaks_it(code):
    found = scanned(code)

    assert found is None or found.fault or len(found.lot) <= 20


def test_a_number_is_known_by_its_shorter_spellings():
    assert barcodes_of(GTIN) == (GTIN, "6901234567892")
    assert barcodes_of("00012345678905") == ("00012345678905", "0012345678905", "012345678905")
    assert barcodes_of("") == ()
    assert has_right_check_digit("6901234567892")
    assert not has_right_check_digit("abc")
