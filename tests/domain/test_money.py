from __future__ import annotations

from decimal import Decimal

import pytest

from flowtui.domain.money import billed_bytes, cost, dollars


@pytest.mark.parametrize(
    ("scanned", "billed"),
    [
        (0, 0),
        (1, 10_000_000),
        (9_999_999, 10_000_000),
        (10_000_001, 11_000_000),
        (1_500_000_000, 1_500_000_000),
    ],
)
def test_bytes_are_billed_up_to_the_megabyte(scanned: int, billed: int) -> None:
    """Nothing costs nothing; anything costs 10 MB at least, then whole megabytes."""
    assert billed_bytes(scanned) == billed


def test_a_terabyte_costs_its_price() -> None:
    """Money is exact and follows the price that is set."""
    assert cost(10**12) == Decimal(5)
    assert cost(10**12, Decimal("6.75")) == Decimal("6.75")
    assert cost(1) == Decimal("0.00005")


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "$0"), ("0.00005", "<$0.001"), ("0.006", "$0.006"), ("1234.5", "$1,234.50")],
)
def test_money_is_never_shown_as_nothing(amount: str, text: str) -> None:
    """What was not free never reads `$0.00`."""
    assert dollars(Decimal(amount)) == text
