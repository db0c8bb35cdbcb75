"""Where services send by themselves, `/services/NAME`: proven by their signature, booked, then answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.text import N_
from sync.hub.doorway import Doorway, address_of, stop
from sync.hub.outward.heard import Ear, Unproven

MOST_BYTES = 1 << 20


Listens = Callable[[str], Ear | None]
"""Who listens to a service, by its name: services come and go while the hub is at work."""


def ear_routes(listens: Listens, doorway: Doorway) -> list[Route]:
    """Return the route by which services say what they have to say."""
    return [Route("/services/{name}", doorway.guarded(_Ears(listens, doorway).take), methods=["POST"])]


@dataclass(frozen=True, slots=True)
class _Ears:
    """The answers; who proves nothing is counted by where they come from, and takes nothing from who does."""

    listens: Listens
    door: Doorway

    async def take(self, request: Request) -> Response:
        body = await self.door.body(request, MOST_BYTES)
        name = str(request.path_params["name"])[:64]
        ear = await self.door.on(partial(self.listens, name))
        if ear is not None:
            try:
                words, kind = await self.door.on(partial(ear.take, body, dict(request.query_params)))
            except Unproven:
                pass
            else:
                return Response(words, media_type=kind)
        self.door.limits.take("stranger", address_of(request))
        message = N_("The signature is wrong, or the address. Check the settings of the service.")
        return stop(401, "unproven", message)
