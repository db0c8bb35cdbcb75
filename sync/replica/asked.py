"""What a command asks of the hub, as the desk says it until the hub has answered."""

from __future__ import annotations

from app.text import N_, Text
from sync.replica.entries import Entry

_ASKED = {
    "ship": N_("Asked: hand it to the carrier"),
    "adjust_stock": N_("Asked: change the stock"),
    "recheck": N_("Asked: look at it again"),
    "receive_payment": N_("Asked: note the payment"),
    "grade_return": N_("Asked: take the returned goods in"),
    "undo_grading": N_("Asked: take the grades back"),
    "refund_return": N_("Asked: pay the buyer back"),
    "reverse_refund": N_("Asked: take the refund back"),
    "send_replacement": N_("Asked: send a replacement"),
    "withdraw_replacement": N_("Asked: withdraw the replacement"),
    "redo_effect": N_("Asked: send it again"),
    "withdraw_effect": N_("Asked: do not send it again"),
    "resubmit_invoice": N_("Asked: send the invoice again"),
    "redeliver": N_("Asked: deliver it again"),
    "call_back": N_("Asked: bring it back"),
    "repair_shelf": N_("Asked: repair the shelf"),
    "keep_lots": N_("Asked: keep it in lots"),
    "recall_lot": N_("Asked: recall the lot"),
    "change_warehouse": N_("Asked: send it from elsewhere"),
    "set_rules": N_("Asked: publish the rules"),
    "set_shop": N_("Asked: change the shop"),
    "set_warehouse": N_("Asked: change the warehouse"),
    "set_shift": N_("Asked: change the shift"),
    "set_holidays": N_("Asked: change the holidays"),
    "set_user": N_("Asked: change the person"),
    "set_credit": N_("Asked: change the credit"),
    "set_customer": N_("Asked: change the customer"),
    "set_price_list": N_("Asked: change the price list"),
    "watch_buyer": N_("Asked: put the buyer on the list"),
    "clear_buyer": N_("Asked: take the buyer off the list"),
    "set_snag_rule": N_("Asked: change the exception type"),
    "set_order_class": N_("Asked: change the class table"),
    "set_carrier": N_("Asked: change the carrier"),
    "plan_visit": N_("Asked: plan the visit"),
    "move_visit": N_("Asked: move the visit"),
    "cancel_visit": N_("Asked: call the visit off"),
    "set_outlet": N_("Asked: change the outlet"),
    "set_stock_policy": N_("Asked: change the stock policy"),
    "set_template": N_("Asked: change the contract text"),
    "set_source_policy": N_("Asked: change how a warehouse is chosen"),
    "set_gate_profile": N_("Asked: change which gates orders meet"),
    "set_sign_policy": N_("Asked: change who may sign"),
    "set_wording": N_("Asked: change the message"),
    "set_view": N_("Asked: share the view"),
    "set_deck": N_("Asked: publish the lesson"),
    "set_hint": N_("Asked: change the hint"),
    "set_grants": N_("Asked: change the rights"),
    "read_notices": N_("Notices read"),
    "note_guide": N_("Suggestions of a guide: used or not"),
    "note_focus": N_("Time at orders"),
}
"""Verbs that only the hub decides, as the history says them until it has; and what leaves no history."""


def asked_for(entry: Entry) -> Text:
    """Say what was asked, for a history or a card."""
    return Text(_ASKED.get(entry.name, N_("Asked the hub")))
