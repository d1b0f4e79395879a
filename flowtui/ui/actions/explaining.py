"""The command that explains why a pair is rejected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING

from flowtui.domain.filters import Op
from flowtui.ui.actions.going import drill_label, row_filter
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from flowtui.domain.evidence import Case
    from flowtui.domain.executions import Cell
    from flowtui.domain.filters import FlowFilter
    from flowtui.session.explaining import Question
    from flowtui.ui.screens.explore import ExploreScreen


async def explain(screen: ExploreScreen) -> None:
    """Both directions of the row's pair over time, and what follows from them."""
    from flowtui.ui.screens.explain import Elsewhere, ExplainScreen

    question = _question(screen)
    if question is None:
        screen.note("There is no pair of single addresses in this row.", "warning")
        return

    def left(filter: FlowFilter | None) -> None:
        screen.runner.cancel(Lane.VALUES)
        if filter is not None:
            _open(screen, filter)

    local = screen.setting.local
    zones = (screen.zone, UTC if screen.zone is not UTC else local)
    dialog = ExplainScreen(
        question,
        zones,
        partial(_ask, screen, question),
        Elsewhere(partial(_copy, screen), partial(_ask_rules, screen), screen.names.meaning),
    )
    await screen.app.push_screen(dialog, left)


def _question(screen: ExploreScreen) -> Question | None:
    from flowtui.session.explaining import question_of

    walk = screen.course.walk
    row = screen.table.row_at(screen.table.cursor[0])
    if walk is None or row is None:
        return None
    values: dict[str, Cell] = {}
    if not walk.view.query.is_records:
        values |= _behind(screen)
    values |= dict(zip((c.name for c in screen.table.columns), row, strict=True))
    return question_of(values, walk.view.filter)


def _behind(screen: ExploreScreen) -> Mapping[str, Cell]:
    """What the row's records have in common, by field, where it is one value."""
    found = row_filter(screen)
    walk = screen.course.walk
    if found is None or walk is None:
        return {}
    conditions = [*walk.view.filter.conditions, *found.conditions]
    return {
        c.key: str(c.values[0])
        for c in conditions
        if c.op is Op.IS and len(c.values) == 1 and not c.is_excluded
    }


def _ask(screen: ExploreScreen, question: Question, is_agreed: bool, to: MessagePump) -> None:
    from flowtui.ui.explaining import EvidenceFailed, find_evidence

    if screen.session is not None:
        money = screen.post_message
        piece = partial(find_evidence, screen.session, question, is_agreed, money)
        screen.runner.start(Lane.VALUES, piece, to, EvidenceFailed)


def _ask_rules(screen: ExploreScreen, case: Case, to: MessagePump) -> None:
    from flowtui.ui.explaining import RulesFailed, ask_rules

    if screen.session is not None:
        piece = partial(ask_rules, screen.session, case)
        screen.runner.start(Lane.NAMES, piece, to, RulesFailed)


def _copy(screen: ExploreScreen, text: str, what: str) -> None:
    from flowtui.ui.actions.copying import copy_text

    copy_text(screen, text, what)


def _open(screen: ExploreScreen, filter: FlowFilter) -> None:
    """The rows that a verdict rests on, as an ordinary view."""
    from flowtui.domain.views import View

    if screen.course.walk is None or screen.library is None:
        return
    view = View(screen.library.records, filter, label=drill_label(filter, screen))
    screen.course.go(screen.course.kept().push(view))
