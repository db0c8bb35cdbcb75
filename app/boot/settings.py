"""The sections of the settings and the frame that holds them: one presenter and one page for each."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.desk import Desk
from app.presenters.settings import Settings
from app.presenters.settings_carriers import SettingsCarriers
from app.presenters.settings_channels import SettingsChannels
from app.presenters.settings_classes import SettingsClasses
from app.presenters.settings_contracts import SettingsContracts
from app.presenters.settings_customers import SettingsCustomers
from app.presenters.settings_gates import SettingsGates
from app.presenters.settings_history import SettingsHistory
from app.presenters.settings_holidays import SettingsHolidays
from app.presenters.settings_hooks import SettingsHooks
from app.presenters.settings_hub import SettingsHub
from app.presenters.settings_keys import SettingsKeys
from app.presenters.settings_lanes import SettingsLanes
from app.presenters.settings_lessons import SettingsLessons
from app.presenters.settings_licences import SettingsLicences
from app.presenters.settings_look import SettingsLook
from app.presenters.settings_messages import SettingsMessages
from app.presenters.settings_notices import SettingsNotices
from app.presenters.settings_outlets import SettingsOutlets
from app.presenters.settings_papers import SettingsPapers
from app.presenters.settings_pcs import SettingsPcs
from app.presenters.settings_people import SettingsPeople
from app.presenters.settings_prices import SettingsPrices
from app.presenters.settings_rights import SettingsRights
from app.presenters.settings_rules import SettingsRules
from app.presenters.settings_screening import SettingsScreening
from app.presenters.settings_services import SettingsServices
from app.presenters.settings_shifts import SettingsShifts
from app.presenters.settings_shops import SettingsShops
from app.presenters.settings_signature import SettingsSignature
from app.presenters.settings_signers import SettingsSigners
from app.presenters.settings_skills import SettingsSkills
from app.presenters.settings_sources import SettingsSources
from app.presenters.settings_stock import SettingsStock
from app.presenters.settings_tariffs import SettingsTariffs, SheetReader
from app.presenters.settings_types import SettingsTypes
from app.presenters.settings_warehouses import SettingsWarehouses
from app.verb_names import VERBS

if TYPE_CHECKING:
    from widgets.aio import Tasks
    from widgets.pages.settings import SettingsPage
    from widgets.screen_page import Go
    from widgets.section import SectionPage
    from widgets.shell import Shell


def settings_sections(
    desk: Desk, hub: str, left: Callable[[], object] = lambda: None, sheets: SheetReader | None = None
) -> dict[str, Any]:
    """Return the presenter of every section, by its code; `left` brings the next person to the door.

    `sheets` reads files through the hub; without it none can be chosen.
    """
    return {
        "settings_look": SettingsLook(desk),
        "settings_signature": SettingsSignature(desk),
        "settings_notices": SettingsNotices(desk),
        "settings_hub": SettingsHub(desk, hub, left),
        "settings_papers": SettingsPapers(desk),
        "settings_shops": SettingsShops(desk),
        "settings_warehouses": SettingsWarehouses(desk),
        "settings_carriers": SettingsCarriers(desk),
        "settings_lanes": SettingsLanes(desk),
        "settings_tariffs": SettingsTariffs(desk, sheets),
        "settings_customers": SettingsCustomers(desk),
        "settings_contracts": SettingsContracts(desk),
        "settings_outlets": SettingsOutlets(desk),
        "settings_sources": SettingsSources(desk),
        "settings_gates": SettingsGates(desk),
        "settings_signers": SettingsSigners(desk),
        "settings_screening": SettingsScreening(desk),
        "settings_prices": SettingsPrices(desk),
        "settings_stock": SettingsStock(desk),
        "settings_shifts": SettingsShifts(desk),
        "settings_holidays": SettingsHolidays(desk),
        "settings_rules": SettingsRules(desk),
        "settings_types": SettingsTypes(desk),
        "settings_classes": SettingsClasses(desk),
        "settings_messages": SettingsMessages(desk),
        "settings_people": SettingsPeople(desk),
        "settings_pcs": SettingsPcs(desk),
        "settings_channels": SettingsChannels(desk),
        "settings_skills": SettingsSkills(desk),
        "settings_lessons": SettingsLessons(desk),
        "settings_licences": SettingsLicences(desk),
        "settings_keys": SettingsKeys(desk),
        "settings_hooks": SettingsHooks(desk),
        "settings_services": SettingsServices(desk),
        "settings_rights": SettingsRights(desk, VERBS),
        "settings_history": SettingsHistory(desk, VERBS),
    }


def add_settings(shell: Shell, desk: Desk, hub: str, tasks: Tasks) -> dict[str, Any]:
    """Give the window its settings; return their presenters, the frame and every section."""
    frame, sections = Settings(desk), settings_sections(desk, hub, shell.person_wanted.emit)

    def go(place: str, /, **args: str) -> None:
        shell.go(place, args)

    shell.add_page("settings", lambda: settings_page(frame, sections, tasks, go))
    return {"settings": frame, **sections}


def settings_page(frame: Settings, sections: Mapping[str, Any], tasks: Tasks, go: Go) -> SettingsPage:
    """Return the page of the settings; every module of it loads when somebody first goes there."""
    from widgets.pages.settings import SettingsPage

    def make(code: str) -> SectionPage[Any]:
        module = importlib.import_module(f"widgets.pages.{code}")
        kind = getattr(module, "".join(part.title() for part in code.split("_")) + "Page")
        page: SectionPage[Any] = kind(sections[code], tasks, go)
        return page

    return SettingsPage(frame, tasks, go, make)
