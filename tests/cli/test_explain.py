"""`flowtui explain`, as typed."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from flowtui.cli.explain import end_of
from tests.cli.conftest import HEADER, Run, record


@pytest.fixture
def rejected(tmp_path: Path) -> str:
    """A directory with two rejected requests."""
    (tmp_path / "a.log").write_text(HEADER + record() + record(port=443))
    return str(tmp_path)


def test_verdicts_and_lanes_on_stdout(flowtui: Run, rejected: str) -> None:
    """Sentence, certainty, rows and what the default format cannot tell."""
    done = flowtui("explain", "10.0.0.1", "10.0.0.2:22", rejected)
    assert done.returncode == 0, done.stderr
    assert "10.0.0.1 → 10.0.0.2:22 TCP" in done.stdout
    assert "[likely] The request is rejected (1 record)" in done.stdout
    assert "› eni-0a REJECT 10.0.0.1 → 10.0.0.2:22 · 1 record" in done.stdout
    assert "flow_direction: at which end" in done.stdout
    assert ":443" not in done.stdout


def test_json_is_for_programs(flowtui: Run, rejected: str) -> None:
    """Codes, filters that open the rows, lanes."""
    done = flowtui("explain", "10.0.0.1", "10.0.0.2", rejected, "--json")
    found = json.loads(done.stdout)
    assert [talk["port"] for talk in found["talks"]] == [22, 443]
    verdict = found["talks"][0]["verdicts"][0]
    assert verdict["code"] == "request-rejected"
    assert "action:REJECT" in verdict["evidence"][0]["filter"]
    assert sum(found["talks"][0]["lanes"][0]["records"]) == 1


def test_sql_runs_nothing(flowtui: Run, rejected: str) -> None:
    """The statement, as it would run."""
    done = flowtui("explain", "10.0.0.1", "10.0.0.2", rejected, "--sql", "--since", "2026-01-01")
    assert done.stdout.startswith("WITH flows AS (")
    assert "'10.0.0.1'" in done.stdout


def test_rules_of_a_directory_are_no_failure(flowtui: Run, rejected: str) -> None:
    """What the records tell is printed; that rules cannot be asked is said beside."""
    done = flowtui("explain", "10.0.0.1", "10.0.0.2:22", rejected, "--rules")
    assert done.returncode == 0
    assert "Rules can be asked of AWS only" in done.stderr
    assert "The request is rejected" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("10.0.0.0/8", "10.0.0.2"), "is a network, not one address"),
        (("here", "10.0.0.2"), "Invalid value for SRC"),
        (("10.0.0.1", "10.0.0.2:x"), "Invalid value for DST"),
        (("10.0.0.1", "10.0.0.2:99999"), "ports end at 65535"),
        (("10.0.0.1", "'; DROP TABLE flows"), "Invalid value for DST"),
        (("10.0.0.1",), "Missing argument"),
    ],
)
def test_what_is_no_pair_is_refused(
    flowtui: Run, rejected: str, arguments: tuple[str, ...], words: str
) -> None:
    """With the argument that is wrong."""
    source = () if len(arguments) < 2 else (rejected,)
    done = flowtui("explain", *arguments, *source)
    assert done.returncode == 2
    assert words in done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.0.0.1", ("10.0.0.1", "")),
        ("10.0.0.1:443", ("10.0.0.1", "443")),
        ("10.0.0.1:ssh,8000-8999", ("10.0.0.1", "ssh,8000-8999")),
        ("2001:DB8::7", ("2001:db8::7", "")),
        ("[2001:db8::7]", ("2001:db8::7", "")),
        ("[2001:db8::7]:443", ("2001:db8::7", "443")),
        ("::1", ("::1", "")),
    ],
)
def test_an_end_as_typed(text: str, expected: tuple[str, str]) -> None:
    """IPv4, IPv6 with and without brackets, ports by number, name, range."""
    assert end_of(text) == expected


@pytest.mark.parametrize("text", ["", ":443", "10.0.0.1:", "[::1]:", "10.0.0.1:-1", "a:b"])
def test_an_end_that_is_none(text: str) -> None:
    """Refused, and nothing crashes."""
    with pytest.raises(click.BadParameter):
        end_of(text)


def test_rows_counted_once_are_labelled(flowtui: Run, rejected: str) -> None:
    """The note goes beside the rows, and never among them."""
    done = flowtui("records", rejected, "--filter", "once:on", "--format", "csv")
    assert done.returncode == 0
    assert "Counted once" in done.stderr
    assert "Counted once" not in done.stdout
    assert "Counted once" not in flowtui("records", rejected, "--format", "csv").stderr
