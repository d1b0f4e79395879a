"""Why a pair is rejected, by keyboard."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from flowtui.engines.local.engine import LocalEngine
from flowtui.session.budget import Budget
from flowtui.ui.screens.explain import ExplainScreen
from tests.athena_server import AthenaServer
from tests.athena_server.one_table import put_flows
from tests.scripted import Answer, ScriptedEngine
from tests.ui.harness import RECORD_COLUMNS, Stage, stage
from tests.ui.test_athena import HEADER as PLAIN_HEADER
from tests.ui.test_athena import LINE, athena, athena_process, flows, over_athena

__all__ = ["athena", "athena_process", "flows"]

HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status tcp-flags flow-direction"
)
T0 = 1795521600
ASKED = (
    "5 012345678901 eni-b 10.0.0.1 10.0.0.2 4000{n} 443 6 3 180 {start} {end} {action} OK 2 ingress"
)


def asked(n: int, action: str) -> str:
    """The n-th request, a minute each."""
    start = T0 + 60 * n
    return ASKED.format(n=n, start=start, end=start + 20, action=action)


@pytest.fixture
def cut_off(tmp_path: Path) -> ScriptedEngine:
    """Three requests let in, then four rejected."""
    lines = [asked(n, "ACCEPT" if n < 3 else "REJECT") for n in range(7)]
    (tmp_path / "a.log").write_text("\n".join((HEADER, *lines, "")))
    return cast("ScriptedEngine", LocalEngine(str(tmp_path), name="cut off", cache_root=None))


async def explained(on: Stage) -> None:
    """Press `E` and wait for the verdicts."""
    await on.press("E")
    await on.until(lambda: "The evidence" in written(on))


def written(on: Stage) -> str:
    """All that the screen lists, scrolled away or not."""
    screen = on.app.screen
    return "\n".join(p.text for p in screen._parts) if isinstance(screen, ExplainScreen) else ""


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("query", ["records", "top-rejected-pairs"])
async def test_a_pair_and_a_record_are_explained(
    cut_off: ScriptedEngine, query: str, size: tuple[int, int]
) -> None:
    """Verdict, certainty, quoted rows and lanes; from an aggregate row and from a record."""
    async with stage(engine=cut_off, query=query, size=size) as on:
        await explained(on)
        assert "Why rejected  10.0.0.1 → 10.0.0.2" in on.shown
        assert "[the records say so] The request is rejected (4 records)" in on.shown
        assert "SUCCEEDED" in on.shown
        assert "REJECT         4  ···████" in written(on)
        assert "Looked at: 10.0.0.1 and 10.0.0.2" in written(on)


async def test_enter_opens_the_quoted_rows_as_a_view(cut_off: ScriptedEngine) -> None:
    """The rows of the verdict, in the trail; q leads back to where E was pressed."""
    async with stage(engine=cut_off, query="top-rejected-pairs") as on:
        await explained(on)
        await on.press("j", "j", "enter")
        await on.rows()
        assert on.filter_line == (
            "srcaddr:10.0.0.1 dstaddr:10.0.0.2 dstport:443 protocol:tcp interface_id:eni-b "
            "action:REJECT from:2026-11-24T12:03Z to:2026-11-24T12:06:21Z"
        )
        assert on.screen.table.total_rows == 4
        assert on.crumbs[-1].startswith("10.0.0.1 → 10.0.0.2")
        await on.press("q")
        await on.rows()
        assert on.crumbs == ("Top rejected pairs",)


async def test_a_record_on_its_own_screen_is_explained_too(cut_off: ScriptedEngine) -> None:
    """`E` there as well; the pair is the record's."""
    async with stage(engine=cut_off, query="records") as on:
        await on.press("i")
        await explained(on)
        assert "Why rejected  10.0.0.1 → 10.0.0.2:443" in on.shown


async def test_it_is_copied_and_left(cut_off: ScriptedEngine) -> None:
    """`y` copies all of it as plain text; `T` turns the zone; `q` changes nothing."""
    async with stage(engine=cut_off, query="records") as on:
        await explained(on)
        await on.press("y")
        await on.until(lambda: bool(on.copies.texts))
        text, what = on.copies.texts[-1]
        assert what == "the explanation"
        assert "    › eni-b ingress REJECT 10.0.0.1 → 10.0.0.2:443 · 4 records" in text
        await on.until(lambda: "Sent the explanation" in on.shown)
        await on.press("T")
        assert "+09:00" in written(on)
        await on.press("q")
        assert on.crumbs == ("Records",)
        assert on.filter_line == ""


