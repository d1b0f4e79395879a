"""The least that a Textual application with a table can be: the measure for ours.

python tests/bench/minimal_app.py ROWS
"""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Header

NAMES = ("srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "action")


def record(index: int) -> tuple[str, ...]:
    """A row of texts, as plain as a table gets them."""
    address = f"10.0.{index >> 8 & 255}.{index & 255}"
    return address, "10.1.0.1", "49152", "443", "6", "10", "1204", "ACCEPT"


class MinimalApp(App[None]):
    """Header, table, footer."""

    def compose(self) -> ComposeResult:
        yield Header()
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns(*NAMES)
        table.add_rows(record(index) for index in range(int(sys.argv[1])))


if __name__ == "__main__":
    MinimalApp().run()
