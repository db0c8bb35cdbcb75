"""How another system is told that something cannot be: a code, a status, a sentence that says what to do.

Source: RFC 9457, problem details.
"""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from starlette.responses import Response

from app.text import Text
from app.trouble import Trouble
from sync.outward_wire import Problem
from sync.wire import Stop

MEDIA = "application/problem+json"


class Problematic(Trouble):
    """What was asked cannot be, with the status that says so."""

    def __init__(self, status: int, code: str, message: str, **params: str | int | Text) -> None:
        super().__init__(code, Text(message, dict(params)))
        self.status = status


def problem_of(status: int, code: str, text: Text | None) -> Problem:
    """Return a problem in words."""
    title = HTTPStatus(status).phrase
    return Problem(title=title, status=status, detail=said(text) if text else title, code=code)


def told(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """Return the answer that something cannot be."""
    return Response(msgspec.json.encode(problem), problem.status, headers, media_type=MEDIA)


def retold(answer: Response) -> Response:
    """Return what a desk would be told as another system is told it."""
    stop = msgspec.json.decode(answer.body, type=Stop) if answer.body else Stop(code="gone")
    after = answer.headers.get("retry-after")
    headers = {"retry-after": after} if after else {}
    return told(problem_of(answer.status_code, stop.code, stop.text), headers)


def said(text: Text) -> str:
    """Return a sentence in English: systems are told in one language."""
    params = {name: said(value) if isinstance(value, Text) else value for name, value in text.params.items()}
    return text.message.format_map(params) if params else text.message
