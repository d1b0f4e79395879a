from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flowtui.domain.executions import LeftOut, SourceFacts
from flowtui.domain.times import TimeRange
from flowtui.session.doctor import Finding, Health, look_around, look_at

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SSH = {"SSH_TTY": "/dev/pts/1", "TERM": "xterm"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


def named(findings: list[Finding], name: str) -> Finding:
    """The finding of a name."""
    (found,) = [finding for finding in findings if finding.name == name]
    return found


def test_a_healthy_machine_has_no_bad_finding() -> None:
    """Without a config and with fresh directories everything is good, and the route is told."""
    findings = list(look_around(SSH))
    assert [finding for finding in findings if finding.health is Health.BAD] == []
    assert named(findings, "route").text.startswith("OSC 52: an SSH session")
    assert named(findings, "SSH_TTY").text == "/dev/pts/1"


def test_a_terminal_that_takes_no_copies_is_worth_a_look() -> None:
    """Copying to a file alone is no fault, but nothing to overlook either."""
    assert named(list(look_around(SSH | {"TERM": "dumb"})), "route").health is Health.WORTH_A_LOOK


def test_a_wrong_setting_and_a_broken_query_are_bad(tmp_path: Path) -> None:
    """Doctor shows faults of the settings instead of stopping at them."""
    queries = tmp_path / "config" / "flowtui" / "queries"
    queries.mkdir(parents=True)
    (queries / "broken.sql").write_text('-- title = "No SQL"\n')
    (queries.parent / "config.toml").write_text("sorce = 'x'")
    findings = list(look_around(SSH))
    assert named(findings, "settings").health is Health.BAD
    assert "sorce is not a setting" in named(findings, "settings").text
    assert named(findings, "broken.sql").health is Health.BAD


def test_a_place_that_cannot_be_made_is_bad(tmp_path: Path) -> None:
    """A file where the cache directory should be is found."""
    (tmp_path / "cache").write_text("a file")
    assert named(list(look_around(SSH)), "cache").health is Health.BAD


def test_a_wrong_clipboard_choice_is_bad() -> None:
    """A misspelt FLOWTUI_CLIPBOARD is found before the first copy."""
    findings = list(look_around(SSH | {"FLOWTUI_CLIPBOARD": "oscar"}))
    assert named(findings, "route").health is Health.BAD


def test_a_source_is_told_with_age_losses_and_what_was_left_out() -> None:
    """Newest record with its age, SKIPDATA, and unreadable input all have their line."""
    facts = SourceFacts(
        "logs",
        files=3,
        records=1234567,
        time=TimeRange(NOW - timedelta(days=2), NOW - timedelta(hours=3)),
        skipped_windows=2,
        left_out=(LeftOut("a.log", "too few fields", 1200, 7),),
        notes=("an odd thing",),
    )
    findings = list(look_at(facts, ("srcaddr", "dstaddr"), NOW))
    assert named(findings, "records").text == "1,234,567"
    assert named(findings, "newest record").text == "2026-11-24T09:00Z (3 hours ago)"
    assert named(findings, "left out").text == "a.log: 1,200 lines: too few fields"
    assert "2 SKIPDATA windows" in named(findings, "lost at AWS").text
    assert named(findings, "note").text == "an odd thing"


def test_a_source_without_files_is_bad() -> None:
    """No files is what is wrong with the source."""
    assert named(list(look_at(SourceFacts("x", files=0), (), NOW)), "files").health is Health.BAD
