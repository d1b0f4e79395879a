"""Interfaces by name on the screen: beside addresses, in records, never in what is copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flowtui.domain.interfaces import InterfaceName
from flowtui.errors import CredentialsError
from flowtui.ui.table import ResultTable
from tests.scripted import ScriptedEngine
from tests.ui.harness import FACTS, NOW, stage, usual

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
        assert s.note == "Names of interfaces are not shown."


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
        assert s.note == "No names of interfaces are known here."


async def test_a_source_that_is_not_on_aws_asks_nobody() -> None:
    """A local source has no names, and no message about them."""
    async with stage() as s:
        await s.press("r")
        await s.rows()
        assert s.note == ""
