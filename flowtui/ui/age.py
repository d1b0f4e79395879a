"""How long ago something was, in a word or two."""

from __future__ import annotations

from datetime import timedelta


def age_text(age: timedelta) -> str:
    """`12 s`, `3 min`, `5 h`, `2 d`."""
    seconds = max(0, int(age.total_seconds()))
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
