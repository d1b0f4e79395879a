"""The ticket block: nothing that it holds can leave its place, and nothing is left unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from flowtui.domain.executions import Column, QueryExecution, QueryState, Row, Statement
from flowtui.domain.times import TimeRange
from flowtui.session.anonymise import LABEL, Anonymiser
from flowtui.session.copytext import one_line, plain
from flowtui.session.formats import Taken
from flowtui.session.formats.ticket import Ticket, hidden_by, incomplete, ticket_text

NOW = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
TIME = TimeRange(datetime(2026, 11, 24, 9, 42, tzinfo=UTC), NOW)
COLUMNS = (Column("srcaddr", "varchar"), Column("bytes", "bigint"))
READ = MarkdownIt("commonmark").enable("table")
RUN = QueryExecution(
    "1", Statement("SELECT 1"), QueryState.SUCCEEDED, NOW, scanned_bytes=1_200_000_000,
    cost=Decimal("0.006"), is_complete=True, query_id="0f6c2b1e",
)  # fmt: skip


def ticket(**chosen: object) -> Ticket:
    """A ticket of two hours on Athena."""
    given = Ticket("Top pairs", "Rows 1-1 of 1 row.", "action:REJECT", "athena://logs.flows",
                   Statement("SELECT 1", time=TIME), RUN, made=NOW)  # fmt: skip
    return replace(given, **chosen)  # type: ignore[arg-type]


def block(ticket: Ticket, *rows: Row) -> str:
    """Its text."""
    return ticket_text(ticket, Taken(COLUMNS, rows)).text


def fences(text: str) -> list[tuple[str, str]]:
    """Language and content of each fenced block, as a reader of CommonMark finds them."""
    return [(token.info, token.content) for token in READ.parse(text) if token.type == "fence"]


@given(st.text(min_size=1), st.text(), st.text())
def test_code_stays_in_its_fence(sql: str, title: str, cell: str) -> None:
    """Whatever SQL, title and cells hold, a reader of Markdown finds the SQL in one fence."""
    made = ticket(title=title, statement=Statement(sql), commands=("flowtui query - demo",))
    found = fences(block(made, (cell, 1)))
    wanted = plain(sql).strip()
    assert found == [("sql", f"{wanted}\n"), ("sh", "flowtui query - demo\n")]


@given(st.text(), st.text())
def test_filter_and_source_are_shown_as_they_are(filter: str, source: str) -> None:
    """Backticks and markup in them are shown, not followed."""
    text = block(ticket(filter=filter, source=source), ("10.0.0.1", 1))
    codes = [
        child.content for token in READ.parse(text) if token.type == "inline"
        for child in token.children or () if child.type == "code_inline"
    ]  # fmt: skip
    shown = [one_line(t) for t in (source, filter) if one_line(t).strip() and t]
    found = [code for code in codes if code != RUN.query_id]
    assert [code.strip() for code in found if code.strip()] == [t.strip() for t in shown]


@given(st.lists(st.tuples(st.text(), st.integers()), min_size=1, max_size=4))
def test_the_table_has_a_row_for_each_row(rows: list[tuple[str, int]]) -> None:
    """No cell ends its row or begins another one."""
    kinds = [token.type for token in READ.parse(block(ticket(), *rows))]
    assert kinds.count("tr_open") == len(rows) + 1
    assert kinds.count("td_open") == 2 * len(rows)


def test_the_bill_and_the_bounds_are_in_it() -> None:
    """Execution id, bytes, money, and the range in UTC."""
    text = block(ticket(warnings=("Totals are floors",)), ("10.0.0.1", 1))
    assert "- Execution: `0f6c2b1e`, SUCCEEDED, submitted 2026-11-24T10:42Z, scanned 1.2 GB, " \
        "$0.006\n" in text  # fmt: skip
    assert "- Time: 2026-11-24T09:42Z to 2026-11-24T10:42Z (UTC" in text
    assert "- **Mind:** Totals are floors\n" in text


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (replace(RUN, is_attached=True), "ran earlier"),
        (replace(RUN, is_reused=True), "reused an earlier result"),
        (replace(RUN, is_from_store=True), "from records held here"),
        (replace(RUN, cost=None), "nothing is billed"),
    ],
)
def test_what_cost_nothing_is_said_to(run: QueryExecution, said: str) -> None:
    """No bytes and no money are told where none were spent."""
    text = block(ticket(execution=run), ("10.0.0.1", 1))
    assert said in text
    assert "1.2 GB" not in text


def test_rows_of_a_run_that_was_stopped_are_said_to_be() -> None:
    """What had arrived is not passed off as all there is."""
    assert incomplete(RUN) == ""
    assert "CANCELLED" in incomplete(replace(RUN, state=QueryState.CANCELLED))
    assert "RUNNING" in incomplete(replace(RUN, state=QueryState.RUNNING, is_complete=False))


def test_an_anonymised_ticket_tells_nobody_and_says_so() -> None:
    """Title, filter, SQL and command line are changed as the rows are."""
    address = "203.0.113.9"
    told = ticket(
        title=f"{address} → x", filter=f"src:{address}", commands=(f"--filter=src:{address}",),
        statement=Statement(f"SELECT '{address}'"), warnings=(f"note of {address}",),
    )  # fmt: skip
    text = block(hidden_by(Anonymiser(bytes(32)), told), ("-", 1))
    assert address not in text
    assert text.count(Anonymiser(bytes(32)).text(address)) == 5
    assert LABEL in text


def test_all_there_is_has_its_bounds() -> None:
    """Where nothing limits the time, the block tells from when to when the records reach."""
    data = TimeRange(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC))
    made = ticket(statement=Statement("SELECT 1"), extent_of_data=data)
    text = block(made, ("10.0.0.1", 1))
    assert "Time: all there is: 2026-11-23T00:00Z to 2026-11-24T00:00Z (UTC" in text
