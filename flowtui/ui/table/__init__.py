"""The table that results are read in."""

from __future__ import annotations

from flowtui.ui.table.marks import NO_MARKS, Marks
from flowtui.ui.table.state import TableState
from flowtui.ui.table.widget import ResultTable

__all__ = ["NO_MARKS", "Marks", "ResultTable", "TableState"]
