"""The screen over an Athena that runs the SQL: money, named queries, and what ran before."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from textual import events
from textual.widgets import OptionList

from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.clients import AwsSettings
from flowtui.engines.athena.engine import AthenaEngine, AthenaOptions
from flowtui.library import load_library
from flowtui.session.budget import Budget
from flowtui.session.drafts import Drafts
from flowtui.session.history import History
from flowtui.session.session import Session
from flowtui.ui.app import FlowtuiApp
from flowtui.ui.screens.confirm import ConfirmScreen
from flowtui.ui.screens.keep_form import KeepForm
from flowtui.ui.setting import Setting
from flowtui.ui.widgets.banner import Banner
from flowtui.ui.widgets.line import Line
from flowtui.ui.widgets.query_list import QueryList
from flowtui.ui.widgets.status_title import StatusTitle
from tests.athena_server import AthenaServer
from tests.athena_server.fixtures import athena, athena_process
from tests.athena_server.one_table import put_flows
from tests.scripted import ScriptedEngine
from tests.ui.harness import Copies, Stage

__all__ = ["athena", "athena_process"]

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
SOURCE = "athena://default.flows"
HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status"
)
LINE = "2 012345678901 eni-1 10.0.0.1 10.0.0.2 40000 443 6 10 840 1795521600 1795521660 REJECT OK"


@pytest.fixture
def flows(athena: AthenaServer) -> AthenaServer:
    """The table `default.flows`, without partitions, over two records of 12:00."""
    put_flows(athena, HEADER, LINE, LINE.replace(" 443 ", " 22 ").replace("REJECT", "ACCEPT"))
    return athena


@pytest.fixture
def named(flows: AthenaServer) -> Any:
    """Makes a named query as someone else would."""
    client: Any = flows.client("athena")

    def create(name: str, sql: str) -> None:
        client.create_named_query(
            Name=name, QueryString=sql, Database="default", Description="What it is for"
        )

    yield create
    client.close()


@asynccontextmanager
async def over_athena(
    directory: Path,
    *,
    size: tuple[int, int] = (120, 40),
    budget: Budget = Budget(),  # noqa: B008 - frozen
    line: str = "last:1h",
    query: str = "",
    is_waited_for: bool = True,
    **chosen: Any,
) -> AsyncIterator[Stage]:
    """The application over the table; its files are in the directory."""
    engine = AthenaEngine(
        TableAddress("default", "flows"), AwsSettings(), results_root=directory / "results",
        options=AthenaOptions("s3://results/", 0),
    )  # fmt: skip
    queries = directory / "queries"
    copies = Copies()

    def opener(_cancelled: threading.Event, _tell: object) -> Session:
        session = Session(
            engine, clock=lambda: NOW, history=History(directory / "history.sqlite"),
            source=SOURCE, budget=budget,
        )  # fmt: skip
        session.open()
        return session

    setting = Setting(
        title=SOURCE, opener=opener, read_library=lambda: load_library(queries), copier=copies,
        filter_line=line, query=query, clock=lambda: NOW, queries=queries,
        drafts=Drafts(directory / "drafts"), **chosen,
    )  # fmt: skip
    app = FlowtuiApp(setting)
    heard: list[Any] = []
    try:
        async with app.run_test(size=size, message_hook=heard.append) as pilot:
            on = Stage(app, pilot, cast("ScriptedEngine", engine), copies, heard)
            if is_waited_for:
                await on.rows()
            yield on
    finally:
        app.runner.close(5)


def _starts(server: AthenaServer) -> int:
    return len(server.ops("Athena.StartQueryExecution"))


def _past(on: Stage) -> list[str]:
    """Rows of the history that is open."""
    listed = on.app.screen.query(OptionList)
    return [str(option.prompt) for option in listed.first().options] if listed else []


def _titles(on: Stage) -> list[str]:
    listed = on.screen.query_one(QueryList)
    return [str(option.prompt).strip() for option in listed.options]


async def test_money_stands_in_the_title(flows: AthenaServer, tmp_path: Path) -> None:
    """The sitting's sum and the day's, others' sittings in it, are there after each question."""
    history = History(tmp_path / "history.sqlite")
    async with over_athena(tmp_path) as on:
        title = on.screen.query_one(StatusTitle)
        await on.until(lambda: "session <$0.001 · today <$0.001" in title.render().plain)
        past = history.recent(1)[0]
        execution = on.screen.course.walk.answer.execution if on.screen.course.walk else None
        assert execution is not None
        history.record(execution, source="s", title="t", filter="", cost=Decimal("0.5"))
        assert past.query_id == execution.query_id
        await on.press("r")
        await on.until(lambda: "today $0.500" in title.render().plain)


