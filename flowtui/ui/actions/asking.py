"""Commands that ask: which query, under which filter, time and parameters, and when to stop."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from flowtui.domain.conditions import KeyNames
from flowtui.domain.filterline import format_filter
from flowtui.domain.filters import NO_FILTER, FlowFilter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import Trail, View
from flowtui.errors import FlowtuiError
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.screens.time_range import TimeChoice


async def choose_query(screen: ExploreScreen) -> None:
    """Choose a saved query from the overlay."""
    from flowtui.ui.listed import ListWork
    from flowtui.ui.screens.query_picker import QueryPicker

    if screen.library is None:
        return
    current = screen.course.walk.view.query.slug if screen.course.walk else ""

    async def chosen(found: SavedQuery | ListWork | None) -> None:
        screen.runner.cancel(Lane.ESTIMATE)
        if isinstance(found, ListWork):
            found.tell(screen)
        elif found is not None:
            await ask_query(screen, found)

    session = screen.session
    is_paid = session is not None and session.service is not None
    estimate = partial(_estimate, screen) if is_paid else None
    await screen.app.push_screen(QueryPicker(screen.library, current, estimate), chosen)


def _estimate(screen: ExploreScreen, query: SavedQuery, to: MessagePump) -> None:
    from flowtui.ui.messages import QueryEstimated
    from flowtui.ui.spending import estimate_query

    if screen.session is None or any(not p.default for p in query.parameters):
        return
    walk = screen.course.walk
    view = View(query, before_drilling(walk.trail).filter if walk else NO_FILTER)
    piece = partial(estimate_query, screen.session, view)

    def failed(error: FlowtuiError) -> QueryEstimated:
        return QueryEstimated(query.slug, error.message)

    screen.runner.start(Lane.ESTIMATE, piece, to, failed)


async def ask_query(screen: ExploreScreen, query: SavedQuery) -> None:
    """Ask a query under the filter at hand; its parameters first, where it needs some."""
    if any(not parameter.default for parameter in query.parameters):
        await _ask_parameters(screen, query, ())
    else:
        _push(screen, query, ())


async def _ask_parameters(
    screen: ExploreScreen, query: SavedQuery, arguments: tuple[tuple[str, str], ...]
) -> None:
    from flowtui.ui.screens.parameters import ParametersScreen

    def given(found: tuple[tuple[str, str], ...] | None) -> None:
        if found is not None:
            _push(screen, query, found)

    await screen.app.push_screen(ParametersScreen(query, arguments), given)


def _push(screen: ExploreScreen, query: SavedQuery, arguments: tuple[tuple[str, str], ...]) -> None:
    from flowtui.ui.walk import Walk

    if screen.course.walk is None:
        screen.course.go(Walk.begin(View(query, arguments=arguments)))
        return
    chosen = before_drilling(screen.course.walk.trail)
    view = replace(chosen, query=query, arguments=arguments, label="")
    screen.course.go(screen.course.kept().push(view))


def before_drilling(trail: Trail) -> View:
    """Where a person chose: conditions that came by drilling down stay with the drill-down."""
    way = trail.steps[: trail.position + 1]
    return next((view for view in reversed(way) if not view.label), trail.current)


async def set_parameters(screen: ExploreScreen) -> None:
    """Ask the same query with other parameters."""
    from flowtui.ui.screens.parameters import ParametersScreen

    if screen.course.walk is None or not screen.course.walk.view.query.parameters:
        screen.note("This query has no parameters.")
        return
    view = screen.course.walk.view

    def given(found: tuple[tuple[str, str], ...] | None) -> None:
        if found is not None:
            change(screen, replace(view, arguments=found))

    await screen.app.push_screen(ParametersScreen(view.query, view.arguments), given)


def change(screen: ExploreScreen, view: View) -> None:
    """Ask otherwise at the same place; nothing happens where it is the same question."""
    assert screen.course.walk is not None
    if view == screen.course.walk.view and screen.course.walk.answer.error is None:
        screen.note("That is the same question.")
        return
    screen.course.change(view)


def change_filter(screen: ExploreScreen, filter: FlowFilter) -> None:
    """Ask the same under another filter."""
    assert screen.course.walk is not None
    change(screen, screen.course.walk.view.under(filter))


async def edit_filter(screen: ExploreScreen) -> None:
    """Edit the filter line."""
    if screen.course.walk is None:
        return
    from flowtui.ui import lines

    await lines.edit_filter(screen, format_filter(screen.course.walk.view.filter, screen.zone))


async def fill_form(screen: ExploreScreen) -> None:
    """Edit the filter in a form."""
    from flowtui.ui.screens.filter_form import FilterForm

    if screen.course.walk is None:
        return

    def filled(filter: FlowFilter | None) -> None:
        if filter is not None:
            change_filter(screen, filter)

    filter = screen.course.walk.view.filter
    await screen.app.push_screen(FilterForm(filter, screen.zone, screen.parse), filled)


async def choose_time(screen: ExploreScreen) -> None:
    """Choose the time range."""
    from flowtui.ui.screens.time_range import TimeScreen

    if screen.course.walk is None:
        return
    filter = screen.course.walk.view.filter

    def chosen(choice: TimeChoice | None) -> None:
        if choice is not None:
            change_filter(screen, replace(filter, time=choice.time))

    data = screen.facts.time if screen.facts else None
    now = screen.setting.clock()
    await screen.app.push_screen(TimeScreen(filter.time, data, screen.zone, now), chosen)


def run_again(screen: ExploreScreen) -> None:
    """Run the question anew; where the source is not open, open it."""
    if screen.session is None:
        if not screen.runner.is_busy(Lane.SOURCE):
            screen.told.nothing()
            screen.open_source()
    elif screen.course.walk is not None:
        screen.course.run(is_anew=True)


def is_busy(screen: ExploreScreen) -> bool:
    """True while something runs that can be cancelled."""
    return screen.course.is_running or screen.told.progress is not None


def cancel(screen: ExploreScreen) -> None:
    """Cancel the query on its engine; where none runs, the reading of the source."""
    if screen.runner.cancel(Lane.QUERY):
        screen.note("Cancelling on the engine …")
    elif screen.runner.cancel(Lane.SOURCE):
        screen.note("Stopped. What has been read so far is kept.")
    else:
        screen.note("Nothing runs. Q leaves flowtui.")


def known_fields(screen: ExploreScreen) -> tuple[str, ...]:
    """Names that may be keys of a filter: the source's own first."""
    fields = screen.session.engine.schema.fields if screen.session else ()
    names = KeyNames(fields)
    return tuple(field for field in fields if names.find(field))
