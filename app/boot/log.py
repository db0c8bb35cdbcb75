"""What the hub writes to standard error: lines for a person, or one JSON object a line for a collector.

Nothing personal is logged: statements hide their parameters (`sync.hub.database`), messages hold codes,
numbers and ids.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from typing_extensions import override

PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MESSAGE_LIMIT = 2_000
TRACE_LIMIT = 20_000


class AsJson(logging.Formatter):
    """One object: at, level, logger, message, thread; a traceback as text."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, str] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()[:MESSAGE_LIMIT],
            "thread": record.threadName or "",
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)[-TRACE_LIMIT:]
        return json.dumps(said, ensure_ascii=False)


def set_up_log(*, as_json: bool) -> None:
    """Send warnings and worse to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(AsJson() if as_json else logging.Formatter(PLAIN))
    logging.basicConfig(handlers=[handler])
