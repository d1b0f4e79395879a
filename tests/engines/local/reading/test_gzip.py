"""Compressed files in every state that copying, joining and failing disks leave them in."""

from __future__ import annotations

import gzip
import random
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.engines.local.inflate import TextFile

LINES = b"".join(b"%d some line of text\n" % number for number in range(5000))


def read(path: Path) -> tuple[bytes, str]:
    """The text of a file, and what is wrong with it."""
    file = TextFile(str(path))
    text = b"".join(file.blocks())
    return text, file.trouble


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where to write the file."""
    return tmp_path / "some.log.gz"


def test_members_are_joined(path: Path) -> None:
    """Every member is read, also where two are the same, byte for byte."""
    path.write_bytes(gzip.compress(LINES) * 3)
    assert read(path) == (LINES * 3, "")


def test_small_member_after_a_large_one(path: Path) -> None:
    """A last member that is smaller than the first hides nothing, though the sizes mislead."""
    path.write_bytes(gzip.compress(b"a\n") + gzip.compress(LINES))
    assert read(path) == (b"a\n" + LINES, "")
    path.write_bytes(gzip.compress(LINES) + gzip.compress(b"a\n") + gzip.compress(b""))
    assert read(path) == (LINES + b"a\n", "")


@pytest.mark.parametrize("size", [0, 1, 1000, 2**31, 2**32 - 1])
def test_a_false_size_costs_no_line(path: Path, size: int) -> None:
    """The size in the trailer is a hint: a false one loses nothing and allocates nothing."""
    path.write_bytes(gzip.compress(LINES)[:-4] + struct.pack("<I", size))
    text, trouble = read(path)
    assert text == LINES
    assert "checksum" in trouble


def test_members_after_a_broken_one_are_read(path: Path) -> None:
    """A break costs the rest of its member, and the line it cuts; the next members are read."""
    first = gzip.compress(random.Random(1).randbytes(20_000).hex().encode() + b"\n" + LINES)
    path.write_bytes(first[:8000] + b"\xff" * 64 + first[8064:] + gzip.compress(LINES))
    text, trouble = read(path)
    assert text.endswith(LINES)
    assert "broken" in trouble


def test_members_after_a_wrong_checksum_are_read(path: Path) -> None:
    """A wrong checksum costs nothing at all."""
    first = bytearray(gzip.compress(LINES))
    first[-8] ^= 1
    path.write_bytes(bytes(first) + gzip.compress(b"more\n"))
    text, trouble = read(path)
    assert text == LINES + b"more\n"
    assert "checksum" in trouble


@pytest.mark.parametrize("tail", [b"\0" * 512, b"\0"])
def test_zero_padding_is_no_fault(path: Path, tail: bytes) -> None:
    """Zeros after the stream, as tapes and some tools leave them, are passed over."""
    path.write_bytes(gzip.compress(LINES) + tail)
    assert read(path) == (LINES, "")


def test_other_bytes_after_the_stream_are_told(path: Path) -> None:
    """What follows and is not gzip is named; nothing before it is lost."""
    path.write_bytes(gzip.compress(LINES) + b"<html>404</html>")
    text, trouble = read(path)
    assert text == LINES
    assert "not gzip" in trouble


def test_a_bomb_is_read_in_blocks(path: Path) -> None:
    """Half a gigabyte of nothing in half a megabyte never stands in memory at once."""
    path.write_bytes(gzip.compress(b"\0" * (200 << 20), 1))
    sizes = [len(block) for block in TextFile(str(path)).blocks()]
    assert sum(sizes) == 200 << 20
    assert max(sizes) <= 64 << 20


@given(cut=st.integers(0, 40_000), member=st.integers(1, 3))
def test_a_cut_keeps_every_whole_line_before_it(
    tmp_path_factory: pytest.TempPathFactory, cut: int, member: int
) -> None:
    """Wherever a file is cut off, its text is a prefix in whole lines of what it was."""
    path = tmp_path_factory.getbasetemp() / "cut.log.gz"
    noise = random.Random(member).randbytes(9000).hex().encode()
    lines = b"\n".join(noise[at : at + 90] for at in range(0, len(noise), 90)) + b"\n"
    whole = gzip.compress(lines) * member
    path.write_bytes(whole[:cut])
    text, trouble = read(path)
    if cut < 2:
        return
    assert (lines * member).startswith(text)
    assert not text or text.endswith(b"\n")
    if cut >= len(whole):
        assert text == lines * member
        assert not trouble
