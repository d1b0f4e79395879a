"""Why a pair is rejected, from real records, on both engines."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from flowtui.demo.story import demo_truth
from flowtui.domain.evidence import AFTER_ACCEPT, AFTER_CLOSE, MOST_TALKS, PERHAPS_LATE, Case
from flowtui.domain.filterline import parse_filter
from flowtui.domain.judging import judge, judge_evidence
from flowtui.domain.verdicts import Verdict
from flowtui.domain.views import View
from flowtui.engines.local.engine import LocalEngine
from flowtui.library import load_library
from flowtui.session.asides import HeldBack
from flowtui.session.casefile import parts_of, written
from flowtui.session.counting import OnceCounted, count_once
from flowtui.session.explaining import Explained, Question, explain, question_of
from flowtui.session.session import Session
from tests.athena_server import AthenaServer
from tests.athena_server.demo_tables import LAKE_DATABASE, LAYOUTS
from tests.demo_sessions import (
    NOW,
    athena,
    athena_process,
    demo,
    demo_objects,
    demo_tables,
    local,
    over_table,
    remote,
)

__all__ = ["athena", "athena_process", "demo", "demo_objects", "demo_tables", "local", "remote"]

NEVER = threading.Event()
TRUTH = demo_truth()
DAY = "from:2026-11-23T00:00Z to:2026-11-24T00:00Z"


def asked(session: Session, a: str, b: str, ports: str = "", line: str = DAY) -> Explained:
    """The case of a pair."""
    question = Question(a, b, ports, parse_filter(line, now=NOW))
    found = explain(session, question, NEVER)
    assert isinstance(found, Explained)
    return found


def said(case: Case) -> dict[str, Verdict]:
    """Verdicts on the first talk, and on the evidence, by code."""
    first = judge(case.talks[0], case) if case.talks else ()
    return {verdict.code: verdict for verdict in (*first, *judge_evidence(case))}


def test_the_demos_database_client_is_cut_off(local: Session, remote: Session) -> None:
    """Request rejected at the database from 14:05 on, 595 records; both engines find the same."""
    for session in (local, remote):
        case = asked(session, TRUTH.database_client, TRUTH.database, "5432").case
        found = said(case)
        assert f"({TRUTH.cut_off_rejects} records)" in found["request-rejected"].sentence
        assert "from 2026-11-23T14:05:05Z" in found["request-changed"].sentence
        assert not {"response-rejected", "no-answer", "late-packets", "let-through"} & set(found)
        assert "not among these" in found["lost-records"].sentence
        assert "reject_reason" in found["missing-fields"].sentence
    assert asked(local, TRUTH.database_client, TRUTH.database, "5432").case.talks == case.talks


def test_the_demos_network_acl_rejects_responses(local: Session, remote: Session) -> None:
    """From 16:20 to 17:50; requests are accepted all the time."""
    for session in (local, remote):
        for client in TRUTH.acl_clients:
            case = asked(session, client, TRUTH.acl_server, str(TRUTH.acl_port)).case
            found = said(case)
            assert f"({TRUTH.acl.minutes} records)" in found["response-rejected"].sentence
            assert TRUTH.acl_interface in found["response-rejected"].sentence
            assert "from 2026-11-23T16:20" in found["response-changed"].sentence
            assert "from 2026-11-23T17:50" in found["response-changed"].sentence
            assert "request-rejected" not in found


def test_quoted_rows_are_there(local: Session) -> None:
    """Each quote opens as many records as it names."""
    records = load_library(None).records
    case = asked(local, TRUTH.acl_clients[0], TRUTH.acl_server, str(TRUTH.acl_port)).case
    verdicts = judge(case.talks[0], case)
    quotes = [quote for verdict in verdicts for quote in verdict.evidence]
    assert len(quotes) >= 4
    for quote in quotes:
        *_, last = local.run(local.compile(View(records, quote.filter)), NEVER)
        count = f"{last.rows_ready:,} record".replace(",", " ")
        assert f"· {count}" in quote.text


def test_the_leak_goes_through_a_nat_gateway(local: Session) -> None:
    """Let through both ways, and the gateway's interface named as in between."""
    found = said(asked(local, TRUTH.exfil_source, TRUTH.exfil_destination, "443").case)
    assert "let-through" in found
    assert "eni-" in found["in-between"].sentence
    assert "request-rejected" not in found