async def test_the_estimate_stands_there_before_the_run(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """What it will read and cost is on the screen while Athena has not taken it yet."""
    flows.fault("Athena.StartQueryExecution", code="TooManyRequestsException", times=2, message="")
    async with over_athena(tmp_path, is_waited_for=False) as on:
        heard = on.heard
        await on.rows()
        kinds = [type(message).__name__ for message in heard]
        assert kinds.index("Estimated") < kinds.index("ExecutionChanged")


async def test_the_picker_says_what_a_query_would_cost(flows: AthenaServer, tmp_path: Path) -> None:
    """Under the list, for the query under the highlight; nothing runs for it."""
    async with over_athena(tmp_path) as on:
        before = _starts(flows)
        await on.press("o")
        await on.write("accepted pairs")
        await on.until(lambda: "sizes of 1 objects" in on.shown)
        assert "~ 205 B, <$0.001" in on.shown or "B, <$0.001 · sizes" in on.shown
        assert _starts(flows) == before


async def test_what_a_text_suggests_is_told_with_its_price(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """Pasted over the rows: the questions with what each would cost; nothing runs before Enter."""
    async with over_athena(tmp_path) as on:
        before = _starts(flows)
        on.screen.post_message(events.Paste("10.0.0.1:443"))
        await on.until(lambda: "Whom 10.0.0.1 talked to on port 443" in on.shown)
        await on.until(lambda: "$0.0" in str(on.app.screen.query_one("#price", Line).content))
        assert _starts(flows) == before
        await on.press("enter")
        await on.until(lambda: _starts(flows) == before + 1)


async def test_a_dear_question_is_asked_about_with_all_that_is_known(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """The dialog has bytes, money and on what they rest; no runs nothing."""
    budget = Budget(ask_above=Decimal(0))
    async with over_athena(tmp_path, budget=budget, is_waited_for=False) as on:
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        assert "sizes of 1 objects" in on.shown
        assert "<$0.001" in on.shown
        await on.press("n")
        await on.until(lambda: "Not run." in on.shown)
        assert _starts(flows) == 0
        await on.press("r")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        await on.press("y")
        await on.rows()
        assert _starts(flows) == 1


async def test_a_table_without_partitions_says_so_once(flows: AthenaServer, tmp_path: Path) -> None:
    """Over the first answer, and no more over the next."""
    async with over_athena(tmp_path) as on:
        banner = on.screen.query_one(Banner)
        await on.until(lambda: "no partitions" in banner.text)
        await on.press("enter")
        await on.until(lambda: len(on.crumbs) == 2)
        assert "no partitions" not in banner.text


async def test_named_queries_stand_beside_ours_and_run_under_the_filter(
    named: Callable[[str, str], None], flows: AthenaServer, tmp_path: Path
) -> None:
    """Under their own heading, read with two calls; the filter on the screen applies to them."""
    named("Ports", "SELECT dstport, count(*) AS n FROM flows GROUP BY dstport")
    async with over_athena(tmp_path, line="last:1h dstport:22", query="records") as on:
        await on.until(lambda: "Ports" in _titles(on))
        titles = _titles(on)
        assert titles.index("Athena") == titles.index("Ports") - 1
        assert len(flows.ops("Athena.ListNamedQueries")) == 1
        await on.press("o")
        await on.write("ports")
        await on.until(lambda: "What it is for" in on.shown)
        await on.press("enter")
        await on.until(lambda: on.crumbs[-1:] == ("Ports",))
        await on.rows()
        assert on.screen.table.total_rows == 1
        assert on.screen.table.row_at(0) == (22, 1)


async def test_a_generated_querys_fault_is_pointed_out(
    named: Callable[[str, str], None], tmp_path: Path
) -> None:
    """In the list before it runs, and over its rows."""
    sql = "SELECT srcaddr, sum(bytes) AS b FROM flows GROUP BY srcaddr ORDER BY b LIMIT 50"
    named("VpcFlowLogsTotalBytesTransferred", sql)
    async with over_athena(tmp_path) as on:
        await on.until(lambda: "VpcFlowLogsTotalBytesTransferred" in "".join(_titles(on)))
        await on.press("o")
        await on.write("totalbytes")
        await on.until(lambda: "Beware: It sorts upwards" in on.shown)
        await on.press("enter")
        await on.until(lambda: "smallest" in on.screen.query_one(Banner).text)


async def test_without_the_right_to_list_named_queries_it_says_so(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """One note that names the right; everything else works."""
    flows.fault(
        "Athena.ListNamedQueries", code="AccessDeniedException", status=400, times=9,
        message="not authorized to perform: athena:ListNamedQueries",
    )  # fmt: skip
    async with over_athena(tmp_path) as on:
        await on.until(lambda: "athena:ListNamedQueries" in on.note)
        assert "● SUCCEEDED" in on.shown
        assert "Athena" not in _titles(on)


async def test_history_lists_ours_and_theirs_with_money(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """State, age, time, bytes, money and what it was; the sums under it."""
    flows.run("SELECT 'theirs'")
    async with over_athena(tmp_path) as on:
        await on.press("H")
        await on.until(lambda: "SELECT 'theirs'" in on.shown)
        (ours,) = [line for line in _past(on) if "Top rejected pairs" in line]
        assert "SUCCEEDED" in ours
        assert "<$0.001" in ours
        assert "session <$0.001 · today <$0.001" in str(
            on.app.screen.query_one("#sums", Line).render()
        )
        await on.press("slash")
        await on.write("theirs")
        await on.press("enter")
        await on.until(lambda: len(_past(on)) == 1)


async def test_an_execution_is_opened_again_without_a_scan(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """In another sitting, its rows come by id, and one can drill on from them as before."""
    async with over_athena(tmp_path) as on:
        pass
    async with over_athena(tmp_path, query="timeline") as on:
        before = _starts(flows)
        await on.press("H")
        await on.until(lambda: "Top rejected pairs" in "".join(_past(on)))
        await on.press("slash")
        await on.write("rejected")
        await on.press("enter")
        await on.press("enter")
        await on.until(lambda: on.crumbs[-1:] == ("Top rejected pairs",))
        await on.rows()
        assert on.screen.table.total_rows == 1
        assert "nothing scanned now" in on.shown
        assert _starts(flows) == before
        await on.press("enter")
        await on.until(lambda: len(on.crumbs) == 3)
        await on.rows()
        assert on.screen.table.total_rows == 1


async def test_an_execution_is_run_again_where_that_is_asked(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """`r` asks the engine anew, in the same bounds of time, though its rows are still there."""
    async with over_athena(tmp_path) as on:
        before = _starts(flows)
        await on.press("H")
        await on.until(lambda: "Top rejected pairs" in "".join(_past(on)))
        await on.press("r")
        await on.until(lambda: _starts(flows) == before + 1)
        await on.rows()
        assert on.crumbs[-1] == "Top rejected pairs"
        assert on.filter_line.startswith("from:")


async def test_what_others_ran_is_opened_too(flows: AthenaServer, tmp_path: Path) -> None:
    """SQL that we have never seen shows its rows, even where we cannot read it."""
    flows.run("SHOW TABLES IN default")
    flows.run("SELECT 'theirs' AS t, map(ARRAY['k'], ARRAY[1]) AS m")
    async with over_athena(tmp_path) as on:
        before = _starts(flows)
        await on.press("H")
        await on.until(lambda: "SELECT 'theirs'" in on.shown)
        await on.press("slash")
        await on.write("theirs")
        await on.press("enter")
        await on.press("enter")
        await on.until(lambda: len(on.crumbs) == 2)
        await on.rows()
        row = on.screen.table.row_at(0)
        assert row is not None
        assert row[0] == "theirs"
        assert _starts(flows) == before


async def test_the_command_line_is_copied(flows: AthenaServer, tmp_path: Path) -> None:
    """`y` gives what to type in a shell for the same rows."""
    async with over_athena(tmp_path) as on:
        execution = on.screen.course.walk.answer.execution if on.screen.course.walk else None
        assert execution is not None
        await on.press("H")
        await on.until(lambda: "Top rejected pairs" in "".join(_past(on)))
        await on.press("y")
        await on.until(lambda: on.copies.texts)
        text, what = on.copies.texts[-1]
        assert text == f"flowtui query --attach {execution.query_id} {SOURCE}"
        assert what == "the command line"


async def test_history_without_the_right_to_list_has_ours(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """It says what is missing beside what there is."""
    flows.fault(
        "Athena.ListQueryExecutions", code="AccessDeniedException", status=400, times=9,
        message="not authorized to perform: athena:ListQueryExecutions",
    )  # fmt: skip
    async with over_athena(tmp_path, size=(180, 40)) as on:
        await on.press("H")
        await on.until(lambda: "Access denied" in on.shown)
        assert "Top rejected pairs" in "".join(_past(on))


async def test_what_is_asked_is_kept_as_a_file_and_listed_at_once(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """The file holds the query and its filter, is under Mine, and runs for any time."""
    async with over_athena(tmp_path, line="last:1h dstport:22", query="records") as on:
        await on.press("W", "f")
        await on.until(lambda: isinstance(on.app.screen, KeepForm))
        await on.press(*["backspace"] * len("Records"))
        await on.write("SSH [b]only")
        await on.press("enter")
        await on.until(lambda: "SSH [b]only" in _titles(on))
        path = tmp_path / "queries" / "ssh-b-only.sql"
        assert str(path) in on.note
        saved = load_library(tmp_path / "queries").get("ssh-b-only")
        assert (saved.title, saved.group) == ("SSH [b]only", "Mine")
        await on.press("o")
        await on.write("ssh [b]")
        await on.press("enter")
        await on.until(lambda: on.crumbs[-1:] == ("SSH [b]only",))
        await on.rows()
        assert on.screen.table.total_rows == 1


async def test_a_file_is_not_written_over_unasked(flows: AthenaServer, tmp_path: Path) -> None:
    """No leaves it as it was; yes writes."""
    path = tmp_path / "queries" / "timeline-mine.sql"
    path.parent.mkdir()
    path.write_text("SELECT 1")
    async with over_athena(tmp_path, query="timeline") as on:
        for key, is_written in (("n", False), ("y", True)):
            await on.press("W", "f")
            await on.until(lambda: isinstance(on.app.screen, KeepForm))
            await on.press("enter")
            await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
            await on.press(key)
            said = "Kept in" if is_written else "Nothing was written"
            await on.until(lambda said=said: said in on.note)  # type: ignore[misc]
            assert (path.read_text() != "SELECT 1") is is_written


async def test_a_named_query_is_kept_changed_and_deleted(
    flows: AthenaServer, tmp_path: Path
) -> None:
    """Each is so on Athena and in the list; changing and deleting ask first."""
    client: Any = flows.client("athena")

    def there() -> list[str]:
        ids = client.list_named_queries()["NamedQueryIds"]
        found = client.batch_get_named_query(NamedQueryIds=ids)["NamedQueries"] if ids else []
        return [query["Name"] for query in found]

    async with over_athena(tmp_path) as on:
        await on.press("W", "n")
        await on.until(lambda: isinstance(on.app.screen, KeepForm))
        await on.press("enter")
        await on.until(lambda: "Kept as the named query" in on.note)
        assert there() == ["Top rejected pairs"]
        assert _titles(on)[-2:] == ["Athena", "Top rejected pairs"]
        await on.press("tab", "G", "end", "enter")
        await on.until(lambda: len(on.crumbs) == 2)
        await on.rows()
        assert on.screen.table.total_rows == 1
        await on.press("W", "u")
        await on.until(lambda: isinstance(on.app.screen, KeepForm))
        await on.write(" 2")
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        assert there() == ["Top rejected pairs"]
        await on.press("y")
        await on.until(lambda: "Changed the named query" in on.note)
        assert there() == ["Top rejected pairs 2"]
        await on.press("W", "d")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        await on.press("n")
        await on.until(lambda: "Nothing was changed" in on.note)
        await on.press("W", "d")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        await on.press("y")
        await on.until(lambda: "Deleted the named query" in on.note)
        assert there() == []
        assert "Athena" not in _titles(on)
    client.close()