async def test_a_bound_of_the_filter_is_no_port_to_explain(cut_off: ScriptedEngine) -> None:
    """Under dstport>400 the pair is looked at on all its ports, not on port 400."""
    async with stage(engine=cut_off, query="pairs-by-bytes", filter_line="dstport>400") as on:
        await explained(on)
        assert "443" in written(on)
        assert "port 400" not in written(on)


async def test_a_row_without_a_pair_is_said() -> None:
    """Nothing opens, nothing runs."""
    async with stage(Answer(RECORD_COLUMNS[2:], ((1, 2, 6, 1, 60, 0, "REJECT", 2),))) as on:
        runs = len(on.engine.submitted)
        await on.press("E")
        assert "no pair of single addresses" in on.note
        assert len(on.engine.submitted) == runs


async def test_athena_answers_from_records_held_here(flows: AthenaServer, tmp_path: Path) -> None:
    """The records of the view are here: nothing is asked, and what they do not tell is said."""
    async with over_athena(tmp_path, query="records") as on:
        starts = len(flows.ops("Athena.StartQueryExecution"))
        await explained(on)
        assert len(flows.ops("Athena.StartQueryExecution")) == starts
        assert "held here" in written(on)


async def test_athena_waits_for_yes_above_the_budget(flows: AthenaServer, tmp_path: Path) -> None:
    """The price is told, Enter asks, once; a second E is answered from what is held."""
    async with over_athena(tmp_path) as on:
        assert on.screen.session is not None
        on.screen.session.budget = Budget(ask_above=Decimal(-1))
        starts = len(flows.ops("Athena.StartQueryExecution"))
        await on.press("E")
        await on.until(lambda: "Nothing has run yet" in on.shown)
        assert "Enter asks it." in on.shown
        assert len(flows.ops("Athena.StartQueryExecution")) == starts
        await on.press("enter")
        await on.until(lambda: "The evidence" in written(on))
        assert "The request is rejected" in written(on)
        assert len(flows.ops("Athena.StartQueryExecution")) == starts + 1
        await on.press("q")
        await explained(on)
        assert len(flows.ops("Athena.StartQueryExecution")) == starts + 1


async def test_rules_are_asked_of_aws_on_a_key(athena: AthenaServer, tmp_path: Path) -> None:
    """`R`: EC2 alone is asked, nothing is billed, and which rule matches now stands there."""
    ec2: Any = athena.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    made = ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress="10.0.0.9")
    ec2.close()
    interface = made["NetworkInterface"]["NetworkInterfaceId"]
    record = LINE.replace("eni-1", interface).replace("10.0.0.2", "10.0.0.9")
    put_flows(athena, PLAIN_HEADER, record)
    async with over_athena(tmp_path) as on:
        await explained(on)
        starts = len(athena.ops("Athena.StartQueryExecution"))
        await on.press("R")
        await on.until(lambda: "Rules as AWS has them now" in written(on))
        assert f"{interface} (server), security groups, inbound: REJECTED" in written(on)
        assert "request inbound: ALLOWED by rule 100 ALLOW all traffic" in written(on)
        assert "they may have changed since these records" in written(on)
        assert len(athena.ops("Athena.StartQueryExecution")) == starts


async def test_sentences_are_shown_to_their_end(cut_off: ScriptedEngine) -> None:
    """Paragraphs wrap; none ends in an ellipsis."""
    async with stage(engine=cut_off, query="records", size=(80, 60)) as on:
        await explained(on)
        shown = " ".join(on.shown.split())
        assert "in the rules or in what they are attached to." in shown
        assert "ModifyNetworkInterfaceAttribute." in shown


async def test_rules_of_a_directory_cannot_be_asked(cut_off: ScriptedEngine) -> None:
    """Said; what the records tell stays."""
    async with stage(engine=cut_off, query="records") as on:
        await explained(on)
        await on.press("R")
        await on.until(lambda: "Rules can be asked of AWS only" in on.shown)
        assert "The request is rejected" in written(on)