def test_a_scan_is_told_in_short(local: Session) -> None:
    """A thousand ports are not a thousand pages: some in full, the rest counted."""
    case = asked(local, TRUTH.scanner, TRUTH.scan_target).case
    parts = parts_of(case)
    titles = [part for part in parts if "→ 10.20.0.22:" in part.text and not part.filter]
    assert len([p for p in titles if p.tone.value == "title"]) == MOST_TALKS
    more = next(part.text for part in parts if part.text.startswith("and "))
    assert f"{TRUTH.scan_ports - MOST_TALKS:,}".replace(",", " ") in more
    count = f"{TRUTH.scan_ports:,}".replace(",", " ")
    assert parts[0].text.startswith(f"{count} conversations")
    assert f"request rejected {count}." in parts[0].text
    ports = [int(p.text.rpartition(":")[2].split()[0]) for p in titles if p.tone.value == "title"]
    assert ports == sorted(ports)


def test_a_pair_that_never_met(local: Session) -> None:
    """Nothing is claimed of it."""
    found = said(asked(local, "10.20.12.77", "10.99.0.1").case)
    assert "nothing-found" in found
    assert not {"request-rejected", "no-answer"} & set(found)


HOUR = "from:2026-11-23T14:00Z to:2026-11-23T15:00Z"
EARLY = "from:2026-11-23T01:00Z to:2026-11-23T02:00Z"
LAKE = f"{LAKE_DATABASE}.amazon_security_lake_table_eu_west_1_vpc_flow"


@pytest.mark.parametrize(
    ("table", "line", "expected"),
    [
        *((f"default.{table}", HOUR, "request-rejected") for table in LAYOUTS),
        (f"{LAKE}_1_0", EARLY, "let-through"),
        (f"{LAKE}_2_0", EARLY, "let-through"),
    ],
)
def test_every_layout_tells_the_same(
    demo_tables: AthenaServer, tmp_path: Path, table: str, line: str, expected: str
) -> None:
    """Classic, projected, Hive, Parquet and Security Lake; counting once too."""
    database, _, name = table.partition(".")
    session = over_table(name, tmp_path, database)
    filter = parse_filter(line, now=NOW)
    question = Question(TRUTH.database_client, TRUTH.database, "5432", filter)
    found = explain(session, question, NEVER, is_agreed=True)
    assert isinstance(found, Explained)
    assert expected in said(found.case)
    once = count_once(session, filter, NEVER, is_agreed=True)
    assert isinstance(once, OnceCounted)
    assert 0 < once.counted.seen.records < once.counted.kept.records
    session.close()


def test_athena_is_asked_once_and_under_the_guard(
    remote: Session, demo_tables: AthenaServer
) -> None:
    """One statement; asking again is free; without a time, a price must be agreed to."""
    asked(remote, TRUTH.database_client, TRUTH.database)
    asked(remote, TRUTH.database_client, TRUTH.database)
    assert len(demo_tables.ops("Athena.StartQueryExecution")) == 1
    held = explain(remote, Question(TRUTH.database_client, TRUTH.database), NEVER)
    assert isinstance(held, HeldBack)
    assert "every partition" in held.check.reason
    assert len(demo_tables.ops("Athena.StartQueryExecution")) == 1


def test_records_held_here_answer_and_what_they_do_not_tell_is_said(
    remote: Session, demo_tables: AthenaServer
) -> None:
    """No scan; SKIPDATA windows are not among records."""
    hour = "from:2026-11-23T16:00Z to:2026-11-23T16:30Z"
    view = View(load_library(None).records, parse_filter(hour, now=NOW))
    list(remote.run(remote.compile(view), NEVER, view=view))
    demo_tables.calls.clear()
    case = asked(remote, TRUTH.acl_clients[0], TRUTH.acl_server, line=hour).case
    assert not demo_tables.ops("Athena.StartQueryExecution")
    found = said(case)
    assert "response-rejected" in found
    assert "not known" in found["lost-records"].sentence


def test_only_where_to_look_is_taken_from_the_filter(local: Session) -> None:
    """Conditions on traffic would hide the other direction; time and place stay."""
    line = f"action:REJECT dstport:5432 region:eu-west-1 {DAY}"
    case = asked(local, TRUTH.database_client, TRUTH.database, line=line).case
    assert any(row.action == "ACCEPT" for row in case.talks[0].rows)
    nowhere = asked(local, TRUTH.database_client, TRUTH.database, line=f"region:x {DAY}").case
    assert not nowhere.talks


HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status"
)
T0 = 1795521600


def line(
    ports: str, start: int, end: int, action: str, flags: int | str = "", *, back: bool = False
) -> str:
    """A record between two hosts, as the server's interface writes it."""
    src, dst = ("10.0.0.2", "10.0.0.1") if back else ("10.0.0.1", "10.0.0.2")
    base = f"5 012345678901 eni-b {src} {dst} {ports} 6 3 180 {T0 + start} {T0 + end} {action} OK"
    return f"{base} {flags}".rstrip()


OPEN = line("4000 443", 0, 50, "ACCEPT", 2)
CLOSED = line("4000 443", 0, 50, "ACCEPT", 3)


def over(directory: Path, lines: list[str], has_flags: bool = True) -> Session:
    """A session over these records."""
    header = f"{HEADER} tcp-flags" if has_flags else HEADER
    (directory / "a.log").write_text("\n".join((header, *lines, "")))
    session = Session(LocalEngine(str(directory), name="made", cache_root=None))
    session.open()
    return session


@pytest.mark.parametrize(
    ("lines", "late"),
    [
        ([CLOSED, line("4000 443", 55, 55, "REJECT", 0)], AFTER_CLOSE),
        ([OPEN, line("4000 443", 55, 55, "REJECT", 4)], AFTER_ACCEPT),
        ([CLOSED, line("4000 443", 55, 55, "REJECT", 2)], 0),
        ([CLOSED, line("4000 443", 30, 30, "REJECT", 0)], 0),
        ([line("4001 443", 0, 50, "ACCEPT", 3), line("4000 443", 55, 55, "REJECT", 0)], 0),
        ([line("4000 443", 55, 55, "REJECT", 0), line("4000 443", 90, 99, "ACCEPT", 3)], 0),
        ([CLOSED, line("443 4000", 55, 60, "REJECT", 0, back=True)], AFTER_CLOSE),
    ],
    ids=["after FIN", "after ACCEPT", "a SYN again", "within", "other port", "before", "response"],
)  # fmt: skip
def test_late_is_told_by_the_conversation(tmp_path: Path, lines: list[str], late: int) -> None:
    """Only what has no SYN and comes after the last ACCEPT of the same ports is late."""
    session = over(tmp_path, lines)
    (talk,) = asked(session, "10.0.0.1", "10.0.0.2", line="").case.talks
    (rejected,) = [row for row in talk.rows if row.action == "REJECT"]
    assert rejected.late == late
    session.close()


def test_without_flags_late_is_perhaps(tmp_path: Path) -> None:
    """The default format does not tell a SYN: the verdict says which field is missing."""
    lines = [line("4000 443", 0, 50, "ACCEPT"), line("4000 443", 55, 55, "REJECT")]
    session = over(tmp_path, lines, has_flags=False)
    case = asked(session, "10.0.0.1", "10.0.0.2", line="").case
    assert {row.late for row in case.talks[0].rows} == {0, PERHAPS_LATE}
    found = said(case)
    assert "tcp_flags" in found["late-packets"].sentence
    assert "tcp_flags" in found["missing-fields"].sentence
    assert "flow_direction" in found["one-side"].sentence
    session.close()


def test_who_asks_is_told_by_the_syn(tmp_path: Path) -> None:
    """A service on a high port, asked from a lower one, however the pair was typed."""
    lines = [
        line("2000 60000", 0, 50, "ACCEPT", 2), line("60000 2000", 0, 50, "ACCEPT", 18, back=True),
        line("2000 60000", 60, 99, "ACCEPT", 0),
    ]  # fmt: skip
    session = over(tmp_path, lines)
    for pair in (("10.0.0.1", "10.0.0.2"), ("10.0.0.2", "10.0.0.1")):
        (talk,) = asked(session, *pair, line="").case.talks
        assert talk.title == "10.0.0.1 → 10.0.0.2:60000 TCP"
    session.close()


