"""Whatever the network throws, as trouble a person can read."""

from __future__ import annotations

from collections.abc import Iterator

from app.text import N_, Text
from app.trouble import Trouble
from sync.trust import distrusted


class troubles:  # noqa: N801 - reads as a word in a with statement
    """Turn whatever the network throws into Trouble."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None or isinstance(error, (Trouble, GeneratorExit)):
            return
        import requests
        import urllib3

        if isinstance(error, requests.exceptions.SSLError):
            raise Trouble("hub_untrusted", distrusted(_causes(error)), retry=True) from error
        if isinstance(error, TimeoutError):
            raise _unreachable("hub_slow") from error
        if isinstance(error, (requests.RequestException, urllib3.exceptions.HTTPError, OSError)):
            raise _unreachable("hub_refused" if _is_refused(error) else "hub_unreachable") from error


def _is_refused(error: BaseException) -> bool:
    """Tell whether nobody listens there: a hub that restarts, worth another try at once."""
    return any(isinstance(one, (ConnectionRefusedError, ConnectionResetError)) for one in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Unwrap what a library put around what happened."""
    said: BaseException | None = error
    while isinstance(said, BaseException):
        yield said
        args = [each for each in said.args if isinstance(each, BaseException)]
        said = getattr(said, "reason", None) or (args[0] if args else said.__cause__)


def _unreachable(code: str = "hub_unreachable") -> Trouble:
    return Trouble(
        code, Text(N_("The hub does not answer. Work goes on here and is sent later.")), retry=True
    )


def unreadable() -> Trouble:
    """Say that what came was no answer."""
    return Trouble(
        "hub_unreadable", Text(N_("The hub answered something strange. Tell your administrator.")), retry=True
    )
