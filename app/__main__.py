"""`python -m app VERB ...`: hand the arguments to the verb's own file, and load nothing else."""

from __future__ import annotations

import importlib
import sys

VERBS = {  # verb -> module of app.boot, whose main(argv) answers with the exit code
    "desk": "desk",
    "hub": "hub",
    "import": "importing",
    "verify": "verify",
    "connect": "connect",
    "report": "report",
    "vouchers": "vouchers",
    "services": "services",
    "duplicates": "duplicates",
    "source": "source",
    "screen": "screen",
    "map": "mapping",
    "simulate": "simulate",
    "shop": "shop",
    "backup": "backup",
    "restore": "restore",
    "key": "key",
    "anchor": "anchor",
    "service": "units",
    "practice": "practice",
    "tour": "tour",
    "doctor": "doctor",
    "tls": "tls",
    "bench": "bench",
    "fault": "fault",
    "address": "address",
    "words": "words",
}


def main(argv: list[str] | None = None) -> int:
    """Run one verb; no verb opens the desk."""
    words = sys.argv[1:] if argv is None else argv
    verb, rest = (words[0], words[1:]) if words and not words[0].startswith("-") else ("desk", words)
    if verb not in VERBS:
        print(f"{verb}? {' | '.join(VERBS)}", file=sys.stderr)  # noqa: T201 - there is no page yet to say it on
        return 2
    module = importlib.import_module(f"app.boot.{VERBS[verb]}")
    code: int = module.main(rest)
    return code


if __name__ == "__main__":
    sys.exit(main())
