"""The two texts of one sheet: the SQL as its author wrote it, and the statement as it runs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flowtui.domain.chips import chips_of, with_chips
from flowtui.domain.executions import Statement
from flowtui.domain.filterline import format_filter
from flowtui.domain.filters import NO_FILTER, FlowFilter
from flowtui.domain.views import View
from flowtui.session.drafts import Draft


@dataclass(slots=True)
class Texts:
    """Both texts, but for what is typed in the one in view, and which one that is."""

    author: str
    finished: str = ""
    exact: FlowFilter = NO_FILTER
    """The filter in the finished statement, with fixed bounds of time."""
    is_finished: bool = False
    """True while the finished statement is in view."""
    is_filtered: bool = True
    _made: str = ""
    """The finished statement as it was made."""

    @classmethod
    def of(cls, draft: Draft, exact: FlowFilter) -> Texts:
        """The texts of a draft, whose finished statement holds that filter."""
        return cls(draft.text, draft.finished, exact, draft.is_finished, draft.is_filtered)

    @property
    def in_view(self) -> str:
        """The text that is to be edited."""
        return self.finished if self.is_finished else self.author

    def draft(self, typed: str) -> Draft:
        """Both texts, with what is typed in the one in view."""
        author, finished = (self.author, typed) if self.is_finished else (typed, self.finished)
        return Draft(
            author, finished, format_filter(self.exact), self.is_finished, self.is_filtered
        )

    def view(self, asked: View) -> View:
        """Under what the text in view would be run: with the filter of a view, or without."""
        view = asked.under(self.exact) if self.is_finished else asked
        if self.is_filtered:
            return view
        chips = chips_of(view.filter, view.parked)
        return with_chips(view, (replace(chip, is_on=False) for chip in chips))

    def show_author(self, typed: str) -> None:
        """Bring the author's text into view, and keep what is typed in the other."""
        self.finished, self.is_finished = typed, False

    def show_finished(self, typed: str, statement: Statement, filter: FlowFilter) -> None:
        """Bring the finished statement into view: made anew, unless a person has changed it."""
        self.author = typed
        if not self.finished or self.finished == self._made:
            self.finished = self._made = statement.sql
            self.exact = replace(filter, time=statement.time) if statement.time else filter
        self.is_finished = True
