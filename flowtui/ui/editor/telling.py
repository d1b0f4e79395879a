"""What an editor says of its text: what it is, what applies to it, whether it can run, its keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from textual.content import Content

from flowtui.ui.commands import Command, Context
from flowtui.ui.editor.area import Mark, SqlArea
from flowtui.ui.editor.checking import Checked
from flowtui.ui.editor.sheet import Sheet
from flowtui.ui.widgets.line import plain

_WORD: Final = re.compile(r"\w+|\"[^\"]*\"?|'[^']*'?|\S")
_AT_LINE: Final = re.compile(r" at line \d+")
_STYLES: Final = {"": "dim", "good": "$text-success", "error": "bold $text-error"}


@dataclass(frozen=True, slots=True)
class Saying:
    """Something said under the text."""

    text: str
    tone: str = ""
    """`good`, `error`, or nothing special."""
    hint: str = ""

    @property
    def content(self) -> Content:
        """As it is drawn."""
        told = Content.styled(plain(self.text), _STYLES[self.tone])
        if self.hint:
            told = Content.assemble(told, "\n", (plain(self.hint), "dim"))
        return told


def judgement(checked: Checked) -> Saying:
    """Whether it can run; where it is wrong, and what to do."""
    if checked.error is not None:
        at = "Line {}, column {}: ".format(*checked.position) if checked.position else ""
        message = _AT_LINE.sub("", checked.error.message)
        return Saying(at + message, "error", checked.error.hint)
    asked = ", ".join(f":{p.name} ({p.type.value})" for p in checked.missing)
    notes = checked.statement.notes if checked.statement else ()
    text = f"It can run; it asks for {asked}." if asked else "It can run."
    return Saying(text, "good", " ".join(notes))


def heading(sheet: Sheet, *, is_finished: bool) -> Content:
    """What is edited."""
    what = "as it runs" if is_finished else "as its author wrote it"
    if sheet.path is not None:
        what = "the file"
    return Content.assemble(
        ("SQL ", "bold $text-primary"), (plain(sheet.heading), "bold"), f" · {what}"
    )


def applied(line: str, *, is_filtered: bool) -> Content:
    """Which filters apply to it; `line` has them."""
    if is_filtered:
        return Content.assemble(("Filters on ", "bold $text-success"), plain(line or "none is set"))
    return Content.assemble(
        ("Filters off ", "bold $text-warning"), "only what the SQL itself says applies"
    )


def keys(commands: Sequence[Command], *, is_text: bool) -> list[Command]:
    """The commands of the footer; the keys that work where the text has the others come first."""
    found = []
    for command in commands:
        if command.context is Context.EDITOR and command.rank:
            plain_keys = [key for key in command.keys if not key.startswith("ctrl+")]
            others = [f"^{k[-1].upper()}" for k in command.keys if k.startswith("ctrl+")]
            shown = (*others, *plain_keys) if is_text else (*plain_keys, *others)
            title = "Back" if command.id == "editor.leave" and not is_text else command.title
            found.append(replace(command, keys=shown, title=title))
    return found


def mark(area: SqlArea, position: tuple[int, int] | None) -> Mark | None:
    """The word at a place; the last one of the line where it lies behind that."""
    if position is None or not 0 < position[0] <= area.document.line_count:
        return None
    row, column = position[0] - 1, position[1] - 1
    line = area.document.get_line(row)
    found = _WORD.search(line, min(column, max(0, len(line) - 1)))
    return Mark(row, *found.span()) if found else Mark(row, 0, max(1, len(line)))
