"""SQL written on the screen over an Athena that runs it: checked and refused for nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flowtui.session.budget import Budget
from flowtui.ui.editor.screen import EditorScreen
from flowtui.ui.screens.ask_line import AskLine
from flowtui.ui.screens.confirm import ConfirmScreen
from flowtui.ui.screens.keep_form import KeepForm
from flowtui.ui.widgets.query_list import QueryList
from tests.athena_server import AthenaServer
from tests.ui.harness import Stage
from tests.ui.test_athena import athena, athena_process, flows, named, over_athena

__all__ = ["athena", "athena_process", "flows", "named"]


async def write(on: Stage, text: str) -> EditorScreen:
    """Open the editor, put a text in it, and wait until that is judged."""
    await on.press("e")
    await on.until(lambda: isinstance(on.app.screen, EditorScreen))
    screen = on.app.screen
    assert isinstance(screen, EditorScreen)
    screen.area.put(text)
    await on.until(lambda: screen.judging.current is not None)
    return screen


def started(server: AthenaServer) -> list[str]:
    """The statements that were started, in order."""
    return [str(call.request["QueryString"]) for call in server.ops("Athena.StartQueryExecution")]


async def test_typed_sql_is_explained_before_it_runs(flows: AthenaServer, tmp_path: Path) -> None:
    """EXPLAIN goes first, for nothing; then the statement, estimated and written down."""
    async with over_athena(tmp_path) as on:
        before = len(started(flows))
        await write(on, "SELECT dstport, count(*) AS n FROM flows GROUP BY dstport")
        await on.press("ctrl+r")
        await on.until(lambda: len(on.crumbs) == 2)
        await on.rows()
        explained, ran = started(flows)[before:]
        assert explained.startswith("EXPLAIN")
        assert ran in explained
        assert "GROUP BY" in ran
        await on.press("H")
        await on.until(lambda: "Top rejected pairs (edited)" in on.shown)


async def test_what_athena_does_not_take_costs_nothing_and_is_not_lost(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """Only EXPLAIN ran; the error is told, and `e` has the text again."""
    async with over_athena(tmp_path) as on:
        before = len(started(flows))
        spent = on.screen.session.spent if on.screen.session else Decimal(0)
        await write(on, "SELECT no_such_function(srcaddr) AS x FROM flows")
        await on.press("ctrl+r")
        await on.until(lambda: "no_such_function" in on.panel)
        (explained,) = started(flows)[before:]
        assert explained.startswith("EXPLAIN")
        assert on.screen.session is not None
        assert on.screen.session.spent == spent
        await on.press("e")
        await on.until(lambda: "no_such_function" in on.shown)


@pytest.mark.parametrize(
    "text",
    [
        "DROP TABLE flows",
        "INSERT INTO flows SELECT * FROM flows",
        "CREATE TABLE x AS SELECT * FROM flows",
        "UNLOAD (SELECT * FROM flows) TO 's3://x/' WITH (format='PARQUET')",
        "SELECT 1; DELETE FROM flows",
        "EXPLAIN ANALYZE DELETE FROM flows",
    ],
)
async def test_what_would_write_never_reaches_athena(
    text: str, flows: AthenaServer, tmp_path: Path
) -> None:
    """It is refused while it is typed, and again where it is run: no call, no money."""
    async with over_athena(tmp_path) as on:
        flows.calls.clear()
        screen = await write(on, text)
        await on.press("ctrl+r")
        assert on.app.screen is screen
        assert screen.said.startswith(("Refused", "Line"))
        assert started(flows) == []


async def test_the_guard_asks_about_money_as_always(flows: AthenaServer, tmp_path: Path) -> None:
    """Above the limit it is held back before it runs; EXPLAIN alone ran."""
    async with over_athena(
        tmp_path, budget=Budget(refuse_above=Decimal(0), ask_above=Decimal(0)), is_waited_for=False
    ) as on:
        await on.until(lambda: on.panel)
        before = len(started(flows))
        await write(on, "SELECT srcaddr FROM flows")
        await on.press("ctrl+r")
        await on.until(lambda: len(started(flows)) > before)
        await on.until(lambda: "would cost" in on.panel or "whole table" in on.panel)
        assert all(sql.startswith("EXPLAIN") for sql in started(flows)[before:])


async def test_a_finished_statement_runs_again_as_it_stands(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """Under the same filter, with bounds that do not move: the same rows."""
    async with over_athena(tmp_path, query="records") as on:
        assert on.screen.table.total_rows == 2
        await on.press("e")
        screen = on.app.screen
        assert isinstance(screen, EditorScreen)
        await on.until(lambda: screen.said)
        await on.press("ctrl+o")
        await on.until(lambda: screen.texts.is_finished)
        await on.press("ctrl+r")
        await on.until(lambda: len(on.crumbs) == 2)
        await on.rows()
        assert on.screen.table.total_rows == 2
        assert "from:" in on.filter_line


async def test_named_queries_are_worked_on_in_the_list(
    flows: AthenaServer, named: Any, tmp_path: Path
) -> None:
    """Edited and put in its place, given another title, copied, deleted; each asks first."""
    named("Theirs", "SELECT srcaddr FROM flows")
    client: Any = flows.client("athena")

    def there() -> dict[str, str]:
        ids = client.list_named_queries()["NamedQueryIds"]
        found = client.batch_get_named_query(NamedQueryIds=ids)["NamedQueries"] if ids else []
        return {query["Name"]: query["QueryString"] for query in found}

    async with over_athena(tmp_path) as on:
        listed = on.screen.query_one(QueryList)
        await on.until(lambda: any("Theirs" in str(option.prompt) for option in listed.options))
        await on.press("tab", "end", "e")
        await on.until(lambda: isinstance(on.app.screen, EditorScreen))
        screen = on.app.screen
        assert isinstance(screen, EditorScreen)
        assert screen.area.text == "SELECT srcaddr FROM flows"
        screen.area.put("SELECT dstaddr FROM flows")
        await on.press("ctrl+r")
        await on.until(lambda: on.crumbs[-1] == "Theirs (edited)")
        await on.rows()
        await on.press("W", "u")
        await on.until(lambda: isinstance(on.app.screen, KeepForm))
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        await on.press("y")
        await on.until(lambda: "Changed the named query" in on.note)
        (name,) = there()
        assert "dstaddr" in there()[name]
        screen_list = on.screen.query_one(QueryList)
        await on.press("tab") if not screen_list.has_focus else None
        await on.press("end", "n")
        await on.until(lambda: isinstance(on.app.screen, AskLine))
        await on.write(" two")
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        await on.press("y")
        await on.until(lambda: list(there()) == [f"{name} two"])
        await on.until(lambda: "Changed the named query" in on.note)
        await on.press("end", "d")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        await on.press("y")
        await on.until(lambda: not there())
    client.close()
