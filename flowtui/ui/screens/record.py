"""One record, field by field: the name, the value, what it means, what the field is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from flowtui.domain.executions import Cell, Column, ResultPage, Row
from flowtui.ui.commands import Command, Context, bindings
from flowtui.ui.meanings import help_for, meaning
from flowtui.ui.messages import PageFailed, PageReady
from flowtui.ui.table import ResultTable
from flowtui.ui.widgets.key_footer import KeyFooter
from flowtui.ui.widgets.line import Line, plain
from flowtui.ui.widgets.note_line import NoteLine
from flowtui.ui.widgets.trail_bar import TrailBar

_FIELDS: Final = (
    Column("field", "varchar"),
    Column("value", "varchar"),
    Column("meaning", "varchar"),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows among which the record stands."""

    columns: tuple[Column, ...]
    total: int
    held: Callable[[int], Row | None]
    """A row that is here."""
    fetch: Callable[[int, Screen[Leaving]], None]
    """Asks for a row that is not; it comes as `PageReady`."""
    named: Callable[[Column, str], str] = lambda column, value: ""
    """What a value is called; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the record screen has done by others."""

    copy: Callable[[RecordScreen], Awaitable[None]]
    """Asks what to copy, and copies it."""
    other: Callable[[str], Awaitable[None]]
    """Does a command that works everywhere."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where the record screen was left, and what for."""

    row: int
    column: int
    command: str = ""
    """A command of the table to go on with, on that cell."""


class RecordScreen(Screen[Leaving], inherit_bindings=False):
    """Shows one record of several; gives back where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Context.RECORD, Context.EVERYWHERE),
        Binding("j,down", "move('rows(1)')", show=False),
        Binding("k,up", "move('rows(-1)')", show=False),
        Binding("space,pagedown", "move('pages(1)')", show=False),
        Binding("b,pageup", "move('pages(-1)')", show=False),
        Binding("g,home", "move('end_row(0)')", show=False),
        Binding("G,end", "move('end_row(1)')", show=False),
        Binding("=", "leave('filter.only')", show=False),
        Binding("!", "leave('filter.not')", show=False),
        Binding("A", "leave('about.ask')", show=False),
        Binding("S", "leave('sql.show')", show=False),
        Binding("E", "leave('pair.explain')", show=False),
    ]
    DEFAULT_CSS = """
    RecordScreen #value { background: $panel; }
    RecordScreen #help { padding: 0 1; }
    RecordScreen #title { background: $panel; padding: 0 1; }
    """

    def __init__(
        self,
        rows: Rows,
        at: int,
        crumbs: tuple[str, ...],
        zone: tzinfo,
        keys: tuple[Command, ...],
        actions: Elsewhere,
    ) -> None:
        super().__init__()
        self._rows = rows
        self._crumbs = crumbs
        self._zone = zone
        self._keys = keys
        self._actions = actions
        self.row_index = at
        self.record: Row = ()

    def compose(self) -> ComposeResult:
        """Title, trail, fields, help, notes, keys."""
        yield Line(id="title")
        yield TrailBar()
        table = ResultTable()
        table.can_focus = False
        yield table
        yield Line(id="value")
        yield Line(id="help")
        yield NoteLine()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Show the record."""
        self.query_one(TrailBar).tell((*self._crumbs, "record"))
        self.query_one(KeyFooter).tell(self._keys)
        self._go(self.row_index)

    @property
    def _table(self) -> ResultTable:
        return self.query_one(ResultTable)

    @property
    def field(self) -> tuple[Column, Cell] | None:
        """The field under the cursor."""
        row = self._table.cursor[0]
        if row >= len(self.record):
            return None
        return self._rows.columns[row], self.record[row]

    def note(self, text: str, tone: str = "") -> None:
        """Say what happened."""
        self.query_one(NoteLine).tell(text, tone)

    def _go(self, index: int) -> None:
        if not 0 <= index < self._rows.total:
            self.note("That is the first record." if index < 0 else "That is the last record.")
            return
        self.row_index = index
        row = self._rows.held(index)
        if row is None:
            self._rows.fetch(index, self)
        else:
            self._show(row)

    @on(PageReady)
    def _show_fetched(self, event: PageReady) -> None:
        if event.page.offset == self.row_index and event.page.rows:
            self._show(event.page.rows[0])

    @on(PageFailed)
    def _say_failed(self, event: PageFailed) -> None:
        self.note(event.error.message, "error")

    def _show(self, row: Row) -> None:
        self.record = row
        fields = tuple(self._described(column, cell) for column, cell in self._pairs())
        row_before = self._table.cursor[0] if self._table.total_rows == len(fields) else 0
        self._table.show(_FIELDS, len(fields), True)
        self._table.put_page(ResultPage(_FIELDS, fields, 0, len(fields)))
        self._table.cursor = (row_before, 0)
        total = f"{self._rows.total:,}".replace(",", " ")
        place = f"{self.row_index + 1:,}".replace(",", " ")
        self.query_one("#title", Line).show(
            Content.assemble(("Record ", "bold $text-primary"), (f"{place} of {total}", "bold"))
        )

    def _pairs(self) -> tuple[tuple[Column, Cell], ...]:
        return tuple(zip(self._rows.columns, self.record, strict=False))

    def _described(self, column: Column, cell: Cell) -> Row:
        raw = None if cell is None else str(cell)
        means = meaning(column, cell, self._zone)
        name = self._rows.named(column, raw) if raw is not None else ""
        return column.name, raw, f"{name} ({means})" if name and means else name or means

    @on(ResultTable.CursorMoved)
    def _help(self) -> None:
        found = self.field
        if found is None:
            return
        column, cell = found
        exact = "" if cell is None else plain(str(cell))
        self.query_one("#value", Line).show(
            Content.assemble((f" {plain(column.name)} ", "bold"), f" {exact}")
        )
        help = help_for(column) or "A column of this query."
        self.query_one("#help", Line).show(Content.styled(help, "dim"))

    def action_move(self, how: str) -> None:
        """Move among the fields."""
        name, _, by = how.removesuffix(")").partition("(")
        action = getattr(self._table, f"action_{name}")
        action(int(by)) if by else action()

    def action_leave(self, command: str) -> None:
        """Back to the table, on the field's column, to go on with a command there."""
        self.dismiss(Leaving(self.row_index, self._table.cursor[0], command))

    @on(KeyFooter.Clicked)
    async def _clicked(self, event: KeyFooter.Clicked) -> None:
        await self.action_command(event.id)

    async def action_command(self, id: str) -> None:
        """Do what a key asks."""
        match id:
            case "record.next":
                self._go(self.row_index + 1)
            case "record.previous":
                self._go(self.row_index - 1)
            case "record.close":
                self.dismiss(Leaving(self.row_index, -1))
            case "record.copy":
                await self._actions.copy(self)
            case _:
                await self._actions.other(id)
