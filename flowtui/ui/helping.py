"""What the help screen says, page by page. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from textual.content import Content

from flowtui.domain.glossary import (
    NOT_RECORDED,
    WORDS,
    Chapter,
    code_chapters,
    fields_chapter,
)
from flowtui.ui.commands import Command, help_of, keys_text

_HEADING: Final = "bold $text-primary"
_KEY: Final = "bold $text-accent"


@dataclass(frozen=True, slots=True)
class Line:
    """A term with what stands beside it; a heading where nothing does."""

    term: str
    told: str = ""

    def holds(self, text: str) -> bool:
        """True where a text stands in it, in any case of letters."""
        return text in f"{self.term} {self.told}".casefold()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of help."""

    name: str
    """In the row of names above."""
    lines: tuple[Line, ...]
    term_width: int = 20
    """Cells for the terms."""


@dataclass(frozen=True, slots=True)
class Pane:
    """A part of the screen that can have the keys."""

    title: str
    about: str
    commands: tuple[str, ...]
    """Beginnings of the ids of the commands that matter there."""


TABLE: Final = Pane(
    "The rows",
    "Rows of the answer, a cursor on one cell. Everything that narrows starts from this cell.",
    (
        "table.",
        "mark.",
        "columns.",
        "pane.maximise",
        "filter.only",
        "filter.not",
        "values.",
        "pair.",
        "record.open",
        "row.copy",
        "view.",
    ),
)
LIST: Final = Pane(
    "The list of queries",
    "j and k move, Enter asks the query under the highlight with the filter as it is, Tab leaves.",
    ("list.", "pane.", "query.choose", "query.keep", "query.parameters"),
)
TIMELINE: Final = Pane(
    "The timeline",
    "Records, bytes or packets (b) by time, accepted and rejected, each row up to its peak (≤): "
    "all records of the filter, those too that the query itself leaves out. A record is counted "
    "where it begins, its bytes over its seconds. ! below a bar: records were lost; ?: some may "
    "still come. h l g G move, v or m sets one end and again the other, Enter sets the time, Esc "
    "leaves.",
    ("timeline.", "time.", "view."),
)
NO_ROWS: Final = Pane(
    "Nothing to show",
    "The panel says why. Widen the time or the filter, choose another query, or run it again.",
    ("query.", "filter.edit", "filter.form", "time.", "view.", "sql.show", "source.", "trail."),
)
EDITOR: Final = Pane(
    "The SQL editor",
    "While the text has the keys letters are text, and Ctrl keys are commands; Esc gives letters "
    "their commands back, e returns to the text. What is typed is kept, however it is left.",
    ("editor.",),
)
RECORD: Final = Pane(
    "A record",
    "One row, field by field; what a field is stands below, for the one under the cursor.",
    ("record.", "filter.only", "filter.not", "sql.show"),
)


def pages(commands: tuple[Command, ...], pane: Pane) -> tuple[Page, ...]:
    """Every page; the first one is about the pane that has the keys."""
    return (
        Page("Here", tuple(_here(commands, pane))),
        Page("Keys", tuple(_keys(commands))),
        Page("Words and fields", (*_chapter(WORDS), *_chapter(fields_chapter())), 26),
        Page("Codes", tuple(line for chapter in code_chapters() for line in _chapter(chapter)), 12),
        Page("Not recorded", tuple(_chapter(NOT_RECORDED)), 18),
    )


def _here(commands: Iterable[Command], pane: Pane) -> Iterator[Line]:
    yield Line(pane.title)
    yield Line("", pane.about)
    yield Line("")
    for command in commands:
        if command.id.startswith(pane.commands):
            yield Line(keys_text(command), help_of(command))


def _keys(commands: Iterable[Command]) -> Iterator[Line]:
    found = tuple(commands)
    for group, members in groupby(found, lambda command: command.group):
        yield Line(group)
        for command in members:
            yield Line(keys_text(command), help_of(command))
        yield Line("")
    yield Line("Ids, for keys of your own in config.toml")
    for command in found:
        yield Line(command.id, command.title)


def _chapter(chapter: Chapter) -> Iterator[Line]:
    yield Line(chapter.title)
    if chapter.about:
        yield Line("", chapter.about)
    for entry in chapter.entries:
        yield Line(entry.term, entry.meaning)
    yield Line("")


def found_lines(all_pages: Iterable[Page], text: str) -> tuple[Line, ...]:
    """The lines of every page that hold a text, under the names of their pages."""
    wanted = text.casefold().strip()
    lines: list[Line] = []
    for page in all_pages:
        hits = [line for line in page.lines if line.told and line.holds(wanted)]
        if hits:
            lines += [Line(page.name), *hits, Line("")]
    return tuple(lines) or (Line("", "Nothing in the help holds that."),)


def page_text(lines: Iterable[Line], term_width: int, width: int) -> Content:
    """Lines as they are drawn: terms, and beside them what they mean, wrapped in its own column."""
    room = max(16, width - term_width - 3)
    return Content("\n").join(
        part for line in lines for part in _drawn(line, term_width, room, width)
    )


def _drawn(line: Line, term_width: int, room: int, width: int) -> Iterator[Content]:
    if not line.told:
        yield Content.styled(line.term, _HEADING)
    elif not line.term:
        yield from Content.styled(line.told, "$text-muted").wrap(max(16, width))
    else:
        first, *more = Content(line.told).wrap(room)
        if len(line.term) > term_width:
            yield Content.assemble((f"  {line.term}", _KEY)).truncate(width, ellipsis=True)
            more.insert(0, first)
        else:
            yield Content.assemble((f"  {line.term:<{term_width}}", _KEY), " ", first)
        yield from (Content.assemble(" " * (term_width + 3), part) for part in more)
