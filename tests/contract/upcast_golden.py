"""Commands as earlier revisions wrote them, for ever: (verb, rev) and the arguments as they were sent.

Whoever raises the `rev` of a verb moves its entry of `wire_golden.json` here.
"""

from __future__ import annotations

OLD: dict[tuple[str, int], bytes] = {
    ("write_memo", 1): b'{"order":"o1","memo":{"memo":"gift"}}',
}
