"""Interfaces by name on the screen: beside addresses, in records, never in what is copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path

from flowtui.domain.interfaces import InterfaceName
from flowtui.domain.labels import LabelFile, Labels
from flowtui.domain.networknames import NetworkNames
from flowtui.errors import CredentialsError
from flowtui.ui.table import ResultTable
from tests.scripted import Answer, ScriptedEngine
from tests.ui.harness import FACTS, NOW, PAIR_COLUMNS, stage, usual

WEB = InterfaceName("10.0.1.20", "eni-1", "web-1", "instance", NOW, NOW)
EVIL = replace(WEB, key="203.0.113.9", name="[red]x\x1b[31m\n\u202e" + "y" * 500)


class Named(ScriptedEngine):
    """Knows some names, or may not."""

    known: Mapping[str, InterfaceName] = {one.key: one for one in (WEB, EVIL)}
    error: CredentialsError | None = None
    asked = 0

    def names(
        self, place: Callable[[str], Path], now: datetime
    ) -> Iterator[Mapping[str, InterfaceName]]:
        self.asked += 1
        if self.error:
            raise self.error
        yield self.known


def named() -> Named:
    """An engine over the usual rows."""
    return Named(usual, facts=FACTS, clock=lambda: NOW)


async def test_names_stand_beside_addresses_where_there_is_room() -> None:
    """On a wide terminal at once; on a narrow one when asked for; then nowhere; asked for once."""
    engine = named()
    async with stage(engine=engine, size=(160, 24)) as s:
        await s.until(lambda: "10.0.1.20 web-1" in " ".join(s.shown.split()))
        assert "[red]x␛[31m␊" in s.shown
        await s.press("r")
        await s.rows()
    assert engine.asked == 1
    async with stage(engine=named(), size=(80, 24)) as s:
        await s.until(lambda: s.screen.names.meaning("10.0.1.20"))
        assert "web-1" not in s.shown
        await s.press(".")
        assert "10.0.1.20" in s.shown
        assert "web-1" in s.shown
        await s.press(".")
        assert "web-1" not in s.shown
        assert s.note == "Names are not shown."


async def test_raw_values_and_copies_have_no_names() -> None:
    """`R` shows values alone; what is copied is the address."""
    async with stage(engine=named(), size=(160, 24)) as s:
        await s.until(lambda: "web-1" in s.shown)
        await s.press("l", "y", "c")
        await s.until(lambda: s.copies.texts)
        assert s.copies.texts[-1][0] == "10.0.1.20"
        await s.press("R")
        assert "web-1" not in s.shown


async def test_a_record_says_what_an_address_is() -> None:
    """With kind, and when that was seen: an address may have another owner by now."""
    async with stage(engine=named()) as s:
        await s.until(lambda: s.screen.names.meaning("10.0.1.20"))
        await s.press("i")
        table = s.app.screen.query_one(ResultTable)
        await s.until(lambda: table.row_at(1))
        row = table.row_at(1)
        assert row is not None
        assert row[1:] == (
            "10.0.1.20", "web-1, instance, seen 2026-11-24 10:42 UTC (private)"
        )  # fmt: skip


async def test_without_rights_everything_works() -> None:
    """Said once; rows, keys and records as ever."""
    engine = named()
    engine.error = CredentialsError("ec2:DescribeNetworkInterfaces is not allowed.")
    async with stage(engine=engine) as s:
        await s.until(lambda: "without names: ec2:DescribeNetworkInterfaces" in s.note)
        await s.press("r")
        await s.rows()
        assert engine.asked == 1
        await s.press(".")
        assert "labels.csv gives names" in s.note


async def test_a_source_that_is_not_on_aws_asks_nobody() -> None:
    """A local source has no names, and no message about them."""
    async with stage() as s:
        await s.press("r")
        await s.rows()
        assert s.note == ""


LABELS = Labels(
    NetworkNames(
        ((ip_network("10.0.1.20"), "front\x1b[31m[red]"), (ip_network("10.0.0.0/8"), "lab"))
    ),
    {22: "jump host"},
    aws=NetworkNames(((ip_network("203.0.113.0/24"), "AWS S3 eu-west-1"),)),
    files=(LabelFile("labels.csv", 4, 2, "line 3: not an address"),),
)


async def test_names_of_a_person_win_over_all_others() -> None:
    """Own names, then those of AWS's interfaces, then AWS's ranges; what is wrong is said."""
    async with stage(engine=named(), read_labels=lambda: LABELS, size=(160, 24)) as s:
        await s.until(lambda: "10.0.1.20 front␛[31m[red]" in " ".join(s.shown.split()))
        assert "10.0.1.21 lab" in " ".join(s.shown.split())
        assert "198.51.100.7 " in s.shown
        assert "203.0.113.10 AWS S3 eu-west-1" in " ".join(s.shown.split())
        assert "203.0.113.9 [red]x" in " ".join(s.shown.split())  # the interface's
        assert "labels.csv: line 3" in s.note


async def test_a_local_source_has_own_names_too() -> None:
    """Ports and addresses of records; a record says whose name it is."""
    async with stage(query="records", read_labels=lambda: LABELS, size=(200, 40)) as s:
        await s.until(lambda: "22 jump host" in " ".join(s.shown.split()))
        await s.press("enter")
        await s.until(lambda: "jump host (your labels) (ssh)" in " ".join(s.shown.split()))
        assert "front␛[31m[red] (your labels) (private)" in " ".join(s.shown.split())
        assert "AWS S3 eu-west-1 (documentation)" in " ".join(s.shown.split())


async def test_odd_ranges_are_named_without_any_file() -> None:
    """An address that one does not expect is told what it is, beside it."""
    row = ("169.254.169.254", "100.64.0.9", 1, 60, "REJECT")
    async with stage(lambda _s: Answer(PAIR_COLUMNS, (row,)), size=(160, 24)) as s:
        await s.until(lambda: "169.254.169.254 instance metadata" in " ".join(s.shown.split()))
        assert "100.64.0.9 shared (CGNAT)" in " ".join(s.shown.split())
