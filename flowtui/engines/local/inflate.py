"""The text of a log file in blocks of whole lines, whatever state the file is in.

libdeflate (`deflate`) inflates a whole small file three to four times as fast as zlib, with the GIL
released, but reads one member only, needs the size beforehand and gives nothing of a broken file.
zlib does the rest: several members, big files, and all that stands before a break.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK_BYTES = 4 << 20
"""About how much text is parsed at a time."""
LONGEST_LINE = 256 << 10
"""Longer lines are not records: the longest format there is stays far below."""
_WHOLE_FILE_BYTES = 16 << 20
_WHOLE_TEXT_BYTES = 32 << 20
"""Text that is inflated at once; two threads do so."""
_CHUNK = 256 << 10
_MAGIC = b"\x1f\x8b"
_MEMBER = _MAGIC + b"\x08"
_ODD_TAIL = "something that is not gzip follows the compressed text"

Buffer = bytes | bytearray


@dataclass(slots=True)
class _Gap:
    """What stands between two members of a gzip file, or after the last."""

    error: str = ""
    """Why the member before broke off; empty: it ended as it should."""
    passed: bytes = b""
    """The first bytes passed over."""

    @property
    def is_checksum(self) -> bool:
        return "incorrect data check" in self.error or "incorrect length check" in self.error

    @property
    def trailer_bytes(self) -> int:
        """The length stands after the checksum."""
        return 4 if "incorrect data check" in self.error else 0

    def pass_over(self, data: bytes) -> tuple[bytes, bool]:
        """The data from the next member on, and whether there is one yet."""
        at = data.find(_MEMBER)
        is_found = at >= 0
        end = at if is_found else max(len(data) - len(_MEMBER) + 1, 0)
        self.passed = (self.passed + data[:end].lstrip(b"\0" if not self.error else b""))[:64]
        return data[end:], is_found


class TextFile:
    """A text file, compressed or not, that is read once from its start to where it ends or breaks.

    Attributes:
        trouble: Why reading stopped short, or what is wrong with a file read to its end.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.trouble = ""

    def blocks(self) -> Iterator[Buffer]:
        """Blocks that end with a line end, save the last of a file that has none there.

        Raises:
            OSError: The file cannot be opened or read.
        """
        with open(self.path, "rb", buffering=0) as file:
            first = file.read(2)
            file.seek(0)
            if first != _MAGIC:
                yield from _whole_lines(_chunks(file, BLOCK_BYTES))
                return
            if os.fstat(file.fileno()).st_size <= _WHOLE_FILE_BYTES:
                data = file.read()
                text = _inflate_at_once(data)
                if text is not None:
                    del data
                    yield from _slices(text)
                    return
                pieces = iter([data])
            else:
                pieces = _chunks(file, _CHUNK)
            yield from _whole_lines(self._inflate(pieces))

    def _inflate(self, pieces: Iterator[bytes]) -> Iterator[bytes | None]:
        """Text of every member; None where what came last broke off."""
        engine, between, data = None, _Gap(), b""
        for piece in pieces:
            data += piece
            while data:
                if engine is None:
                    data, is_found = between.pass_over(data)
                    if not is_found:
                        break
                    yield from self._judge(between)
                    engine = zlib.decompressobj(31)
                chunk, rest = data[:_CHUNK], data[_CHUNK:]
                before, given = engine.copy(), 0
                try:
                    for text in _bounded(engine, chunk):
                        given += len(text)
                        yield text
                except zlib.error as error:
                    good, used = _until_break(before, chunk)
                    yield good[given:]
                    data, engine, between = chunk[used:] + rest, None, _Gap(str(error))
                    continue
                data = rest
                if engine.eof:
                    data, engine, between = engine.unused_data + rest, None, _Gap()
        if engine is not None:
            self._note("the gzip stream stops before its end: an interrupted copy?")
            yield None
        else:
            between.passed += data
            yield from self._judge(between)

    def _judge(self, gap: _Gap) -> Iterator[None]:
        odd = gap.passed.strip(b"\0")
        if not gap.error:
            self._note(_ODD_TAIL if odd else "")
            return
        # Damage may end a stream early: then its checksum is wrong, too, but more of it follows.
        if gap.is_checksum and not gap.passed[gap.trailer_bytes :].strip(b"\0"):
            self._note("the gzip checksum is wrong: all lines are kept, some may be damaged")
            return
        self._note("the gzip stream is broken: what stands between the break and its end is lost")
        yield None

    def _note(self, trouble: str) -> None:
        self.trouble = self.trouble or trouble


