"""What a person may choose about a desk, and what it starts with; the window needs it before all else."""

from __future__ import annotations

from typing import Final

CHOICES: Final = {
    "language": "zh_CN",
    "theme": "light",
    "density": "cosy",
    "motion": "full",
    "single_keys": "on",
}
