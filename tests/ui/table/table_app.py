"""A table on a screen of its own, and results of any size that are made up row by row."""

from __future__ import annotations

import sys

from textual import on
from textual.app import App, ComposeResult
from textual.message import Message

from flowtui.domain.executions import Column, ResultPage, Row
from flowtui.domain.fields import Kind
from flowtui.ui.table import ResultTable

COLUMNS = (
    Column("srcaddr", "varchar", Kind.ADDRESS),
    Column("dstport", "bigint", Kind.PORT),
    Column("protocol", "bigint", Kind.PROTOCOL),
    Column("bytes", "bigint", Kind.BYTES),
    Column("start", "bigint", Kind.TIME),
    Column("action", "varchar", Kind.ACTION),
    Column("interface_id", "varchar", Kind.TEXT),
    Column("note", "varchar"),
)
NOTE = "\x1b]52;c;aGFjaw==\x07\x1b[2J[red]note"
"""Would fill the clipboard and clear the screen of a terminal that it reached."""


def record(index: int) -> Row:
    """Row `index` of every result here; its address tells the index, its note is hostile."""
    address = f"10.{index >> 16 & 255}.{index >> 8 & 255}.{index & 255}"
    action = "REJECT" if index % 3 == 0 else "ACCEPT"
    return address, 443, 6, index * 1000, 1_764_000_000 + index, action, "eni-0abc", NOTE


class TableApp(App[None]):
    """Shows one result, and answers for pages where it is told to."""

    def __init__(self, total_rows: int, *, answers: bool = True) -> None:
        super().__init__()
        self.total_rows = total_rows
        self.answers = answers
        self.seen: list[Message] = []
        """What the table said, in order."""

    def compose(self) -> ComposeResult:
        yield ResultTable()

    def on_mount(self) -> None:
        self.table.show(COLUMNS, self.total_rows, True)
        self.table.focus()

    @property
    def table(self) -> ResultTable:
        return self.query_one(ResultTable)

    @on(ResultTable.PageWanted)
    def _answer(self, message: ResultTable.PageWanted) -> None:
        self.seen.append(message)
        if self.answers:
            self.answer(message.offset, message.limit)

    @on(ResultTable.CursorMoved)
    @on(ResultTable.RowChosen)
    def _note(self, message: Message) -> None:
        self.seen.append(message)

    def answer(self, offset: int, limit: int) -> None:
        """Give the table a page."""
        last = min(self.total_rows, offset + limit)
        rows = tuple(record(index) for index in range(offset, last))
        self.table.put_page(ResultPage(COLUMNS, rows, offset, self.total_rows))

    @property
    def asked(self) -> list[int]:
        """Offsets of the pages that were asked for."""
        return [m.offset for m in self.seen if isinstance(m, ResultTable.PageWanted)]

    def line(self, y: int) -> str:
        """What the table draws on a line."""
        return self.table.render_line(y).text

    def lines(self) -> list[str]:
        """What the table draws."""
        return [self.line(y) for y in range(self.table.size.height)]


if __name__ == "__main__":
    TableApp(int(sys.argv[1])).run()
