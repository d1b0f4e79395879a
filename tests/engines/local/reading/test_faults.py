"""Files that are odd or broken, against the truth that their maker counted."""

from __future__ import annotations

import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from flowtui.engines.local.inflate import TextFile
from tests.engines.local.reading.conftest import convert, records

FaultFiles = tuple[Path, dict[str, int | None]]

LEFT_OUT = [
    ("04_truncated.log.gz", "the gzip stream stops before its end", 0, None),
    ("05_corrupt.log.gz", "the gzip stream is broken", 0, None),
    ("06_bad_crc.log.gz", "the gzip checksum is wrong", 0, None),
    ("07_empty.log.gz", "zero bytes", 0, None),
    ("12_bad_lines.log.gz", "lines with too few fields", 2, 101),
    ("12_bad_lines.log.gz", "lines with too many fields", 1, 201),
    ("12_bad_lines.log.gz", "lines that are not text", 1, 701),
    ("12_bad_lines.log.gz", "values of srcport that are no numbers", 1, 401),
]
"""File, reason, lines, first line.

The maker calls six lines of file 12 bad. Four are left out here. The fifth has the port `http`: the
record is kept, its port is NULL and counted. The sixth is empty, so that nothing is left out.
"""


def whole_lines_before_the_break(path: Path) -> int:
    """Records that stand before the break, by zlib fed with one byte at a time."""
    engine, text = zlib.decompressobj(31), b""
    try:
        for byte in path.read_bytes():
            text += engine.decompress(bytes([byte]))
    except zlib.error:
        pass
    return sum(len(line.split()) == 14 for line in text[: text.rfind(b"\n")].split(b"\n")[1:])


@pytest.mark.parametrize("is_converted", [False, True])
def test_no_good_record_is_lost(
    fault_files: FaultFiles, open_source: Any, is_converted: bool
) -> None:
    """Every file gives exactly its good records, read straight or through the cache."""
    directory, good = fault_files
    for name, count in good.items():
        if name.startswith(("07", "08")):
            continue
        files = open_source(directory / name)
        if is_converted:
            convert(files)
        found = records(files)
        if count is None:
            count = whole_lines_before_the_break(directory / name)
            assert count > 400
        elif name.startswith("12"):
            assert sum(row["srcport"] is None and row["action"] == "ACCEPT" for row in found) == 1
            count += 1
        assert (name, len(found)) == (name, count)


@pytest.mark.parametrize("is_converted", [False, True])
def test_what_was_left_out_is_told(
    fault_files: FaultFiles, open_source: Any, is_converted: bool
) -> None:
    """Left-outs name the file, the reason, the count and the first line, and nothing else."""
    files = open_source(fault_files[0])
    if is_converted:
        convert(files)
    else:
        records(files)
    found = [(Path(e.path).name, e.reason, e.count, e.first_line) for e in files.left_out()]
    assert len(found) == len(LEFT_OUT)
    for name, reason, count, line in LEFT_OUT:
        assert [each for each in found if each[0] == name and each[1].startswith(reason)] == [
            (name, next(r for n, r, *_ in found if n == name and r.startswith(reason)), count, line)
        ]


def test_converted_and_raw_agree(fault_files: FaultFiles, open_source: Any) -> None:
    """The cache holds the same records, value for value, as the files."""
    raw = open_source(fault_files[0], cache_root=None)
    cached = open_source(fault_files[0])
    convert(cached)
    assert not cached.inputs(None).raw

    def counted(files: Any) -> Counter[tuple[Any, ...]]:
        return Counter(tuple(row.values()) for row in records(files, *raw.fields))

    assert counted(cached) == counted(raw)
    assert cached.facts().records == sum(counted(raw).values())


def test_whole_file_and_streamed_reading_agree(
    fault_files: FaultFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file gives the same text at once, and in blocks that are far smaller than it is."""
    for path in sorted(fault_files[0].glob("*.log*")):
        at_once = TextFile(str(path))
        text = b"".join(at_once.blocks())
        with monkeypatch.context() as patch:
            patch.setattr("flowtui.engines.local.inflate._WHOLE_FILE_BYTES", 0)
            patch.setattr("flowtui.engines.local.inflate.BLOCK_BYTES", 3000)
            patch.setattr("flowtui.engines.local.inflate._CHUNK", 700)
            streamed = TextFile(str(path))
            blocks = list(streamed.blocks())
        assert b"".join(blocks) == text
        assert streamed.trouble == at_once.trouble
        assert all(block.endswith(b"\n") for block in blocks[:-1])
