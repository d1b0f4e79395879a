"""Money is never spent unasked: may a statement run, by its estimate and the user's limits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

from flowtui.domain.executions import Estimate, Statement
from flowtui.domain.money import DEFAULT_PRICE, dollars
from flowtui.domain.schema import TableSchema


class Verdict(Enum):
    """Whether a statement may run now."""

    GO = "go"
    ASK = "ask"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Check:
    """The guard's answer, and why."""

    verdict: Verdict
    reason: str = ""


GO: Final = Check(Verdict.GO)


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent without asking, and at all. US dollars for one query."""

    ask_above: Decimal = Decimal("0.50")
    refuse_above: Decimal | None = None
    """None: nothing is refused."""
    price_per_tb: Decimal = DEFAULT_PRICE

    def check(self, statement: Statement, estimate: Estimate | None, schema: TableSchema) -> Check:
        """Whether it may run without asking. Local sources cost nothing."""
        if schema.is_local:
            return GO
        cost = estimate.cost if estimate else None
        if cost is not None and self.refuse_above is not None and cost > self.refuse_above:
            return Check(
                Verdict.REFUSE,
                f"It would cost up to {dollars(cost)}, above budget.refuse_above "
                f"({dollars(self.refuse_above)}). Narrow the time or raise the limit.",
            )
        if schema.partition_keys and not statement.has_partition_predicate:
            return Check(
                Verdict.ASK,
                "It reads every partition of the table: nothing limits the time. "
                + (f"It would cost up to {dollars(cost)}." if cost is not None else ""),
            )
        if cost is not None and cost > self.ask_above:
            return Check(Verdict.ASK, f"It would cost up to {dollars(cost)}.")
        return GO
