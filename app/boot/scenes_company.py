"""Scenes of the tour: an administrator sets the company up, and somebody new sits down for the first time."""

from __future__ import annotations

from app.boot.scenes import Tour
from app.boot.scenes_school import school
from app.ports import Views

NEW_NAME = "mei"
CHOSEN = "tea-went-cold"
"""What the new colleague of the tour chooses; she lives as long as the tour's folder."""
PAGES = (
    "settings_look", "settings_hub", "settings_signature", "settings_notices", "settings_papers",
    "settings_shops", "settings_channels", "settings_warehouses", "settings_carriers", "settings_tariffs",
    "settings_lanes", "settings_sources", "settings_gates", "settings_signers", "settings_screening",
    "settings_customers", "settings_prices", "settings_stock", "settings_contracts", "settings_outlets",
    "settings_shifts", "settings_holidays", "settings_types", "settings_classes", "settings_messages",
    "settings_pcs", "settings_rights", "settings_skills", "settings_licences", "settings_lessons",
    "settings_keys", "settings_services", "settings_hooks",
)  # fmt: skip


async def company(tour: Tour) -> None:
    """Look at every section, change a rule after seeing what it would touch, take it back again."""
    hand = tour.hand
    await tour.change_person("fang")
    await tour.go("figures")
    await hand.until(lambda: tour.state("figures").is_loaded, "the figures")
    await hand.picture("figures")
    await school(tour)
    await tour.go("settings")
    for code in PAGES:
        await tour.open_section(code)
        await hand.picture(code.replace("_", "-"))
    await tour.open_section("settings_rules")
    await hand.focus("settings_rules/review_above_minor")
    await hand.press("Ctrl+A")
    await hand.type("500")
    await hand.until(lambda: tour.state("settings_rules").says, "what the new amount would touch")
    await hand.picture("settings-rules")
    before = await _above(tour)
    await hand.press("Ctrl+Enter")
    await hand.until(lambda: tour.is_level and not tour.state("settings_rules").is_changed, "the new rules")
    await tour.go("inbox")
    await tour.go("settings")
    await tour.open_section("settings_history")
    await hand.until(lambda: tour.state("settings_history").deeds, "the publication")
    await hand.picture("settings-history")
    known = len(tour.state("settings_history").deeds)
    await _into_section(tour)
    await hand.press("B")
    await hand.until(
        lambda: tour.is_level and len(tour.state("settings_history").deeds) > known, "the way back"
    )
    if await _above(tour) != before:
        raise AssertionError("the earlier rules are not in force again")


async def newcomer(tour: Tour) -> None:
    """Take somebody in, hand a first password over; she chooses her own at the door."""
    hand = tour.hand
    await tour.open_section("settings_people")
    await hand.press("N")
    await hand.type(NEW_NAME)
    await hand.focus("settings_people/title")
    await hand.type("梅有光")
    await hand.press("Ctrl+Enter")
    people = tour.station.presenters["settings_people"]
    await hand.until(
        lambda: any(item.code == NEW_NAME for item in tour.state("settings_people").items), "the new person"
    )
    await hand.press("Esc")
    await tour.step_in()
    await hand.press("P")
    await hand.until(lambda: tour.state("settings_people").secret, "a first password")
    first = people.state.secret  # type: ignore[attr-defined]
    await hand.picture("settings-people")
    await hand.press("Ctrl+L")
    await hand.until(lambda: tour.here == "sign_in" and hand.find("sign_in/people"), "the sign-in page")
    rows = hand.list("sign_in/people")
    await hand.press(*["Up"] * 12)
    while rows.current_key() != NEW_NAME:
        await hand.press("Down")
    await hand.type(first)
    await hand.press("Enter")
    await hand.until(lambda: tour.station.sign_in.state.wants_new, "the question for a new password")
    await hand.picture("sign-in-first")
    await hand.type(CHOSEN)
    await hand.press("Enter")
    await hand.type(CHOSEN)
    await hand.press("Enter")
    await hand.until(lambda: tour.station.desk.is_signed_in and tour.here != "sign_in", "mei signed in")


async def _into_section(tour: Tour) -> None:
    """Enter, where the list of sections has the focus."""
    rows = tour.hand.find("settings/sections")
    if rows is not None and rows.hasFocus():
        await tour.hand.press("Enter")


async def _above(tour: Tour) -> int:
    refs = await tour.station.desk.look(Views.refs)
    return refs.rules.review_above_minor
