"""Why one may believe a card: the buyer's words, what speaks for it, what is on the order, whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.snag_card import Card
from widgets import theme
from widgets.cells import Column
from widgets.duty_words import duty_sections
from widgets.evidence import EvidenceSection, Lines, MarkedLine, Paragraph, Quote
from widgets.phrases import flagged
from widgets.prose import Span, width_px
from widgets.words import count, money, tr, trn


def evidence_of(card: Card, now: datetime | None) -> tuple[EvidenceSection, ...]:
    """The sections of the panel at the right."""
    sections = []
    if card.original:
        quote = Quote(flagged(card.original, card.offending), tr("Kept as it came, whatever is repaired"))
        title = tr("As it came") if card.row.snag.subject == "raw" else tr("In the buyer's own words")
        sections.append(EvidenceSection(title, (quote,)))
    if card.memo:
        sections.append(EvidenceSection(tr("Memo"), (Quote(card.memo),)))
    if card.evidence:
        lines = tuple(MarkedLine(mark, trn(text)) for mark, text in card.evidence)
        sections.append(EvidenceSection(tr("What speaks for it"), lines))
    if card.why:
        sections.append(EvidenceSection(tr("Why it is safe"), tuple(_safe(card.why))))
    if card.lines:
        sections.append(EvidenceSection(tr("On this order"), (_articles(card),)))
    return (*sections, *duty_sections(card, now))


def _safe(why: Iterable[tuple[str, str]]) -> Iterator[Paragraph]:
    """Each reason once, behind the repairs it speaks for."""
    labels: dict[str, list[str]] = {}
    for label, reason in why:
        labels.setdefault(reason, []).append(tr(label))
    for reason, named in labels.items():
        yield Paragraph((Span(" / ".join(named), bold=True), "  ", tr(reason)))


def _articles(card: Card) -> Lines:
    """The title takes what the figures leave: they are never cut."""
    currency = card.row.snag.currency
    rows = tuple((title, f"×{count(qty)}", money(price, currency)) for title, qty, price in card.lines)
    gap = theme.current().px("space.3")
    wide = [max(width_px(row[at]) for row in rows) + gap for at in (1, 2)]
    columns = (
        Column("article", ""),
        Column("qty", "", wide[0], kind="number"),
        Column("price", "", wide[1], kind="money"),
    )
    return Lines(columns, rows)
