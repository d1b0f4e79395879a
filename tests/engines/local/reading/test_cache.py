"""The cache: incremental, always right, never in the way, and no larger than it may be."""

from __future__ import annotations

import os
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flowtui.domain.executions import Progress
from flowtui.domain.times import TimeRange
from flowtui.engines.local.caches import clear, list_caches, prune
from tests.bench.generate import Plan, generate
from tests.engines.local.reading.conftest import V2_HEADER, V2_LINE, convert, records


def line(number: int) -> bytes:
    """A record that its number tells from others."""
    return V2_LINE.replace(b" 840 ", b" %d " % number)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A directory with three files of one record each."""
    directory = tmp_path / "logs"
    directory.mkdir()
    for number in (1, 2, 3):
        (directory / f"{number}.log").write_bytes(V2_HEADER + line(number))
    return directory


def numbers(files: Any) -> list[int]:
    """The records by their numbers, sorted."""
    return sorted(row["bytes"] for row in records(files, "bytes"))


def parts_of(tmp_path: Path) -> list[Path]:
    """Every Parquet file of the cache."""
    return sorted((tmp_path / "cache").rglob("*.parquet"))


def test_only_new_files_are_converted(logs: Path, open_source: Any) -> None:
    """A second opening converts what has come since, and reads no other file."""
    first = open_source(logs)
    convert(first)
    (logs / "4.log").write_bytes(V2_HEADER + line(4))
    for number in (1, 2, 3):
        path = logs / f"{number}.log"
        status = path.stat()
        path.write_bytes(b"x" * status.st_size)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    again = open_source(logs)
    assert [Path(file.path).name for file in again.inputs(None).raw] == ["4.log"]
    seen: list[Progress] = []
    again.convert(threading.Event(), seen.append)
    assert (seen[-1].files_done, seen[-1].files_total) == (1, 1)
    assert numbers(again) == [1, 2, 3, 4]
    assert again.facts().records == 4


def test_changed_grown_and_vanished_files(logs: Path, open_source: Any) -> None:
    """The next opening holds what the files hold then: nothing old, nothing twice."""
    convert(open_source(logs))
    (logs / "1.log").write_bytes(V2_HEADER + line(10))
    with (logs / "2.log").open("ab") as file:
        file.write(line(20))
    (logs / "3.log").unlink()
    files = open_source(logs)
    assert numbers(files) == [2, 10, 20]
    convert(files)
    assert not files.inputs(None).raw
    assert numbers(files) == [2, 10, 20]


def test_opening_again_looks_for_news(logs: Path, open_source: Any) -> None:
    """`open` on an open source takes in what has come, and what is gone."""
    files = open_source(logs)
    convert(files)
    (logs / "4.log").write_bytes(line(4))
    (logs / "1.log").unlink()
    files.open()
    assert numbers(files) == [2, 3, 4]


def test_a_file_that_vanishes_after_the_listing(logs: Path, open_source: Any) -> None:
    """It is named, and the others are read and converted."""
    files = open_source(logs)
    (logs / "2.log").unlink()
    assert numbers(files) == [1, 3]
    convert(files)
    assert numbers(files) == [1, 3]
    assert {(Path(e.path).name, e.reason.split(":")[0]) for e in files.left_out()} >= {
        ("2.log", "gone since it was listed")
    }


def test_a_file_that_grows_after_the_listing(logs: Path, open_source: Any) -> None:
    """What it has when it is read counts now, and it is converted anew next time."""
    files = open_source(logs)
    with (logs / "2.log").open("ab") as file:
        file.write(line(20))
    convert(files)
    assert numbers(files) == [1, 2, 3, 20]
    with (logs / "2.log").open("ab") as file:
        file.write(line(21))
    assert numbers(open_source(logs)) == [1, 2, 3, 20, 21]


def test_unreadable_files(logs: Path, open_source: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be opened is named, tried again next time, and stops nothing."""
    real = open

    def refusing(path: Any, *rest: Any, **more: Any) -> Any:
        if str(path).endswith("2.log"):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", refusing)
        files = open_source(logs)
        convert(files)
        assert numbers(files) == [1, 3]
        assert [e.reason for e in files.left_out()] == ["cannot be read: Permission denied"]
    assert numbers(open_source(logs)) == [1, 2, 3]


