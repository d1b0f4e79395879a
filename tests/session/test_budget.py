from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from flowtui.domain.executions import Estimate, Statement
from flowtui.domain.schema import PartitionKey, PartitionRole, TableSchema
from flowtui.domain.times import TimeRange
from flowtui.session.budget import Budget, Verdict
from flowtui.session.session import Session
from tests.scripted import Answer, ScriptedEngine

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
KEY = PartitionKey("day", "string", PartitionRole.DATE, "yyyy/MM/dd")
PARTITIONED = TableSchema("flows", (), (KEY,))
WHOLE = TableSchema("flows", ())
LOCAL = TableSchema("flows", (), is_local=True)
PRUNED = Statement("SELECT 1", has_partition_predicate=True)
OPEN = Statement("SELECT 1")


def usual(_statement: Statement) -> Answer:
    """Nobody asks."""
    raise AssertionError


def cost(dollars: str | None) -> Estimate:
    """An estimate of that much money."""
    return Estimate(1, "unknown: no rights", Decimal(dollars) if dollars else None)


@pytest.mark.parametrize(
    ("statement", "estimate", "schema", "verdict"),
    [
        (OPEN, None, LOCAL, Verdict.GO),
        (PRUNED, cost("0.50"), PARTITIONED, Verdict.GO),
        (PRUNED, cost("0.51"), PARTITIONED, Verdict.ASK),
        (PRUNED, cost("20.01"), PARTITIONED, Verdict.REFUSE),
        (OPEN, cost("0.01"), PARTITIONED, Verdict.ASK),
        (PRUNED, cost(None), PARTITIONED, Verdict.ASK),
        (PRUNED, replace(cost("0.01"), is_lower_bound=True), PARTITIONED, Verdict.ASK),
        (OPEN, replace(cost("0.01"), is_lower_bound=True), WHOLE, Verdict.ASK),
        (OPEN, cost("0.01"), WHOLE, Verdict.GO),
        (OPEN, cost(None), WHOLE, Verdict.ASK),
        (OPEN, Estimate(10**9, "1 of 2 objects", is_download=True), LOCAL, Verdict.GO),
        (OPEN, Estimate(10**9 + 1, "1 of 2 objects", is_download=True), LOCAL, Verdict.ASK),
    ],
)
def test_money_and_long_downloads_are_asked_about(
    statement: Statement, estimate: Estimate | None, schema: TableSchema, verdict: Verdict
) -> None:
    """The limits are the user's; all partitions, the unknown, and the uncounted are asked."""
    budget = Budget(refuse_above=Decimal(20))
    check = budget.check(statement, estimate, schema)
    assert check.verdict is verdict
    assert bool(check.reason) == (verdict is not Verdict.GO)


def test_an_unknown_cost_is_asked_about_once_for_a_span() -> None:
    """Yes to an hour is yes to every hour at an unknown cost; two hours, or no bound, ask again."""
    session = Session(ScriptedEngine(usual, schema=PARTITIONED))
    hour = replace(PRUNED, time=TimeRange(NOW, NOW + timedelta(hours=1)))
    other = replace(PRUNED, time=TimeRange(NOW - timedelta(hours=9), NOW - timedelta(hours=8)))
    longer = replace(PRUNED, time=TimeRange(NOW, NOW + timedelta(hours=2)))
    first = session.check(hour, cost(None))
    assert first.verdict is Verdict.ASK
    session.agree(hour, first)
    assert session.check(other, cost(None)).verdict is Verdict.GO
    assert session.check(longer, cost(None)).verdict is Verdict.ASK
    assert session.check(PRUNED, cost(None)).verdict is Verdict.ASK
    assert session.check(hour, cost("0.51")).verdict is Verdict.ASK


def test_a_yes_to_a_price_is_no_yes_to_the_unknown() -> None:
    """What was dear and known is asked about anew when it is unknown."""
    session = Session(ScriptedEngine(usual, schema=PARTITIONED))
    hour = replace(PRUNED, time=TimeRange(NOW, NOW + timedelta(hours=1)))
    session.agree(hour, session.check(hour, cost("0.51")))
    assert session.check(hour, cost(None)).verdict is Verdict.ASK


def test_comparing_is_asked_about_for_both_its_windows() -> None:
    """Yes to an hour at an unknown cost is no yes to that hour and another one to compare with."""
    session = Session(ScriptedEngine(usual, schema=PARTITIONED))
    hour = TimeRange(NOW, NOW + timedelta(hours=1))
    alone = replace(PRUNED, time=hour)
    compared = replace(alone, before=hour.shifted(-timedelta(days=7)))
    session.agree(alone, session.check(alone, cost(None)))
    assert session.check(compared, cost(None)).verdict is Verdict.ASK
    session.agree(compared, session.check(compared, cost(None)))
    assert session.check(compared, cost(None)).verdict is Verdict.GO
    two_hours = replace(PRUNED, time=TimeRange(NOW, NOW + timedelta(hours=2)))
    assert session.check(two_hours, cost(None)).verdict is Verdict.GO
