"""Every command of the screen, once: keys, words and help.

Bindings, footer, command palette, help screen and the README's key table are made from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import zip_longest
from typing import Final

from textual.binding import Binding


class Context(Enum):
    """Where a command works."""

    EVERYWHERE = "everywhere"
    TABLE = "table"
    """In every table; bound by the table itself."""
    EXPLORE = "explore"
    RECORD = "record"
    COPY = "copy"
    """After `y`."""
    KEEP = "keep"
    """After `W`."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a person can ask for."""

    id: str
    keys: tuple[str, ...]
    """As Textual names them; the first one is shown."""
    title: str
    """A few words, for the footer and the palette."""
    help: str
    group: str
    context: Context = Context.EXPLORE
    rank: int = 0
    """Place in the footer, from 1; 0: not there."""

    @property
    def shown_keys(self) -> tuple[str, ...]:
        """The keys as they are printed on a keyboard."""
        return tuple(map(shown_key, self.keys))


_T, _E, _R, _C, _K, _A = (
    Context.TABLE, Context.EXPLORE, Context.RECORD, Context.COPY, Context.KEEP, Context.EVERYWHERE,
)  # fmt: skip
_FIRST_KEYS: Final = {Context.COPY: "y", Context.KEEP: "W"}
"""What is pressed before the keys of a menu."""

COMMANDS: Final = (
    Command("table.down", ("j", "down"), "Down", "Next row", "Move", _T),
    Command("table.up", ("k", "up"), "Up", "Row before", "Move", _T),
    Command("table.left", ("h", "left"), "Left", "Column before", "Move", _T),
    Command("table.right", ("l", "right"), "Right", "Next column", "Move", _T),
    Command("table.page_down", ("space", "pagedown"), "Page down", "A page down", "Move", _T),
    Command("table.page_up", ("b", "pageup"), "Page up", "A page up", "Move", _T),
    Command("table.first_row", ("g", "home"), "First row", "First row", "Move", _T),
    Command("table.last_row", ("G", "end"), "Last row", "Last row", "Move", _T),
    Command("table.first_column", ("0",), "First column", "First column", "Move", _T),
    Command("table.last_column", ("$",), "Last column", "Last column", "Move", _T),
    Command("table.choose", ("enter",), "Drill in",
            "From a row to its records, from those to fields", "Move", _T, 4),
    Command("pane.next", ("tab",), "Other pane", "Between the list of queries and the table",
            "Move", _E),
    Command("query.choose", ("o",), "Queries", "Choose a saved query; type to search",
            "Ask", _E, 1),
    Command("filter.edit", ("f",), "Filter", "Edit the filters as one line", "Ask", _E, 2),
    Command("filter.form", ("a",), "Filter form", "Edit the filters in a form", "Ask", _E),
    Command("time.choose", ("t",), "Time", "Choose the time range", "Ask", _E, 3),
    Command("query.parameters", ("P",), "Parameters", "Set the parameters of the query",
            "Ask", _E),
    Command("query.run", ("r",), "Run again", "Run again, on the engine", "Ask", _E, 10),
    Command("query.cancel", ("x", "ctrl+c"), "Cancel",
            "Cancel on the engine; else stop reading files", "Ask", _E, 11),
    Command("filter.only", ("=",), "Only this", "Only records with the value under the cursor",
            "Narrow", _E, 6),
    Command("filter.not", ("!",), "Not this", "No records with the value under the cursor",
            "Narrow", _E, 7),
    Command("view.undo", ("u",), "Undo", "Undo the last change of the question", "Narrow", _E, 12),
    Command("view.redo", ("U",), "Redo", "Do it again", "Narrow", _E),
    Command("pair.flip", ("p",), "Other direction", "The same pair, the other direction",
            "Narrow", _E),
    Command("trail.back", ("q", "backspace", "escape"), "Back",
            "Out of the quick filter, else a view back; at the first, leave", "Go", _E, 5),
    Command("trail.step_back", ("[",), "Step back", "Back, and never out", "Go", _E),
    Command("trail.forward", ("]",), "Forward", "Forward again", "Go", _E),
    Command("trail.previous", ("-",), "Previous view", "The view seen before this one; toggles",
            "Go", _E),
    Command("table.search", ("/",), "Search", "Search in the rows", "Look", _E, 8),
    Command("table.search_next", ("n",), "Next match", "Next match", "Look", _E),
    Command("table.search_back", ("N",), "Match before", "Match before", "Look", _E),
    Command("table.filter", ("\\",), "Quick filter",
            "Of the loaded rows, those that hold a text; nothing is asked anew", "Look", _E, 17),
    Command("table.sort", ("s",), "Sort", "Sort by this column: up, down, as it came",
            "Look", _E, 13),
    Command("values.top", ("F",), "Top values",
            "The commonest values of this column; Enter only that, ! all but it", "Look", _E, 16),
    Command("record.open", ("i",), "All fields", "The row with every field explained", "Look", _E),
    Command("zone.toggle", ("T",), "UTC/local", "Times in UTC or in the local zone", "Look", _E),
    Command("table.raw", ("R",), "Raw values", "Codes and exact figures in place of names",
            "Look", _E),
    Command("names.toggle", (".",), "Names",
            "Names of interfaces: where there is room, always, never", "Look", _E),
    Command("sql.show", ("S",), "SQL", "The SQL of what is shown", "Look", _E, 14),
    Command("table.define", ("D",), "Table definition",
            "Athena: a partitioned table over the same files", "Look", _E),
    Command("source.left_out", ("L",), "Left out", "Input that could not be used, file by file",
            "Look", _E),
    Command("history.show", ("H",), "History", "What ran before: open it again, copy how",
            "Look", _E),
    Command("row.copy", ("y",), "Copy", "Copy; a second key says what", "Copy", _E, 9),
    Command("copy.cell", ("c",), "cell", "y c: the value under the cursor", "Copy", _C),
    Command("copy.row", ("r",), "row", "y r: the row, with its headings", "Copy", _C),
    Command("copy.page", ("p",), "page", "y p: the rows on the screen", "Copy", _C),
    Command("copy.all", ("a",), "all rows", "y a: every row of the result", "Copy", _C),
    Command("copy.sql", ("q",), "SQL", "y q: the SQL of what is shown", "Copy", _C),
    Command("rows.write", ("w",), "Write",
            "All rows to a file: CSV, TSV, JSON, NDJSON, Markdown, Parquet", "Copy", _E, 18),
    Command("query.keep", ("W",), "Keep", "Keep what is asked; a second key says how", "Keep", _E),
    Command("keep.file", ("f",), "as a file", "W f: as a saved query of your own", "Keep", _K),
    Command("keep.named", ("n",), "as a named query",
            "W n: as a named query of Athena's work group", "Keep", _K),
    Command("keep.update", ("u",), "in place of this named query",
            "W u: in place of the named query's SQL, after asking", "Keep", _K),
    Command("keep.delete", ("d",), "delete it", "W d: delete the named query, after asking",
            "Keep", _K),
    Command("record.next", ("l", "right"), "Next record", "In a record: the next one",
            "Record", _R, 2),
    Command("record.previous", ("h", "left"), "Record before", "In a record: the one before",
            "Record", _R, 1),
    Command("record.close", ("q", "backspace", "escape"), "Back", "Back to the table",
            "Record", _R, 3),
    Command("record.copy", ("y",), "Copy", "In a record: y c value, y r record, y q SQL",
            "Record", _R, 4),
    Command("app.help", ("?",), "Help", "All keys", "Flowtui", _A, 99),
    Command("app.palette", (":", "ctrl+p"), "Commands", "Find a command or saved query by name",
            "Flowtui", _A, 15),
    Command("app.quit", ("Q",), "Quit", "Leave; what runs is cancelled, or goes on on Athena",
            "Flowtui", _A),
)  # fmt: skip