def test_no_cache_writes_nothing(logs: Path, tmp_path: Path, open_source: Any) -> None:
    """Without a cache, converting does nothing and all is read from the files."""
    files = open_source(logs, cache_root=None)
    convert(files)
    assert numbers(files) == [1, 2, 3]
    assert not parts_of(tmp_path)


def test_cancelled_conversion(tmp_path: Path, open_source: Any) -> None:
    """A cancelled conversion leaves every record readable, and goes on where it stood."""
    generate(Plan(tmp_path / "logs", 5000, 10), 1)
    files = open_source(tmp_path / "logs")
    cancelled = threading.Event()
    cancelled.set()
    files.convert(cancelled, lambda progress: None)
    assert len(files.inputs(None).raw) == 10
    assert len(records(files, "start")) == 5000
    convert(files)
    assert files.facts().records == 5000


def test_small_parts_are_merged(logs: Path, tmp_path: Path, open_source: Any) -> None:
    """Files that come one at a time end up in few parts; queries that read old ones may finish."""
    first = open_source(logs)
    convert(first)
    old = first.inputs(None).parquet
    for number in range(4, 14):
        (logs / f"{number}.log").write_bytes(V2_HEADER + line(number))
        files = open_source(logs)
        convert(files)
    assert numbers(files) == list(range(1, 14))
    assert len(files.inputs(None).parquet) < 8
    assert all(path.exists() for path in old)
    assert numbers(first) == [1, 2, 3]


def test_what_nobody_uses_is_cleared_away(logs: Path, tmp_path: Path, open_source: Any) -> None:
    """Void parts and leftovers of killed processes go when a source is opened by one alone."""
    files = open_source(logs)
    convert(files)
    (logs / "1.log").write_bytes(V2_HEADER + line(10))
    directory = files.inputs(None).parquet[0].parent
    (directory / "orphan.parquet").write_bytes(b"half")
    (directory / "orphan.parquet.tmp").write_bytes(b"half")
    beside = open_source(logs)
    convert(beside)
    assert len(parts_of(tmp_path)) == 3
    files.close()
    beside.close()
    assert numbers(open_source(logs)) == [2, 3, 10]
    assert len(parts_of(tmp_path)) == 1
    assert not list(directory.glob("*.tmp"))


def test_lost_and_cut_parts_are_made_again(logs: Path, tmp_path: Path, open_source: Any) -> None:
    """Parts that someone deleted, or that a power cut left empty, void only themselves."""
    for harm in (Path.unlink, lambda path: os.truncate(path, 100)):
        files = open_source(logs)
        convert(files)
        files.close()
        for path in parts_of(tmp_path):
            harm(path)
        files = open_source(logs)
        assert numbers(files) == [1, 2, 3]
        convert(files)
        assert numbers(files) == [1, 2, 3]
        files.close()


@pytest.mark.parametrize("is_garbage", [False, True])
def test_an_index_that_is_not_ours_is_made_again(
    logs: Path, tmp_path: Path, open_source: Any, is_garbage: bool
) -> None:
    """A cache of another version, or a broken index, is thrown away and rebuilt."""
    files = open_source(logs)
    convert(files)
    files.close()
    (index,) = (tmp_path / "cache").rglob("index.sqlite")
    if is_garbage:
        index.write_bytes(b"this is no database" * 1000)
    else:
        with sqlite3.connect(index) as db:
            db.execute("PRAGMA user_version = 99")
            db.execute("DROP TABLE file")
        db.close()
    files = open_source(logs)
    assert numbers(files) == [1, 2, 3]
    convert(files)
    assert files.facts().records == 3
    assert files.facts().notes == ()


