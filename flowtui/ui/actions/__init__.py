"""What the commands of the explore screen do: one function for each id of the registry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final

from flowtui.ui.actions.later import Later

if TYPE_CHECKING:
    from flowtui.ui.actions import (
        about,
        asking,
        chipping,
        citing,
        columns,
        comparing,
        copying,
        counting,
        defining,
        drawing,
        earlier,
        editing,
        explaining,
        going,
        helping,
        hunting,
        keeping,
        listing,
        looking,
        marking,
        narrowing,
        panes,
        sittings,
        starting,
        timing,
        touring,
        valuing,
        writing,
    )
    from flowtui.ui.screens.explore import ExploreScreen
else:
    # Imported when the first of their commands is done: the first frame waits for none of them.
    about = Later("about")
    asking = Later("asking")
    chipping = Later("chipping")
    citing = Later("citing")
    columns = Later("columns")
    comparing = Later("comparing")
    copying = Later("copying")
    counting = Later("counting")
    defining = Later("defining")
    drawing = Later("drawing")
    earlier = Later("earlier")
    editing = Later("editing")
    explaining = Later("explaining")
    going = Later("going")
    helping = Later("helping")
    hunting = Later("hunting")
    keeping = Later("keeping")
    listing = Later("listing")
    looking = Later("looking")
    marking = Later("marking")
    narrowing = Later("narrowing")
    panes = Later("panes")
    sittings = Later("sittings")
    starting = Later("starting")
    timing = Later("timing")
    touring = Later("touring")
    valuing = Later("valuing")
    writing = Later("writing")

Action = Callable[["ExploreScreen"], Awaitable[None] | None]
"""Waited for until whatever it opens has the keys."""

ACTIONS: Final[Mapping[str, Action]] = {
    "table.choose": going.drill,
    "pane.queries": panes.to_queries,
    "pane.rows": panes.to_rows,
    "pane.maximise": panes.maximise,
    "pane.next": panes.to_next,
    "query.choose": asking.choose_query,
    "filter.edit": asking.edit_filter,
    "filter.form": asking.fill_form,
    "filter.chips": chipping.switch_chips,
    "time.choose": asking.choose_time,
    "time.earlier": timing.earlier,
    "time.later": timing.later,
    "time.zoom_out": timing.zoom_out,
    "time.zoom_in": timing.zoom_in,
    "timeline.show": timing.show_timeline,
    "timeline.enter": timing.enter_timeline,
    "query.parameters": asking.set_parameters,
    "clues.start": starting.start_from,
    "query.run": asking.run_again,
    "query.cancel": asking.cancel,
    "filter.only": narrowing.only,
    "filter.not": narrowing.exclude,
    "once.show": counting.show_count_once,
    "view.undo": narrowing.undo,
    "view.redo": narrowing.redo,
    "pair.flip": narrowing.flip,
    "about.ask": about.ask_about,
    "view.compare": comparing.compare,
    "trail.back": going.back_or_out,
    "trail.step_back": going.back,
    "trail.forward": going.forward,
    "trail.previous": going.previous,
    "table.search": looking.search,
    "table.search_next": looking.search_next,
    "table.search_back": looking.search_back,
    "table.filter": looking.filter_rows,
    "table.sort": looking.sort,
    "mark.row": marking.mark_row,
    "mark.range": marking.mark_range,
    "mark.invert": marking.invert_marks,
    "mark.clear": marking.clear_marks,
    "table.sort_more": looking.sort_more,
    "columns.choose": columns.choose_columns,
    "columns.jump": columns.jump,
    "columns.freeze": columns.freeze,
    "values.top": valuing.show_top_values,
    "pair.explain": explaining.explain,
    "record.open": looking.open_record,
    "zone.toggle": looking.toggle_zone,
    "table.raw": looking.toggle_raw,
    "names.toggle": looking.toggle_names,
    "sql.show": looking.show_sql,
    "sql.edit": editing.edit_sql,
    "table.define": defining.define_table,
    "source.left_out": looking.show_left_out,
    "sitting.resume": sittings.go_on,
    "hunt.show": hunting.show_hunt,
    "history.show": earlier.show_history,
    "row.copy": copying.ask_what,
    "copy.cell": copying.copy_cell,
    "copy.row": copying.copy_row,
    "copy.page": copying.copy_page,
    "copy.all": copying.copy_all,
    "copy.format": copying.ask_format,
    "copy.sql": copying.copy_sql,
    "copy.command": citing.copy_command,
    "copy.ticket": citing.copy_ticket,
    "copy.anonymise": copying.turn_anonymising,
    "rows.write": writing.write_rows,
    "rows.plain": citing.show_plain,
    "query.keep": keeping.ask_how,
    "keep.file": keeping.keep_file,
    "keep.named": keeping.keep_named,
    "keep.update": keeping.update_named,
    "keep.delete": keeping.delete_named,
    "list.edit": listing.edit,
    "list.copy": listing.copy,
    "list.rename": listing.rename,
    "list.delete": listing.delete,
    "app.help": helping.show_help,
    "help.words": helping.show_words,
    "help.not_recorded": helping.show_not_recorded,
    "help.tour": touring.toggle_tour,
    "app.palette": looking.open_palette,
    "app.theme": drawing.choose_theme,
    "app.redraw": drawing.draw_anew,
    "app.quit": going.leave,
}
"""Command id to what it does."""

_NEED_ROWS: Final = frozenset(
    {
        "table.choose", "filter.only", "filter.not", "pair.flip", "about.ask", "table.search",
        "pair.explain",
        "table.search_next", "table.search_back", "table.sort", "record.open", "table.raw",
        "values.top", "row.copy", "copy.cell", "copy.row", "copy.page", "copy.all",
        "rows.write", "mark.row", "mark.range", "mark.invert",
        "copy.format", "rows.plain", "copy.anonymise",
        "table.sort_more", "columns.choose", "columns.jump", "columns.freeze",
    }
)  # fmt: skip
_NEED_VIEW: Final = frozenset(
    {
        "filter.edit",
        "filter.form",
        "filter.chips",
        "sql.edit",
        "time.choose",
        "time.earlier",
        "time.later",
        "time.zoom_out",
        "time.zoom_in",
        "timeline.show",
        "timeline.enter",
        "query.run",
        "trail.step_back",
        "trail.forward",
    }
)


def is_possible(screen: ExploreScreen, id: str) -> bool:
    """True where a command makes sense now; for the footer and the palette."""
    walk = screen.course.walk
    if id in _NEED_ROWS:
        return screen.course.showing is not None and screen.table.total_rows > 0
    if id in _NEED_VIEW and walk is None:
        return False
    match id:
        case "once.show":
            return walk is not None and screen.session is not None
        case "table.filter":
            return screen.course.showing is not None
        case "mark.clear":
            return bool(screen.table.sheet.marks)
        case "query.choose":
            return screen.library is not None
        case "query.cancel":
            return asking.is_busy(screen)
        case "query.run":
            return not asking.is_busy(screen)
        case "query.parameters":
            return walk is not None and bool(walk.view.query.parameters)
        case "view.undo":
            return walk is not None and bool(walk.step.before)
        case "view.redo":
            return walk is not None and bool(walk.step.after)
        case "sql.show" | "copy.sql":
            return walk is not None and walk.answer.statement is not None
        case "copy.command":
            return citing.can_cite(screen)
        case "copy.ticket":
            return citing.is_answered(screen)
        case "query.keep" | "keep.file" | "keep.named" | "keep.update" | "keep.delete":
            return keeping.can_keep(screen, id)
        case "list.edit" | "list.copy" | "list.rename" | "list.delete":
            return listing.has_list(screen)
        case "table.define":
            return screen.session is not None and screen.setting.reopen is not None
        case "source.left_out":
            return screen.facts is not None
        case _:
            return True