_KEY_NAMES: Final = {
    "enter": "Enter", "space": "Space", "tab": "Tab", "escape": "Esc", "backspace": "Backspace",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pagedown": "PgDn", "pageup": "PgUp",
    "home": "Home", "end": "End", "delete": "Del",
    "slash": "/", "colon": ":", "question_mark": "?", "equals_sign": "=", "exclamation_mark": "!",
    "minus": "-", "backslash": "\\", "left_square_bracket": "[", "right_square_bracket": "]",
    "dollar_sign": "$",
}  # fmt: skip


def shown_key(key: str) -> str:
    """`Ctrl-C` for `ctrl+c`, `/` for `slash`."""
    if key.startswith("ctrl+"):
        return f"Ctrl-{shown_key(key.removeprefix('ctrl+')).upper()}"
    return _KEY_NAMES.get(key, key)


def commands_with(keys: Mapping[str, str]) -> tuple[Command, ...]:
    """The commands under a user's own keys: command id to keys, comma between several."""
    return tuple(
        replace(command, keys=tuple(key.strip() for key in keys[command.id].split(",")))
        if command.id in keys
        else command
        for command in COMMANDS
    )


def bindings(*contexts: Context) -> list[Binding]:
    """What a screen of these contexts binds; each key calls `action_command(id)`."""
    return [
        Binding(",".join(c.keys), f"command('{c.id}')", c.title, id=c.id, show=False)
        for c in COMMANDS
        if c.context in contexts
    ]


def keys_text(command: Command) -> str:
    """`q Backspace Esc`; in menus with the key before: `y c`, `W f`."""
    first = _FIRST_KEYS.get(command.context)
    keys = "  ".join(command.shown_keys)
    return f"{first} {keys}" if first else keys


def help_of(command: Command) -> str:
    """What a command does, as a sentence without its end."""
    first = _FIRST_KEYS.get(command.context, "")
    return command.help.removeprefix(f"{first} {command.shown_keys[0]}: ")


def key_table(commands: tuple[Command, ...] = COMMANDS) -> str:
    """The commands as a Markdown table, two in a row, for the README."""
    cells = [f"`{'` `'.join(keys_text(c).split('  '))}` | {_sentence(c)}" for c in commands]
    middle = (len(cells) + 1) // 2
    pairs = zip_longest(cells[:middle], cells[middle:], fillvalue=" | ")
    rows = [f"| {left} | {right} |" for left, right in pairs]
    return "\n".join(["| key | does | key | does |", "|---|---|---|---|", *rows])


def _sentence(command: Command) -> str:
    help = help_of(command)
    return help[0].upper() + help[1:]
