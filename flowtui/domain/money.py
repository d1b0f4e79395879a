"""What a query on Athena costs.

Athena bills scanned bytes, rounded up to the megabyte, 10 MB at least a query; DDL and failed
queries are free, cancelled ones pay for what was scanned. See "Amazon Athena pricing".
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

MINIMUM_BYTES: Final = 10_000_000
"""Billed at least, for each query that scans anything."""
_MEGABYTE: Final = 1_000_000
_TERABYTE: Final = 10**12

DEFAULT_PRICE: Final = Decimal("5.00")
"""US dollars per terabyte in most regions; `budget.price_per_tb` in the config overrides it."""


def billed_bytes(scanned_bytes: int) -> int:
    """What is billed for a scan: up to the megabyte, the minimum applied; nothing for nothing."""
    if scanned_bytes <= 0:
        return 0
    return max(MINIMUM_BYTES, -(-scanned_bytes // _MEGABYTE) * _MEGABYTE)


def cost(scanned_bytes: int, price_per_tb: Decimal = DEFAULT_PRICE) -> Decimal:
    """US dollars for a scan, exact."""
    return price_per_tb * billed_bytes(scanned_bytes) / _TERABYTE


def dollars(amount: Decimal) -> str:
    """Money as the screen shows it: never `$0.00` for what was not free."""
    if amount == 0:
        return "$0"
    if amount < Decimal("0.001"):
        return "<$0.001"
    if amount < 1:
        return f"${amount:.3f}"
    return f"${amount:,.2f}"
