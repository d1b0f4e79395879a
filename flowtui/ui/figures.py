"""Numbers as a cell holds them, and as they are written."""

from __future__ import annotations

import math
from decimal import Decimal

from flowtui.domain.executions import Cell
from flowtui.session.copytext import written


def grouped(number: int) -> str:
    """Thousands apart: `1 204`."""
    return f"{number:,}".replace(",", " ") if number.bit_length() <= 128 else written(number)


def fraction(value: float | Decimal) -> str:
    """Two decimals, or three digits where the number is very small or large."""
    size = abs(float(value)) if is_finite(value) else 0.0
    if not 0.01 <= size < 1e15:
        return "0.00" if size == 0 and is_finite(value) else f"{value:.3g}"
    return f"{value:,.2f}".replace(",", " ")


def whole(value: Cell) -> int | None:
    """The whole number that a value holds, as number or as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        return int(value) if len(value) <= 38 and value.isascii() and value.isdigit() else None
    if isinstance(value, float | Decimal) and is_finite(value) and abs(float(value)) < 1e38:
        return int(value) if value == int(value) else None
    return None


def is_finite(value: float | Decimal) -> bool:
    """False for infinity and what is no number."""
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)
