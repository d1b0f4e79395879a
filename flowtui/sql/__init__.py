"""From a question to finished SQL text, through sqlglot. No I/O."""

from __future__ import annotations

from datetime import datetime

from flowtui.domain.executions import Statement
from flowtui.domain.schema import TableSchema
from flowtui.domain.views import View


def compile_view(view: View, schema: TableSchema, now: datetime) -> Statement:
    """The finished SQL of a view over a table."""
    raise NotImplementedError
