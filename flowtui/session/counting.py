"""By how much the totals of a view shrink when the same traffic is counted once."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from flowtui.domain.counting import Counted, counted
from flowtui.domain.executions import QueryExecution
from flowtui.domain.filters import FlowFilter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.session.asides import HeldBack, ask_aside
from flowtui.session.session import Session


@dataclass(frozen=True, slots=True)
class OnceCounted:
    """What was found, and by which execution."""

    counted: Counted
    execution: QueryExecution


def count_once(
    session: Session, filter: FlowFilter, cancelled: threading.Event, *, is_agreed: bool = False
) -> OnceCounted | HeldBack | None:
    """How many records under a filter say the same again; None: cancelled. Blocks.

    Where it is billed, nothing runs unless somebody has agreed.

    Raises:
        FlowtuiError: It failed; MissingFieldError where the table lacks what tells.
    """
    from flowtui.sql.once import COUNTED  # sqlglot: not before it is needed

    query = SavedQuery("count-once", "Count once", COUNTED)
    view = View(query, replace(filter, is_counted_once=False))
    found = ask_aside(session, view, cancelled, is_agreed=is_agreed, must_agree=True)
    if found is None or isinstance(found, HeldBack):
        return found
    return OnceCounted(counted(found.rows), found.execution)
