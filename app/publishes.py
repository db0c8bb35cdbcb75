"""What publishes each kind of setting anew: the verb, and its command for a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.command import Command
from app.commands.set_carrier import SetCarrier
from app.commands.set_customer import SetCustomer
from app.commands.set_deck import SetDeck
from app.commands.set_gate_profile import SetGateProfile
from app.commands.set_grants import SetGrants
from app.commands.set_hint import SetHint
from app.commands.set_holidays import SetHolidays
from app.commands.set_licence import SetLicence
from app.commands.set_order_class import SetOrderClass
from app.commands.set_outlet import SetOutlet
from app.commands.set_price_list import SetPriceList
from app.commands.set_rules import SetRules
from app.commands.set_shift import SetShift
from app.commands.set_shop import SetShop
from app.commands.set_sign_policy import SetSignPolicy
from app.commands.set_snag_rule import SetSnagRule
from app.commands.set_source_policy import SetSourcePolicy
from app.commands.set_stock_policy import SetStockPolicy
from app.commands.set_template import SetTemplate
from app.commands.set_user import SetUser
from app.commands.set_view import SetView
from app.commands.set_warehouse import SetWarehouse
from app.commands.set_wording import SetWording

PUBLISHES: Mapping[str, tuple[str, Callable[[Any], Command]]] = {
    "shop": ("set_shop", lambda row: SetShop(shop=row)),
    "warehouse": ("set_warehouse", lambda row: SetWarehouse(warehouse=row)),
    "user": ("set_user", lambda row: SetUser(user=row)),
    "grants": ("set_grants", lambda row: SetGrants(grants=row)),
    "shift": ("set_shift", lambda row: SetShift(shift=row)),
    "holidays": ("set_holidays", lambda row: SetHolidays(holidays=row)),
    "rules": ("set_rules", lambda row: SetRules(rules=row)),
    "customer": ("set_customer", lambda row: SetCustomer(customer=row)),
    "price_list": ("set_price_list", lambda row: SetPriceList(price_list=row)),
    "view": ("set_view", lambda row: SetView(view=row)),
    "hint": ("set_hint", lambda row: SetHint(hint=row)),
    "deck": ("set_deck", lambda row: SetDeck(deck=row)),
    "snag_rule": ("set_snag_rule", lambda row: SetSnagRule(rule=row)),
    "order_class": ("set_order_class", lambda row: SetOrderClass(row=row)),
    "carrier": ("set_carrier", lambda row: SetCarrier(carrier=row)),
    "outlet": ("set_outlet", lambda row: SetOutlet(outlet=row)),
    "stock_policy": ("set_stock_policy", lambda row: SetStockPolicy(policy=row)),
    "source_policy": ("set_source_policy", lambda row: SetSourcePolicy(policy=row)),
    "gate_profile": ("set_gate_profile", lambda row: SetGateProfile(profile=row)),
    "sign_policy": ("set_sign_policy", lambda row: SetSignPolicy(policy=row)),
    "template": ("set_template", lambda row: SetTemplate(template=row)),
    "wording": ("set_wording", lambda row: SetWording(words=row)),
    "licence": ("set_licence", lambda row: SetLicence(licence=row)),
}
