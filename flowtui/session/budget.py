"""Money is never spent unasked: may a statement run, by its estimate and the user's limits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

from flowtui.domain.executions import Estimate, Statement
from flowtui.domain.money import DEFAULT_PRICE, dollars
from flowtui.domain.schema import TableSchema
from flowtui.domain.values import format_size


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
    is_cost_unknown: bool = False
    """True where it asks only because nobody can say what it costs."""


GO: Final = Check(Verdict.GO)


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent without asking, and at all. US dollars for one query."""

    ask_above: Decimal = Decimal("0.50")
    refuse_above: Decimal | None = None
    """None: nothing is refused."""
    price_per_tb: Decimal = DEFAULT_PRICE
    ask_download_above: int = 10**9
    """Bytes; more are not fetched from S3 unasked."""

    def check(self, statement: Statement, estimate: Estimate | None, schema: TableSchema) -> Check:
        """Whether it may run without asking. Local sources cost nothing."""
        if estimate is not None and estimate.is_download:
            return self._check_download(estimate)
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
        if estimate is not None and estimate.is_lower_bound:
            return Check(
                Verdict.ASK,
                f"It would cost {dollars(cost or Decimal(0))} at least, and perhaps far more: "
                f"{estimate.basis}.",
            )
        if cost is None:
            why = estimate.basis if estimate else "unknown: there is no estimate"
            reads = "the partitions of its time" if schema.partition_keys else "the whole table"
            told = f"It reads {reads}, and what that costs is {why}."
            return Check(Verdict.ASK, told, is_cost_unknown=bool(schema.partition_keys))
        if cost is not None and cost > self.ask_above:
            return Check(Verdict.ASK, f"It would cost up to {dollars(cost)}.")
        return GO

    def _check_download(self, estimate: Estimate) -> Check:
        size = estimate.bytes or 0
        if size <= self.ask_download_above:
            return GO
        return Check(
            Verdict.ASK, f"{estimate.basis}, {format_size(size)}. Narrow the time, or wait."
        )


def estimate_text(estimate: Estimate) -> str:
    """`~ 1.2 GB, $0.006 · 3 partitions · sizes of 24 objects`; for what is unknown, why."""
    if estimate.bytes is None:
        return f"cost {estimate.basis}"
    about = "up to" if estimate.is_upper_bound else "at least" if estimate.is_lower_bound else "~"
    size = f"{about} {format_size(estimate.bytes)}"
    if estimate.cost is not None:
        size += f", {dollars(estimate.cost)}"
    parts = [size, estimate.basis]
    if estimate.partitions is not None:
        count = estimate.partitions
        parts.insert(1, f"{count:,} partition{'' if count == 1 else 's'}".replace(",", " "))
    return " · ".join(parts)
