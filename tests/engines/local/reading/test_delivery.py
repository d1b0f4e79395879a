"""Directories as AWS delivers them: any layout, any time range, and the maker's exact truth."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flowtui.domain.times import TimeRange
from flowtui.engines.local.naming import named_span
from tests.bench.generate import Plan, generate
from tests.engines.local.reading.conftest import V2_HEADER, V2_LINE, convert, records


def totals(found: list[dict[str, Any]]) -> dict[str, int]:
    """What the manifest says of all files together."""
    ok = [row for row in found if row["log_status"] == "OK"]
    return {
        "records": len(found),
        "ok": len(ok),
        "reject": sum(row["action"] == "REJECT" for row in ok),
        "sum_bytes": sum(row["bytes"] for row in ok),
        "skipdata": sum(row["log_status"] == "SKIPDATA" for row in found),
    }


@pytest.mark.parametrize("is_converted", [False, True])
@pytest.mark.parametrize("fields", ["v2", "v5"])
def test_counts_are_exact(
    tmp_path: Path, open_source: Any, fields: str, is_converted: bool
) -> None:
    """100,000 records give the maker's counts and sums, straight and through the cache."""
    truth = generate(Plan(tmp_path / "logs", 100_000, 12, fields), 1)["total"]
    files = open_source(tmp_path / "logs")
    if is_converted:
        convert(files)
        facts = files.facts()
        assert (facts.files, facts.records) == (12, 100_000)
        assert facts.skipped_windows == truth["skipdata"]
        assert facts.time == TimeRange(
            datetime.fromtimestamp(truth["min_start"], UTC),
            datetime.fromtimestamp(truth["max_end"] + 1, UTC),
        )
    found = totals(records(files, "log_status", "action", "bytes"))
    assert found == {key: truth[key] for key in found}
    assert files.left_out() == ()


@pytest.mark.parametrize("is_hive", [False, True])
@pytest.mark.parametrize("is_hourly", [False, True])
def test_layouts(tmp_path: Path, open_source: Any, is_hive: bool, is_hourly: bool) -> None:
    """Keys of either style, with or without hour folders, several accounts: all is found."""
    generate(Plan(tmp_path, 400, 8, accounts=3, is_hive=is_hive, is_hourly=is_hourly), 1)
    for location in (tmp_path, f"{tmp_path}/**/*.log.gz", tmp_path / "AWSLogs"):
        files = open_source(location)
        convert(files)
        assert files.facts().records == 400
        assert len({row["account_id"] for row in records(files, "account_id")}) == 3


def test_formats_mixed_in_one_directory(tmp_path: Path, open_source: Any) -> None:
    """Each file keeps its own fields and order; together they have the fields of all."""
    for fields in ("v2", "v5", "srcaddr bytes action version", "bytes version srcaddr action"):
        generate(Plan(tmp_path / fields.replace(" ", "-"), 50, 1, fields), 1)
    files = open_source(tmp_path)
    assert len(files.fields) == 29
    before = sorted(map(repr, records(files)))
    convert(files)
    assert sorted(map(repr, records(files))) == before
    assert len(files.inputs(None).layouts) == 3


def test_names_hold_the_times_of_their_records(tmp_path: Path) -> None:
    """What a name or folder says of time covers every record, with the maker's late ones."""
    manifest = generate(Plan(tmp_path, 3000, 30, is_hourly=True), 1)
    for file in manifest["files"]:
        path = str(tmp_path / file["path"])
        for name in (path, str(Path(path).parent / "renamed.log.gz")):
            span = named_span(name)
            assert span is not None
            assert span[0] <= file["min_start"]
            assert file["max_end"] <= span[1]


@pytest.mark.parametrize(
    "path",
    [
        "/logs/a.log",
        "/2026/03/01/a.log",
        "/vpcflowlogs/x/2026/13/01/a.log",
        "a_20261399T9999Z_b.log",
    ],
)
def test_names_that_say_nothing(path: str) -> None:
    """No time is read into names that AWS does not make."""
    assert named_span(path) is None


def test_a_time_range_opens_no_other_file(tmp_path: Path, open_source: Any) -> None:
    """Files outside the range are skipped by name and folder: they may even be gone."""
    generate(Plan(tmp_path / "logs", 1200, 12 * 12), 1)
    files = open_source(tmp_path / "logs", cache_root=None)
    hour = TimeRange(datetime(2026, 3, 1, 6, tzinfo=UTC), datetime(2026, 3, 1, 7, tzinfo=UTC))
    inside = {file.path for file in files.inputs(hour).raw}
    assert 12 <= len(inside) <= 24
    everything = records(files, "start", "end")
    for file in files.inputs(None).raw:
        if file.path not in inside:
            os.unlink(file.path)
    since, until = hour.since.timestamp(), hour.until.timestamp()  # type: ignore[union-attr]

    def in_range(rows: list[dict[str, Any]]) -> list[tuple[int, int]]:
        spans = [(row["start"], row["end"]) for row in rows]
        return sorted(span for span in spans if span[0] < until and span[1] >= since)

    read = [
        row
        for file in files.inputs(hour).raw
        for row in files.read(file, ("start", "end")).to_pylist()
    ]
    assert in_range(read) == in_range(everything)
    assert files.left_out() == ()


def test_a_time_range_skips_parts_by_what_is_in_them(tmp_path: Path, open_source: Any) -> None:
    """Converted files are skipped by the real times of their records, whatever their names."""
    (tmp_path / "a.log").write_bytes(V2_HEADER + V2_LINE)
    files = open_source(tmp_path / "a.log")
    convert(files)
    begin, end = (datetime.fromtimestamp(1700000000 + s, UTC) for s in (0, 60))
    assert files.inputs(TimeRange(end, None)).parquet
    assert files.inputs(TimeRange(None, begin.replace(second=begin.second + 1))).parquet
    assert not files.inputs(TimeRange(end.replace(second=end.second + 1), None)).parquet
    assert not files.inputs(TimeRange(None, begin)).parquet


def test_a_file_is_counted_once_however_it_is_found(tmp_path: Path, open_source: Any) -> None:
    """Links to files and to folders, even back up the tree, add nothing."""
    logs = tmp_path / "logs"
    (logs / "deep").mkdir(parents=True)
    (logs / "deep" / "a.log").write_bytes(V2_HEADER + V2_LINE)
    (logs / "b.log").symlink_to(logs / "deep" / "a.log")
    (logs / "up").symlink_to(logs)
    (logs / "gone.log").symlink_to(tmp_path / "absent")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "c.log").write_bytes(V2_LINE)
    (logs / "aside").symlink_to(tmp_path / "elsewhere")
    assert len(records(open_source(logs))) == 2
    assert len(records(open_source(f"{logs}/**/*.log"))) == 2


def test_manifest_and_hidden_files_are_passed_over(tmp_path: Path, open_source: Any) -> None:
    """What is no log by its name is not looked at, and not complained about."""
    plan = Plan(tmp_path, 10, 1)
    generate(plan, 1)
    assert json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / ".hidden.log").write_bytes(b"x")
    (tmp_path / "_SUCCESS").write_bytes(b"")
    files = open_source(tmp_path)
    assert len(records(files)) == 10
    assert files.left_out() == ()
