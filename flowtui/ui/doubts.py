"""What must be known before the rows on the screen are believed."""

from __future__ import annotations

from collections.abc import Iterator

from flowtui.domain.executions import SourceFacts
from flowtui.ui.screens.left_out import left_out_text
from flowtui.ui.walk import Walk


def doubts(walk: Walk | None, facts: SourceFacts | None) -> Iterator[str]:
    """What was lost, left out, or not done as asked."""
    answer = walk.answer if walk else None
    if answer is not None and answer.lost_windows:
        yield f"Totals are floors: records of {answer.lost_windows} windows were lost (SKIPDATA)"
    if answer is not None and answer.statement is not None:
        if not answer.statement.is_filtered:
            yield "Filters were not applied to this query"
        yield from answer.statement.notes
    if walk is not None and walk.view.query.named_id and walk.view.query.trap:
        yield walk.view.query.trap
    if facts is not None and (text := left_out_text(facts)):
        yield text