def first_text(path: str, size: int = 64 << 10) -> bytes:
    """The first text of a file, up to `size` bytes; less where the file is broken or short.

    Raises:
        OSError: The file cannot be opened or read.
    """
    with open(path, "rb", buffering=0) as file:
        data = file.read(size)
    if not data.startswith(_MAGIC):
        return data
    engine = zlib.decompressobj(31)
    try:
        return engine.decompress(data, size)
    except zlib.error:
        return _until_break(zlib.decompressobj(31), data)[0][:size]


def _inflate_at_once(data: bytes) -> bytearray | None:
    """The whole text, or None where only a patient reading can tell what is there."""
    import deflate

    size = int.from_bytes(data[-4:], "little")
    # Another member may follow unseen (its flag byte has three bits that must be 0), and a false
    # size must not become an allocation: deflate makes at most 1032 bytes of one.
    if not 0 < size <= min(_WHOLE_TEXT_BYTES, 1032 * len(data)) or _has_second_member(data):
        return None
    try:
        text: bytearray = deflate.gzip_decompress(data, size)
    except (deflate.DeflateError, ValueError):
        return None
    return text if len(text) == size else None


def _has_second_member(data: bytes) -> bool:
    at = data.find(_MEMBER, 10)
    while at >= 0:
        if at + 3 < len(data) and data[at + 3] < 0x20:
            return True
        at = data.find(_MEMBER, at + 1)
    return False


def _bounded(engine: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
    """What a chunk inflates to, in pieces, so that a bomb of zeros cannot fill the memory."""
    yield engine.decompress(chunk, BLOCK_BYTES)
    while engine.unconsumed_tail and not engine.eof:
        yield engine.decompress(engine.unconsumed_tail, BLOCK_BYTES)


def _until_break(engine: zlib._Decompress, chunk: bytes) -> tuple[bytes, int]:
    """Everything that stands before the byte at which inflating fails, and where that is."""
    good: list[bytes] = []
    for at in range(len(chunk)):
        try:
            good.append(engine.decompress(chunk[at : at + 1]))
        except zlib.error:
            return b"".join(good), at + 1
    return b"".join(good), len(chunk)


def _chunks(file: BinaryIO, size: int) -> Iterator[bytes]:
    while chunk := file.read(size):
        yield chunk


def _slices(text: bytearray) -> Iterator[Buffer]:
    """A text that is in memory anyway, cut so that its tables are not all in memory, too."""
    begin = 0
    while len(text) - begin > 2 * BLOCK_BYTES:
        end = text.rfind(b"\n", begin, begin + BLOCK_BYTES) + 1
        if not end:
            break
        yield text[begin:end]
        begin = end
    if begin < len(text):
        yield text[begin:] if begin else text


def _whole_lines(pieces: Iterator[bytes | None]) -> Iterator[Buffer]:
    """The same bytes in blocks of about `BLOCK_BYTES`; half a line before a break is dropped."""
    held: list[bytes] = []
    held_bytes = 0
    for piece in pieces:
        if piece is None:
            text = b"".join(held)
            held = [text[: text.rfind(b"\n") + 1]]
            held_bytes = len(held[0])
            continue
        held.append(piece)
        held_bytes += len(piece)
        if held_bytes < BLOCK_BYTES:
            continue
        text = b"".join(held)
        # A line without an end is no record: it is given as it is, and counted as bad.
        end = text.rfind(b"\n") + 1 or len(text)
        if end == len(text) and held_bytes < 2 * BLOCK_BYTES and not text.endswith(b"\n"):
            continue
        yield text[:end]
        held, held_bytes = [text[end:]], len(text) - end
    text = b"".join(held)
    if text:
        yield text