def test_a_host_that_refuses(tmp_path: Path) -> None:
    """SYN answered by RST alone; a RST after a handshake is no refusal."""
    refused = [
        line("4000 443", 0, 1, "ACCEPT", 2), line("443 4000", 0, 1, "ACCEPT", 4, back=True)
    ]  # fmt: skip
    session = over(tmp_path, refused)
    assert "refused" in said(asked(session, "10.0.0.1", "10.0.0.2", line="").case)
    session.close()
    closed = [
        line("4000 443", 0, 1, "ACCEPT", 2), line("443 4000", 0, 1, "ACCEPT", 22, back=True)
    ]  # fmt: skip
    session = over(tmp_path, closed)
    assert "let-through" in said(asked(session, "10.0.0.1", "10.0.0.2", line="").case)
    session.close()


def test_hostile_logs_stay_text(tmp_path: Path) -> None:
    """Escape sequences and markup in a log reach neither screen nor terminal as such."""
    bad = line("4000 443", 0, 1, "REJECT", 2).replace("eni-b", "\x1b]52;c;eA==\x07[bold]")
    session = over(tmp_path, [bad])
    text = "\n".join(map(written, parts_of(asked(session, "10.0.0.1", "10.0.0.2", line="").case)))
    assert "\x1b" not in text
    assert "\\x1b]52;c;eA==\\x07[bold]" in text
    session.close()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"srcaddr": "10.0.0.1", "dstaddr": "10.0.0.2"}, ("10.0.0.1", "10.0.0.2", "")),
        (
            {"srcaddr": "10.0.0.1", "dstaddr": "10.0.0.2", "dstport": 22},
            ("10.0.0.1", "10.0.0.2", "22"),
        ),
        (
            {"srcaddr": "10.0.0.2", "dstaddr": "10.0.0.1", "srcport": 443, "dstport": 4000},
            ("10.0.0.1", "10.0.0.2", "443"),
        ),
        (
            {"srcaddr": "10.0.0.1", "dstaddr": "10.0.0.2", "srcport": 200, "dstport": 60000,
             "tcp_flags": 2},
            ("10.0.0.1", "10.0.0.2", "60000"),
        ),
        (
            {"srcaddr": "10.0.0.2", "dstaddr": "10.0.0.1", "srcport": 60000, "dstport": 200,
             "tcp_flags": 18},
            ("10.0.0.1", "10.0.0.2", "60000"),
        ),
        (
            {"srcaddr": "2001:DB8::7", "dstaddr": "fd00::1", "srcport": 0, "dstport": 0},
            ("2001:db8::7", "fd00::1", ""),
        ),
        ({"srcaddr": "10.0.0.0/8", "dstaddr": "10.0.0.2"}, None),
        ({"srcaddr": None, "dstaddr": "10.0.0.2"}, None),
        ({"srcaddr": "10.0.0.1"}, None),
        ({"srcaddr": "x\x1b", "dstaddr": "10.0.0.2"}, None),
    ],
)  # fmt: skip
def test_what_a_row_asks(
    values: dict[str, str | int | None], expected: tuple[str, str, str] | None
) -> None:
    """Pairs, 5-tuples and responses; what is no pair of addresses asks nothing."""
    found = question_of(values, parse_filter("", now=NOW))
    assert (None if found is None else (found.a, found.b, found.ports)) == expected


@pytest.mark.parametrize("fields", [(), ("action",), ("interface-id",), ("interface-id", "action")])
def test_what_is_quoted_opens_whatever_the_format_leaves_out(
    tmp_path: Path, fields: tuple[str, ...]
) -> None:
    """Where logs name neither interface nor verdict, the filter of a quote does not either."""
    told = {"interface-id": "eni-1", "action": "ACCEPT"}
    head = "srcaddr dstaddr srcport dstport protocol packets bytes start end log-status"
    line = "10.0.0.1 10.0.0.2 40001 443 6 1 60 1795521600 1795521620 OK"
    lines = [[text, *more] for text, more in ((head, fields), (line, map(told.get, fields)))]
    (tmp_path / "a.log").write_text("\n".join(" ".join(map(str, one)) for one in lines) + "\n")
    session = Session(LocalEngine(str(tmp_path), name="few", cache_root=None))
    session.open()
    case = asked(session, "10.0.0.1", "10.0.0.2", line="").case
    quotes = [quote for verdict in judge(case.talks[0], case) for quote in verdict.evidence]
    for quote in quotes:
        statement = session.compile(View(load_library(None).records, quote.filter))
        *_, last = session.run(statement, NEVER)
        assert session.results(last).page(0, 9).total_rows == 1
    assert quotes
    session.close()
