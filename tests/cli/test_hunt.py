"""`flowtui hunt` as a script and a person use it: pages, formats, prices, exit codes."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import HEADER, Run, record

SCAN = "".join(
    f"2 012345678901 eni-0a 203.0.113.9 10.0.0.2 50000 {port} 6 1 44 1764000000 {1764000000 + port}"
    " REJECT OK\n"
    for port in range(1, 101)
)


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    """A directory with a scan of a hundred ports, in the default format."""
    directory = tmp_path / "scanned"
    directory.mkdir()
    (directory / "a.log").write_text(HEADER + SCAN)
    return directory


@pytest.mark.parametrize(
    ("least", "code"), [("info", 5), ("medium", 5), ("high", 0), ("critical", 0)]
)
def test_the_exit_code_tells_whether_anything_was_found(
    flowtui: Run, scanned: Path, least: str, code: int
) -> None:
    """5 for a finding of that severity or above, else 0."""
    done = flowtui("hunt", str(scanned), "--min-severity", least)
    assert done.returncode == code
    assert len(list(csv.DictReader(StringIO(done.stdout)))) == (code == 5)


def test_findings_are_rows_for_scripts(flowtui: Run, scanned: Path) -> None:
    """Who, evidence with its threshold, technique and times, in each format."""
    done = flowtui("hunt", str(scanned), "--format", "json")
    (found,) = json.loads(done.stdout)
    assert (found["severity"], found["query"]) == ("medium", "vertical-scan")
    assert found["who"] == "203.0.113.9 → 10.0.0.2"
    assert found["evidence"].startswith("100 ports of 10.0.0.2 in 100 s: 100 records rejected")
    assert found["technique"] == "T1046 Network Service Discovery"
    assert found["strength"] == 5.0
    done = flowtui("hunt", str(scanned), "--format", "ndjson")
    assert json.loads(done.stdout) == found
    assert "This source cannot tell: SYN floods" in done.stderr


def test_a_page_for_people_and_one_for_tickets(flowtui: Run, scanned: Path, tmp_path: Path) -> None:
    """Text on stdout, Markdown in a file by its suffix."""
    done = flowtui("hunt", str(scanned), "--format", "table")
    assert "MEDIUM   Port scans: 203.0.113.9 → 10.0.0.2\n" in done.stdout
    page = tmp_path / "page.md"
    done = flowtui("hunt", str(scanned), "--output", str(page))
    assert (done.returncode, done.stdout) == (5, "")
    assert "| medium | Port scans | 203.0.113.9 → 10.0.0.2 |" in page.read_text()


def test_nothing_found_is_said_and_is_0(flowtui: Run, logs: Path) -> None:
    """A heading, and exit code 0."""
    done = flowtui("hunt", str(logs), "--format", "markdown")
    assert done.returncode == 0
    assert "Nothing was found." in done.stdout


def test_a_detection_of_ones_own_that_is_wrong_fails_alone(
    flowtui: Run, home: dict[str, str], logs: Path, scanned: Path
) -> None:
    """With findings of others the code is 5; without any it is 1: nobody may call that safe."""
    own = Path(home["XDG_CONFIG_HOME"]) / "flowtui" / "queries" / "own.sql"
    own.parent.mkdir(parents=True, exist_ok=True)
    head = '-- [detection]\n-- severity = "low"\n-- evidence = "x"\n-- who = ["srcaddr"]\n'
    own.write_text(f"{head}\nSELECT srcaddr, nothing_of_that_name FROM flows")
    try:
        for place, code in ((scanned, 5), (logs, 1)):
            done = flowtui("hunt", str(place))
            assert done.returncode == code
            assert "Failed, so nothing is known of: Own." in done.stderr
            assert "nothing_of_that_name" in done.stderr
    finally:
        own.unlink()


def test_a_dry_run_asks_nothing(flowtui: Run, logs: Path) -> None:
    """It tells how many detections there are, and ends."""
    done = flowtui("hunt", str(logs), "--dry-run")
    assert (done.returncode, done.stdout) == (0, "")
    assert "detections" in done.stderr


@pytest.mark.parametrize("arguments", [["--format", "parquet"], ["--output", "page.odt"]])
def test_a_wrong_format_is_refused(flowtui: Run, logs: Path, arguments: list[str]) -> None:
    """Before anything is read."""
    done = flowtui("hunt", str(logs), *arguments)
    assert done.returncode == 2
    assert "--format is one of table, csv" in done.stderr


def test_hostile_values_reach_no_terminal(flowtui: Run, tmp_path: Path) -> None:
    """A record with an escape sequence for an address neither crashes nor acts."""
    directory = tmp_path / "logs"
    directory.mkdir()
    (directory / "a.log").write_text(HEADER + SCAN + record("\x1b]52;c;Zm9v\x07"))
    for format in ("table", "csv", "json", "markdown"):
        done = flowtui("hunt", str(directory), "--format", format)
        assert done.returncode == 5
        assert "\x1b" not in done.stdout + done.stderr
