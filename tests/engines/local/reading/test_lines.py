"""Records as values: types, NULL, numbers that are none, and lines that are no records."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pyarrow
import pytest

from flowtui.domain.fields import FIELD
from flowtui.errors import ConnectError
from tests.engines.local.reading.conftest import V2_HEADER, V2_LINE, convert, records


def left_out(files: Any) -> list[tuple[str, int, int | None]]:
    """Reasons, counts and first lines."""
    return [(each.reason, each.count, each.first_line) for each in files.left_out()]


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes a log file; returns its path."""

    def write_it(text: bytes, name: str = "one.log") -> Path:
        path = tmp_path / "logs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text)
        return path

    return write_it


def test_types(write: Any, open_source: Any) -> None:
    """Every column has one type, in tables and in the cache: int32, int64 or text."""
    path = write(b" ".join(name.replace("_", "-").encode() for name in FIELD) + b" other\n")
    files = open_source(path)
    schema = files.read(files.inputs(None).raw[0], files.fields).schema
    names = {"int": pyarrow.int32(), "bigint": pyarrow.int64(), "string": pyarrow.string()}
    assert schema.names == [*FIELD, "other"]
    assert [field.type for field in schema] == [
        *(names[field.athena_type] for field in FIELD.values()),
        pyarrow.string(),
    ]


def test_dash_is_null_and_text_is_kept(write: Any, open_source: Any) -> None:
    """`-` is NULL, account ids keep their zeros, unknown fields and quotes pass as they are."""
    header = b"account-id srcport srcaddr traffic-path brand-new\n"
    files = open_source(write(header + b'001234567890 - - - "a\n001234567890 007 \xc3\xa9 8 -\n'))
    assert records(files) == [
        {"account_id": "001234567890", "srcaddr": None, "srcport": None, "traffic_path": None,
         "brand_new": '"a'},
        {"account_id": "001234567890", "srcaddr": "é", "srcport": 7, "traffic_path": 8,
         "brand_new": None},
    ]  # fmt: skip


@pytest.mark.parametrize("is_converted", [False, True])
def test_numbers_that_are_none(write: Any, open_source: Any, is_converted: bool) -> None:
    """What is no number, or too large for its column, is NULL, is counted, and is never 0."""
    wrong = [b"http", b"99999999999", b"1.5", b"", b"\xd9\xa3", b"+1", b"4e3"]
    lines = [b"2 %s 10" % value for value in wrong]
    files = open_source(write(b"version srcport bytes\n2 1 x\n" + b"\n".join(lines) + b"\n2 9 1\n"))
    if is_converted:
        convert(files)
    found = records(files)
    assert [row["srcport"] for row in found] == [1, *[None] * len(wrong), 9]
    assert [row["bytes"] for row in found] == [None, *[10] * len(wrong), 1]
    assert sorted(left_out(files)) == [
        ("values of bytes that are no numbers, kept as NULL", 1, 2),
        ("values of srcport that are no numbers, kept as NULL", len(wrong), 3),
    ]


def test_milliseconds(write: Any, open_source: Any) -> None:
    """Times in milliseconds become seconds, line by line."""
    files = open_source(
        write(b"start end\n1700000000123 1700000060999\n1700000000 1700000060\n- -\n")
    )
    seconds = {"start": 1700000000, "end": 1700000060}
    assert records(files) == [seconds, seconds, {"start": None, "end": None}]
    convert(files)
    assert records(files) == [seconds, seconds, {"start": None, "end": None}]
    assert files.facts().time.duration.total_seconds() == 61


def test_headers_inside(write: Any, open_source: Any) -> None:
    """Joined files: the same header again is no record, another one changes the order of fields."""
    other = b"action bytes srcaddr srcport\n"
    text = V2_HEADER + V2_LINE + V2_HEADER + V2_LINE + other + b"REJECT 9 10.9.9.9 77\n" + V2_HEADER
    files = open_source(write(text + V2_LINE))
    for _ in range(2):
        found = records(files, "srcaddr", "action", "bytes")
        assert [tuple(row.values()) for row in found] == [
            ("10.0.0.1", "ACCEPT", 840),
            ("10.0.0.1", "ACCEPT", 840),
            ("10.9.9.9", "REJECT", 9),
            ("10.0.0.1", "ACCEPT", 840),
        ]
        assert left_out(files) == []
        convert(files)


def test_header_inside_with_new_fields(write: Any, open_source: Any) -> None:
    """A header inside that brings fields costs nothing: the file is converted with all of them."""
    text = V2_HEADER + V2_LINE + b"srcaddr brand-new vpc-id bytes\n10.9.9.9 x vpc-1 5\n"
    files = open_source(write(text))
    convert(files)
    assert {"brand_new", "vpc_id"} <= set(files.fields)
    assert records(files, "srcaddr", "vpc_id", "brand_new") == [
        {"srcaddr": "10.0.0.1", "vpc_id": None, "brand_new": None},
        {"srcaddr": "10.9.9.9", "vpc_id": "vpc-1", "brand_new": "x"},
    ]


