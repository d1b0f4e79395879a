from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from flowtui.domain.executions import Estimate, Statement
from flowtui.domain.schema import PartitionKey, PartitionRole, TableSchema
from flowtui.session.budget import Budget, Verdict

KEY = PartitionKey("day", "string", PartitionRole.DATE, "yyyy/MM/dd")
PARTITIONED = TableSchema("flows", (), (KEY,))
WHOLE = TableSchema("flows", ())
LOCAL = TableSchema("flows", (), is_local=True)
PRUNED = Statement("SELECT 1", has_partition_predicate=True)
OPEN = Statement("SELECT 1")


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
        (PRUNED, cost(None), PARTITIONED, Verdict.GO),
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
