"""A business bought on a channel and wrote its tax number into the chat."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.invoice import Invoice, InvoiceKind
from app.forms.invoice import FORM
from app.snags.invoice_missing import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Given, Goal, Hint, Lesson
from app.training.pointing import at_kind, at_offer, at_repair, at_step
from app.training.standing import go_on, order_is

SKU = "TW-3W"
WANTED = Invoice(kind=InvoiceKind.SPECIAL, title="杭州临湖酒店用品有限公司", tax_no="91330106MA00LH001U")


def lay(deck: Deck) -> Iterator[Given]:
    """A customer of ours bought in the shop, where nobody asks for invoices."""
    yield from lies(deck, SKU, 40)
    who = buyer(deck, "周经理", "1212", "文三路88号临湖酒店")
    yield sale(deck, "hotel", (Piece(SKU, 10, 9_900),), who, customer="LH")


LESSON = Lesson(
    code="invoice_data",
    title=Text(N_("Complete invoice data")),
    brief=Text(
        N_(
            "The hotel supplier 临湖酒店用品 bought ten bath towels in the shop and wants a special VAT "
            "invoice made out to 杭州临湖酒店用品有限公司, tax number 91330106MA00LH001U."
        )
    ),
    par_s=40,
    teaches=(KIND.code, FORM.code),
    lay=lay,
    goals=(
        Goal(
            "data",
            Text(N_("The invoice says kind, title and tax number of this business")),
            order_is("hotel", lambda order: order.invoice == WANTED),
        ),
        Goal("on", Text(N_("It goes on")), go_on("hotel")),
    ),
    hints=(
        Hint("data", at_kind(KIND)),
        Hint("data", at_repair(KIND, "known_data")),
        Hint("data", at_offer(FORM)),
        Hint("data", at_step(FORM, "data"), frozenset({"bad_invoice"})),
        Hint("on", at_repair(KIND, "known_data")),
    ),
    page="inbox",
)