def test_another_version_in_use_is_left_alone(logs: Path, tmp_path: Path, open_source: Any) -> None:
    """While another version uses the cache, this one reads the files and says so."""
    convert(open_source(logs))
    (index,) = (tmp_path / "cache").rglob("index.sqlite")
    with sqlite3.connect(index) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    files = open_source(logs)
    convert(files)
    assert numbers(files) == [1, 2, 3]
    assert "Reading without a cache" in files.facts().notes[0]


def test_a_cache_that_cannot_be_made(logs: Path, tmp_path: Path, open_source: Any) -> None:
    """Where the cache cannot be, the files are read all the same, and a note says why."""
    (tmp_path / "cache").write_text("a file in the way")
    files = open_source(logs)
    convert(files)
    assert numbers(files) == [1, 2, 3]
    assert "Reading without a cache" in files.facts().notes[0]


def test_the_same_place_has_one_cache(
    logs: Path, tmp_path: Path, open_source: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However its path is written; another format of headerless files has its own."""
    convert(open_source(logs))
    monkeypatch.chdir(tmp_path)
    assert not open_source("logs").inputs(None).raw
    assert not open_source(f"{logs}/../logs/").inputs(None).raw
    assert open_source(logs, format=("srcaddr",)).inputs(None).raw


def test_list_prune_and_clear(tmp_path: Path, open_source: Any) -> None:
    """Caches are listed with their sizes; the longest unused go first; those in use stay."""
    root = tmp_path / "cache"
    assert list_caches(root) == ()
    for age, name in ((30, "old"), (20, "middle"), (10, "new")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.log").write_bytes(V2_HEADER + line(age))
        files = open_source(tmp_path / name)
        convert(files)
        files.close()
        (source,) = root.glob(f"{name}-*/source.txt")
        os.utime(source, (age * -1 + 10**9, age * -1 + 10**9))
    entries = list_caches(root)
    assert [Path(entry.source).name for entry in entries] == ["new", "middle", "old"]
    assert all((entry.files, entry.records) == (1, 1) and entry.bytes > 0 for entry in entries)
    freed = prune(root, sum(entry.bytes for entry in entries[:2]))
    assert freed == entries[2].bytes
    assert [Path(entry.source).name for entry in list_caches(root)] == ["new", "middle"]
    in_use = open_source(tmp_path / "middle")
    assert clear(root, str(tmp_path / "nowhere")) == 0
    assert clear(root) > 0
    assert [Path(entry.source).name for entry in list_caches(root)] == ["middle"]
    assert numbers(in_use) == [20]
    in_use.close()
    assert clear(root, str(tmp_path / "middle" / "..") + "/middle") > 0
    assert list_caches(root) == ()


def test_the_size_limit(tmp_path: Path, open_source: Any) -> None:
    """Converting evicts what was used least lately, and stops where one source is too much."""
    for name in ("first", "second"):
        generate(Plan(tmp_path / name, 4000, 2), 1)
    first = open_source(tmp_path / "first")
    convert(first)
    first.close()
    (entry,) = list_caches(tmp_path / "cache")
    second = open_source(tmp_path / "second", cache_limit_bytes=entry.bytes * 3 // 2)
    convert(second)
    assert not second.inputs(None).raw
    assert [Path(each.source).name for each in list_caches(tmp_path / "cache")] == ["second"]
    third = open_source(tmp_path / "first", cache_limit_bytes=entry.bytes // 2)
    convert(third)
    assert len(records(third, "start")) == 4000
    assert "size limit" in third.facts().notes[0]


def test_the_first_second_of_all_is_a_time(logs: Path, open_source: Any) -> None:
    """A record that starts at 0 is found in the cache by a range that ends soon after."""
    zero = V2_LINE.split(b" ")
    zero[10:12] = b"0", b"60"
    (logs / "0.log").write_bytes(V2_HEADER + b"bad\n" + b" ".join(zero))
    files = open_source(logs)
    convert(files)
    early = TimeRange(None, datetime.fromtimestamp(100, UTC))
    assert len(files.inputs(early).parquet) == 1
