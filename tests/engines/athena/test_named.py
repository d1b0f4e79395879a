"""Named queries: read with few calls, kept, changed, deleted, and known for what they are."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.named import NamedQueries
from flowtui.engines.athena.published import known_faults, template_of
from flowtui.errors import CredentialsError
from tests.athena_server import AthenaServer

GO_ON = threading.Event()
SMALLEST = "SELECT a, sum(bytes) AS b FROM t GROUP BY a ORDER BY b LIMIT 50"


@pytest.fixture
def named(clients: AwsClients) -> NamedQueries:
    """The named queries of the group `primary`."""
    return NamedQueries(clients, TableAddress("logs", "flows"))


@pytest.fixture
def add(athena: AthenaServer) -> Any:
    """Makes a named query as someone else would."""
    client: Any = athena.client("athena")

    def create(
        name: str, sql: str = "SELECT 1", database: str = "logs", about: str = "about"
    ) -> str:
        answer = client.create_named_query(
            Name=name, QueryString=sql, Database=database, Description=about
        )
        return str(answer["NamedQueryId"])

    yield create
    client.close()


def test_fifty_are_read_with_two_calls_and_once(
    named: NamedQueries, add: Any, athena: AthenaServer
) -> None:
    """One list and one batch, and none when they are asked for again."""
    for number in range(50):
        add(f"q{number:02}", about="What it is for")
    assert [q.title for q in named.all(GO_ON)] == [f"q{n:02}" for n in range(50)]
    assert len(named.all(GO_ON)) == 50
    assert len(athena.ops("Athena.ListNamedQueries")) == 1
    assert len(athena.ops("Athena.BatchGetNamedQuery")) == 1


def test_more_than_fifty_come_page_by_page(named: NamedQueries, add: Any) -> None:
    """No query is left out where the list goes on."""
    for number in range(61):
        add(f"q{number:02}")
    assert len({q.slug for q in named.all(GO_ON)}) == 61


def test_one_stands_under_athena_with_what_is_known(named: NamedQueries, add: Any) -> None:
    """Name, description, text and id come along; another database is said."""
    id = add("Mine", "SELECT 2", about="Why")
    add("Other", database="elsewhere")
    mine, other = named.all(GO_ON)
    assert (mine.group, mine.title, mine.sql, mine.description) == (
        "Athena", "Mine", "SELECT 2", "Why",
    )  # fmt: skip
    assert mine.named_id == id
    assert "database elsewhere" in other.description


def test_what_is_kept_changed_and_deleted_is_so_on_athena(
    named: NamedQueries, athena: AthenaServer
) -> None:
    """The list here and the list there are the same after each."""
    named.all(GO_ON)
    named.create("A", "about", "SELECT 1")
    (kept,) = named.all(GO_ON)
    named.update(kept.named_id, "B", "new", "SELECT 2")
    (changed,) = named.all(GO_ON)
    assert (changed.title, changed.sql) == ("B", "SELECT 2")
    client: Any = athena.client("athena")
    there = client.get_named_query(NamedQueryId=kept.named_id)["NamedQuery"]
    assert (there["Name"], there["QueryString"], there["Database"]) == ("B", "SELECT 2", "logs")
    named.delete(kept.named_id)
    assert named.all(GO_ON) == ()
    assert client.list_named_queries()["NamedQueryIds"] == []
    client.close()


def test_throttling_is_waited_out(named: NamedQueries, add: Any, athena: AthenaServer) -> None:
    """A full quota delays the list and does not empty it."""
    add("q")
    athena.fault("Athena.BatchGetNamedQuery", code="ThrottlingException", message="slow", times=1)
    assert len(named.all(GO_ON)) == 1


def test_without_the_right_it_says_which(named: NamedQueries, athena: AthenaServer) -> None:
    """Denied is an error that names the action."""
    athena.fault(
        "Athena.ListNamedQueries", code="AccessDeniedException", status=400, times=9,
        message="not authorized to perform: athena:ListNamedQueries",
    )  # fmt: skip
    with pytest.raises(CredentialsError, match="denied") as caught:
        named.all(GO_ON)
    assert "athena:ListNamedQueries" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("VpcFlowLogsTopTalkers", "TopTalkers"),
        ("VpcFlowLogsTopTalkersPacketLevel", "TopTalkersPacketLevel"),
        ("fl0a1b-VpcFlowLogsTotalBytesTransferred-daily", "TotalBytesTransferred"),
        ("VPC Flow Logs SSH RDP traffic", "SshRdpTraffic"),
        ("Top talkers", ""),
        ("VpcFlowLogs", ""),
    ],
)
def test_generated_queries_are_known_by_name(name: str, template: str) -> None:
    """AWS's names are recognised with what is put around them; other names are not."""
    assert template_of(name) == template


@pytest.mark.parametrize(
    ("name", "sql", "said"),
    [
        ("VpcFlowLogsTotalBytesTransferred", SMALLEST, "smallest"),
        ("VpcFlowLogsTotalBytesTransferred", SMALLEST.replace("b LIMIT", "b DESC LIMIT"), "twice"),
        ("VpcFlowLogsAdminPortTraffic", "SELECT srcport, dstport FROM t", "no condition on ports"),
        ("VpcFlowLogsAdminPortTraffic", "SELECT a FROM t WHERE dstport IN (22)", ""),
        ("VpcFlowLogsAcceptedTraffic", "SELECT a FROM t WHERE action = 'ACCEPT'", ""),
        ("Totals", SMALLEST, ""),
    ],
)
def test_a_fault_is_said_where_the_text_has_it(name: str, sql: str, said: str) -> None:
    """The known mistakes are found in the text; a mended query is left alone."""
    faults = known_faults(name, sql)
    assert said in faults
    assert bool(faults) == bool(said)
    assert ("smallest" in faults) == (said == "smallest")
