"""Choosing a saved query: a search, the list, and what the one under the highlight asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.fuzzy import Matcher
from textual.message_pump import MessagePump
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from flowtui.domain.detections import meaning, technique_text
from flowtui.domain.queries import SavedQuery
from flowtui.library import BrokenQuery, Library
from flowtui.session.copytext import plain
from flowtui.ui.listed import Listed, ListWork
from flowtui.ui.messages import QueryEstimated
from flowtui.ui.sqlcolours import coloured
from flowtui.ui.widgets.line import Line
from flowtui.ui.widgets.line import plain as linewise
from flowtui.ui.widgets.query_list import QueryList

_IN_SEARCH: Final = "type to search · Enter asks · Tab e edit, c copy, n name, d delete · Esc"
_IN_LIST: Final = "e edit · c copy · n name · d delete · Tab to the search · Esc leaves"
Estimator = Callable[[SavedQuery, MessagePump], None]
"""Finds out what a query would cost, and says so by `QueryEstimated`."""


class QueryPicker(ModalScreen[SavedQuery | ListWork | None]):
    """Gives back the query chosen, or what is to be done with one; None where nothing is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move('cursor_down')", show=False),
        Binding("up", "move('cursor_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
        Binding("escape", "leave", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-wide")]  # noqa: RUF012 - no ClassVar in Textual
    DEFAULT_CSS = """
    QueryPicker .dialog { width: 116; height: 90%; max-height: 34; }
    QueryPicker Input { background: $boost; margin-bottom: 1; }
    QueryPicker QueryList { width: 36; }
    QueryPicker .preview { width: 1fr; padding: 0 1; border-left: solid $panel; }
    QueryPicker.-narrow .preview { display: none; }
    QueryPicker.-narrow QueryList { width: 1fr; }
    """

    def __init__(self, library: Library, current: str, estimate: Estimator | None = None) -> None:
        super().__init__()
        self._estimate = estimate
        self._estimates: dict[str, str] = {}
        self._library = library
        self._current = current

    def compose(self) -> ComposeResult:
        """Search, list, preview."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Saved queries"
            dialog.border_subtitle = _IN_SEARCH
            yield Input(placeholder="Search in titles, tags and descriptions", compact=True)
            with Horizontal():
                yield QueryList()
                with VerticalScroll(classes="preview") as preview:
                    preview.can_focus = False
                    yield Static(markup=False)
            yield Line(id="cost")

    def on_mount(self) -> None:
        """List all, the current one under the highlight."""
        self._list.show(self._library.queries, self._current, self._library.broken)

    @property
    def _list(self) -> QueryList:
        return self.query_one(QueryList)

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        broken = _broken(self._library, event.value)
        # What is only near does not stand before a file of that name.
        near = self._library.find if broken else partial(matching, self._library)
        found = tuple(near(event.value))
        word = event.value.strip().casefold()
        titled = [query for query in found if word in query.title.casefold()]
        # The one of exactly that title, else the first that holds the word.
        best = min(titled, key=lambda query: query.title.casefold() != word, default=None)
        self._list.show(found, best.slug if best else "", broken)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        item = self._list.item_at_highlight
        if isinstance(item, BrokenQuery):
            self.dismiss(ListWork("list.edit", item))
        elif item is not None:
            self.dismiss(item)

    @on(ListWork)
    def _work_on(self, event: ListWork) -> None:
        event.stop()
        self.dismiss(event)

    @on(events.DescendantFocus)
    def _say_keys(self) -> None:
        is_list = isinstance(self.focused, QueryList)
        self.query_one(".dialog").border_subtitle = _IN_LIST if is_list else _IN_SEARCH

    @on(QueryList.QueryChosen)
    def _chosen(self, event: QueryList.QueryChosen) -> None:
        self.dismiss(event.query)

    @on(QueryList.QuerySeen)
    def _seen(self, event: QueryList.QuerySeen) -> None:
        self._show(event.item)
        if isinstance(event.item, SavedQuery) and self._estimate is not None:
            self._estimate(event.item, self)

    @on(QueryEstimated)
    def _say_estimate(self, event: QueryEstimated) -> None:
        self._estimates[event.slug] = event.text
        query = self._list.query_at_highlight
        if query is not None and query.slug == event.slug:
            self._show(query)

    def _show(self, item: Listed | None) -> None:
        text = Content("No saved query holds these words.")
        cost = ""
        if isinstance(item, BrokenQuery):
            text = trouble(item)
        elif item is not None:
            text, cost = preview(item), self._estimates.get(item.slug, "")
        self.query_one(".preview Static", Static).update(text)
        # Under the list too: a narrow terminal has no room for the preview.
        self.query_one("#cost", Line).show(Content.styled(linewise(cost), "$text-accent"))

    def action_move(self, how: str) -> None:
        """Move the highlight while the search has the keys."""
        getattr(self._list, f"action_{how}")()

    def action_leave(self) -> None:
        """Choose none."""
        self.dismiss(None)


def matching(library: Library, text: str) -> Iterable[SavedQuery]:
    """The queries that hold every word; where there are none, those whose title is near."""
    found = library.find(text)
    if found or not text.strip():
        return found
    matcher = Matcher(text)
    scored = [(matcher.match(f"{q.group} {q.title}"), q) for q in library.queries]
    return [q for score, q in sorted(scored, key=lambda pair: -pair[0]) if score > 0]


def _broken(library: Library, text: str) -> list[BrokenQuery]:
    words = text.casefold().split()
    return [b for b in library.broken if all(word in b.path.name.casefold() for word in words)]


def trouble(broken: BrokenQuery) -> Content:
    """Why a file cannot be used, and what to do."""
    return Content("\n\n").join(
        [
            Content.styled(plain(broken.path.name), "bold"),
            Content(plain(broken.place)),
            Content.styled(plain(f"It cannot be used: {broken.message}."), "$text-error"),
            Content(plain(broken.hint or "Mend the file.")),
            Content.styled(
                "Enter opens it, to mend it; all other queries are as they were.", "dim"
            ),
        ]
    )


def preview(query: SavedQuery) -> Content:
    """What a query asks, what it needs, and its SQL."""
    parts = [Content.styled(plain(query.title), "bold")]
    if query.description:
        parts.append(Content(plain(query.description)))
    facts = [f"{p.name}: {p.default or 'asked for'}  {p.help}".rstrip() for p in query.parameters]
    if facts:
        parts.append(Content(plain("\n".join(facts))))
    notes = [
        f"{label} {text}"
        for label, text in (
            ("Beware:" if query.named_id else "Avoids:", query.trap),
            ("MITRE ATT&CK", technique_text(query.technique)),
            *((label.strip(), words) for label, words in meaning(query.detection)),
            ("Tags:", ", ".join(query.tags)),
        )
        if text
    ]
    if notes:
        parts.append(Content.styled(plain("\n".join(notes)), "dim"))
    parts.append(coloured(query.sql))
    return Content("\n\n").join(parts)
