"""The card of the learned check: what it learned from, how well it does, whether it is used."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.desk import Desk, Screen, zone_of
from app.domain.company import SWITCHES_MODEL
from app.ports import Changes, Views, touches
from app.screening.standing import SCREENING_KEY, Screening, why_not
from app.text import N_, Text
from app.trouble import Trouble


class State(msgspec.Struct, frozen=True, kw_only=True):
    """`why_not`: why it finds nothing now; `off`: why this person does not switch it."""

    card: Screening | None = None
    why_not: Text | None = None
    switched_by: str = ""
    off: Text | None = None
    zone: str = "Asia/Shanghai"
    now: datetime | None = None
    is_loaded: bool = False
    notice: Text | None = None


class SettingsScreening(Screen[State]):
    """Verbs of the section."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read the row that travels."""
        if changes is not None and not touches(changes, SCREENING_KEY[0], "user"):
            return
        refs, now = await self.desk.look(Views.refs), await self.desk.now()
        known = await self.desk.look(Views.known, frozenset({SCREENING_KEY}), self.desk.login)
        card: Screening | None = known.row(SCREENING_KEY)
        off = None
        if not self.desk.may(SWITCHES_MODEL):
            off = Text(N_("Administrators switch it"))
        elif card is None or not (card.file or card.is_on):
            off = Text(N_("There is no model yet"))
        self.put(
            card=card,
            why_not=why_not(card, now),
            switched_by=refs.called("user", card.on_by) if card is not None and card.on_by else "",
            off=off,
            zone=zone_of(refs),
            now=now,
            is_loaded=True,
        )

    async def switch(self) -> None:
        """Switch it on, or off where it is on; the hub writes down who did."""
        card = self.state.card
        if card is None or self.state.off is not None:
            return
        is_on = not card.is_on
        try:
            await self.desk.ask_hub(lambda hub: hub.switch_model(is_on=is_on))
        except Trouble as trouble:
            self.put(notice=trouble.hint)
            return
        said = (
            N_("On. Desks use it as soon as they have heard of it.")
            if is_on
            else N_("Off. Rules check alone.")
        )
        self.put(notice=Text(said))
        self.desk.try_now()