def test_text_columns_alone_hide_no_header(write: Any, open_source: Any) -> None:
    """A question about text only still takes no header line inside for a record."""
    other = V2_HEADER.replace(b"srcaddr dstaddr", b"dstaddr srcaddr")
    files = open_source(write(V2_HEADER + V2_LINE + other + V2_LINE))
    found = records(files, "srcaddr")
    assert [row["srcaddr"] for row in found] == ["10.0.0.1", "10.0.0.2"]


def test_bad_lines(write: Any, open_source: Any) -> None:
    """Half lines, binary and absurd lines are left out and counted; blanks are not even that."""
    text = b"\xef\xbb\xbf" + V2_HEADER + b"\n" + V2_LINE
    text += b"\0\x1b[31m\n" + b"\xff" * 20 + b"\n" + b"x" * 300_000 + b"\n   \n" + V2_LINE
    text += b" ".join([b"x" * 300_000] * 14) + b"\n" + V2_LINE.replace(b" ", b"  ") + V2_LINE[:-4]
    files = open_source(write(text))
    for _ in range(2):
        assert len(records(files)) == 3
        assert left_out(files) == [
            ("lines with too few fields", 2, 4),
            ("lines that are not text", 1, 5),
            ("lines too long for a record", 2, 6),
        ]
        convert(files)


def test_old_line_ends(write: Any, open_source: Any) -> None:
    """CRLF and lone CR end lines as LF does."""
    text = V2_HEADER + V2_LINE * 3
    for ends in (b"\r\n", b"\r"):
        files = open_source(write(text.replace(b"\n", ends)))
        assert records(files) == records(open_source(write(text, "lf.log")))


def test_a_line_without_end_is_endless(
    tmp_path: Path, open_source: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Megabytes without a line end cost their own line and no other."""
    monkeypatch.setattr("flowtui.engines.local.inflate.BLOCK_BYTES", 100_000)
    path = tmp_path / "one.log.gz"
    text = V2_HEADER + V2_LINE * 2000 + b"x" * 5_000_000 + b"\n" + V2_LINE * 2000
    path.write_bytes(gzip.compress(text + b"y" * 900_000))
    monkeypatch.setattr("flowtui.engines.local.inflate._WHOLE_FILE_BYTES", 0)
    files = open_source(path)
    convert(files)
    assert files.facts().records == 4000


def test_line_numbers_go_on_over_blocks(
    write: Any, open_source: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first bad line is numbered from the start of the file, in whichever block it stands."""
    monkeypatch.setattr("flowtui.engines.local.inflate.BLOCK_BYTES", 5000)
    files = open_source(write(V2_HEADER + V2_LINE * 499 + b"bad\n" + V2_LINE + b"bad\n"))
    convert(files)
    assert left_out(files) == [("lines with too few fields", 2, 501)]


def test_nothing_to_read(tmp_path: Path, open_source: Any) -> None:
    """No place, no logs, or only files that are refused: each says what to do."""
    with pytest.raises(ConnectError, match="Give a log file"):
        open_source(tmp_path / "absent")
    with pytest.raises(ConnectError, match="No file matches"):
        open_source(f"{tmp_path}/*.nothing")
    (tmp_path / "notes.md").write_text("hello")
    (tmp_path / "prose.txt").write_text("not a log at all\n")
    with pytest.raises(ConnectError, match=r"end in \.log"):
        open_source(tmp_path)
    (tmp_path / "odd.log").write_text("5 10.0.0.1 ACCEPT\n")
    with pytest.raises(ConnectError, match=r"odd\.log: no header line, and 3 columns.*--format"):
        open_source(tmp_path)
    files = open_source(tmp_path, format=("${version}", "srcaddr", "action"))
    assert records(files) == [{"version": 5, "srcaddr": "10.0.0.1", "action": "ACCEPT"}]


def test_refused_files_do_not_stop_the_others(write: Any, open_source: Any) -> None:
    """A directory with good and refused files is read; the refused are named with the remedy."""
    write(V2_HEADER + V2_LINE)
    write(b"1 2 3\n", "odd.log")
    write(b"version resource-type account-id tgw-id\n", "tgw.log")
    write(b"prose about flow logs\n", "README.txt")
    write(b"\x89PNG", "picture.png")
    path = write(V2_LINE, "plain")
    files = open_source(path.parent)
    assert len(records(files)) == 2
    assert [Path(each.path).name for each in files.left_out()] == ["odd.log", "tgw.log"]
