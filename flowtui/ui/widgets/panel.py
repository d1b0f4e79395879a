"""What stands in place of the table when there are no rows: why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from flowtui.errors import FilterError, FlowtuiError, QueryError, QueryFailedError
from flowtui.session.copytext import plain


class Panel(VerticalScroll):
    """Some paragraphs under a heading; stays until the next run."""

    DEFAULT_CSS = """
    Panel { height: 1fr; padding: 1 2; background: $surface; display: none; }
    Panel > Static { width: 1fr; height: auto; }
    """

    def compose(self) -> Iterable[Static]:
        """One text."""
        yield Static(markup=False)

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.query_one(Static).content)

    def tell_error(self, error: FlowtuiError) -> None:
        """Say what failed and what to do next."""
        paragraphs = [Content.styled(plain(error.message), "bold $text-error")]
        if place := _place(error):
            paragraphs.append(Content(place))
        if isinstance(error, FilterError) and error.text:
            paragraphs.append(_marked(error))
        if error.hint:
            paragraphs.append(Content(plain(error.hint)))
        self._show(paragraphs)

    def tell_empty(self, heading: str, reasons: Iterable[str]) -> None:
        """Say why there are no rows."""
        found = [Content.styled(heading, "bold $text-warning")]
        found += [Content(plain(reason)) for reason in reasons]
        self._show(found)

    def _show(self, paragraphs: Iterable[Content]) -> None:
        self.query_one(Static).update(Content("\n\n").join(paragraphs))


def _place(error: FlowtuiError) -> str:
    if isinstance(error, QueryError | QueryFailedError) and error.position:
        line, column = error.position
        return f"Line {line}, column {column} of the SQL; S shows it."
    return ""


def _marked(error: FilterError) -> Content:
    begin, end = error.span
    return Content(plain(error.text)).stylize("$text-error underline", begin, max(end, begin + 1))
