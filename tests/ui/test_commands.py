"""The registry: what it declares is bound, offered, documented, and does something."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.screen import Screen

from flowtui.ui.actions import ACTIONS
from flowtui.ui.commands import COMMANDS, Command, Context, commands_with, key_table, shown_key
from flowtui.ui.screens.explore import ExploreScreen
from flowtui.ui.screens.record import RecordScreen
from flowtui.ui.table import ResultTable
from tests.ui.harness import stage

README = Path(__file__).parents[2] / "README.md"
MULTIPLEXERS = ("ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+z", "ctrl+h", "ctrl+i", "ctrl+m",
                "ctrl+j", "~")  # fmt: skip


def test_ids_are_unique() -> None:
    """Each command has an id of its own."""
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)


def test_each_command_of_the_screen_does_something() -> None:
    """Every id has an action, and every action an id; tables and records bind their own."""
    elsewhere = {
        c.id
        for c in COMMANDS
        if c.context in (Context.RECORD, Context.EDITOR)
        or (c.context is Context.TABLE and c.id != "table.choose")
    }
    assert set(ACTIONS) == {command.id for command in COMMANDS} - elsewhere


@pytest.mark.parametrize(
    "contexts",
    [
        (Context.EXPLORE, Context.TABLE, Context.EVERYWHERE),
        (Context.RECORD, Context.EVERYWHERE),
        (Context.EDITOR, Context.EVERYWHERE),
        (Context.LIST, Context.EVERYWHERE),
        (Context.COPY,),
        (Context.KEEP,),
    ],
    ids=lambda contexts: contexts[0].value,
)
def test_no_key_means_two_things_at_once(contexts: tuple[Context, ...]) -> None:
    """Commands that work at the same time share no key."""
    together = [command for command in COMMANDS if command.context in contexts]
    for one, other in combinations(together, 2):
        assert not set(one.keys) & set(other.keys), (one.id, other.id)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_each_command_has_a_key_that_passes_two_multiplexers(command: Command) -> None:
    """An unmodified key, or a title to type after `:`; none that terminals or multiplexers take."""
    assert (command.title and not command.keys) or any("+" not in key for key in command.keys)
    assert not any(key.startswith(("f1", "f2", "f5", "alt+")) for key in command.keys)
    assert not set(command.keys) & set(MULTIPLEXERS)


@pytest.mark.parametrize(
    ("screen", "context"),
    [(ExploreScreen, Context.EXPLORE), (RecordScreen, Context.RECORD)],
    ids=["explore", "record"],
)
def test_screens_bind_what_is_declared(screen: type[Screen[object]], context: Context) -> None:
    """Each command of a screen is bound there, under its id."""
    bound = {b.id: b.key for b in screen.BINDINGS if isinstance(b, Binding) and b.id}
    wanted = {
        command.id: ",".join(command.keys)
        for command in COMMANDS
        if command.context in (context, Context.EVERYWHERE) and command.keys
    }
    assert bound == wanted


def test_the_table_binds_what_is_declared() -> None:
    """The table's own keys are those that help and README tell."""
    bound = {b.id: set(b.key.split(",")) for b in ResultTable.BINDINGS if isinstance(b, Binding)}
    assert bound == {c.id: set(c.keys) for c in COMMANDS if c.context is Context.TABLE}


def test_the_readme_tells_the_keys() -> None:
    """The table in the README is the one made from the registry."""
    text = README.read_text()
    told = text.partition("<!-- keys -->")[2].partition("<!-- /keys -->")[0]
    assert told.strip() == key_table().strip()


def test_keys_read_as_on_a_keyboard() -> None:
    """Names of keys are shown by what stands on them."""
    assert [shown_key(k) for k in ("ctrl+p", "pagedown", "/", "left")] == [
        "Ctrl-P",
        "PgDn",
        "/",
        "←",
    ]


async def test_a_users_own_keys_take_the_place_of_ours() -> None:
    """A key from the settings works, the old one does not, and the footer shows the new one."""
    async with stage(keys={"query.choose": "O"}) as on:
        assert "O Queries" in on.footer
        await on.press("o")
        assert len(on.app.screen_stack) == 1
        await on.press("O")
        assert len(on.app.screen_stack) == 2


def test_own_keys_change_only_what_they_name() -> None:
    """All other commands stay as they are."""
    changed = commands_with({"query.run": "r, R"})
    assert [c for c in changed if c not in COMMANDS] == [
        next(c for c in changed if c.id == "query.run")
    ]
    assert next(c for c in changed if c.id == "query.run").keys == ("r", "R")
