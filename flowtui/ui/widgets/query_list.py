"""The list of saved queries, under their groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from flowtui.domain.queries import SavedQuery
from flowtui.library import BrokenQuery
from flowtui.ui.commands import Context, bindings
from flowtui.ui.listed import Listed, ListWork
from flowtui.ui.widgets.line import plain

_HEADING: Final = "Cannot be used"
_BROKEN: Final = "broken:"


class QueryList(OptionList):
    """Saved queries; Enter chooses one."""

    DEFAULT_CSS = """
    QueryList {
        height: 1fr; max-height: 100%; padding: 0; border: none; background: $surface;
        scrollbar-size-vertical: 1;
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-disabled { color: $text-secondary; text-style: bold; }
        & > .option-list--option-highlighted { background: $primary 25%; color: $foreground;
            text-style: none; }
        &:focus { border: none; background-tint: $foreground 0%; }
        &:focus > .option-list--option-highlighted { background: $primary; color: $text;
            text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Context.LIST),
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
    ]

    @dataclass
    class QueryChosen(Message):
        """A query is to be asked."""

        query: SavedQuery

    @dataclass
    class QuerySeen(Message):
        """The highlight is on another query, on a broken file, or on nothing."""

        item: Listed | None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._queries: dict[str, SavedQuery] = {}
        self._broken: dict[str, BrokenQuery] = {}

    def show(
        self,
        queries: Iterable[SavedQuery],
        highlighted: str = "",
        broken: Iterable[BrokenQuery] = (),
    ) -> None:
        """List these, with the highlight on one of them, and files that cannot be used."""
        self._queries = {query.slug: query for query in queries}
        self._broken = {f"{_BROKEN}{one.path.name}": one for one in broken}
        # First, so that it is seen; it is gone once the file is mended.
        options = [Option(Content(_HEADING), disabled=True)] if self._broken else []
        options += [Option(_broken_line(one), id=id) for id, one in self._broken.items()]
        group = ""
        for query in self._queries.values():
            if query.group != group:
                group = query.group
                options.append(Option(Content(plain(group)), disabled=True))
            options.append(Option(Content(f"  {plain(query.title)}"), id=query.slug))
        self.set_options(options)
        if highlighted in self._queries:
            self.highlight_query(highlighted)
        elif self._queries:
            self.highlight_query(next(iter(self._queries)))
        elif self._broken:
            self.highlighted = 1
        else:
            self.post_message(self.QuerySeen(None))

    def highlight_query(self, slug: str) -> None:
        """Put the highlight on a query, where it is listed."""
        if slug in self._queries:
            self.highlighted = self.get_option_index(slug)

    @property
    def query_at_highlight(self) -> SavedQuery | None:
        """The query under the highlight."""
        option = self.highlighted_option
        return self._queries.get(option.id or "") if option else None

    @property
    def item_at_highlight(self) -> Listed | None:
        """What is under the highlight: a query, or a broken file."""
        option = self.highlighted_option
        return self.query_at_highlight or self._broken.get(option.id or "" if option else "")

    def action_command(self, id: str) -> None:
        """Have something done with what is under the highlight."""
        if (item := self.item_at_highlight) is not None:
            self.post_message(ListWork(id, item))

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if query := self._queries.get(event.option_id or ""):
            self.post_message(self.QueryChosen(query))
        elif broken := self._broken.get(event.option_id or ""):
            self.post_message(ListWork("list.edit", broken))

    @on(OptionList.OptionHighlighted)
    def _see(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.QuerySeen(self.item_at_highlight))


def _broken_line(broken: BrokenQuery) -> Content:
    at = f"line {broken.line}: " if broken.line else ""
    return Content.assemble(
        (f"  ✗ {plain(broken.path.name)}", "$text-error"),
        (f"\n    {plain(at + broken.message)}", "dim"),
    )
