"""What the first lines of a file say about its columns."""

from __future__ import annotations

import pytest

from flowtui.domain.fields import DEFAULT_FORMAT, FIELDS
from flowtui.engines.local.header import (
    Layout,
    Refusal,
    columns_of,
    header_columns,
    ordered,
    parse_format,
    recognise,
)
from flowtui.errors import ConfigError
from tests.engines.local.reading.conftest import V2_HEADER, V2_LINE


def test_all_fields_are_known() -> None:
    """A header with all 54 fields, by their log names, in any order, gives their columns."""
    names = [field.log_name for field in reversed(FIELDS)]
    found = recognise([" ".join(names).encode()])
    assert isinstance(found, Layout)
    assert found.columns == tuple(field.name for field in reversed(FIELDS))
    assert ordered(found.columns) == tuple(field.name for field in FIELDS)


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        (b"action srcaddr brand-new end", ("action", "srcaddr", "brand_new", "end")),
        (b"srcaddr", ("srcaddr",)),
        (b"${version} ${srcaddr}", ("version", "srcaddr")),
        (b"start starttime START", ("start", "starttime", "start_2")),
        (b"Version Account-ID", ("version", "account_id")),
    ],
)
def test_headers(line: bytes, columns: tuple[str, ...]) -> None:
    """The header decides fields and order; unknown fields keep their names, each column once."""
    assert header_columns(line) == columns


@pytest.mark.parametrize(
    "line",
    [b"", b"garbage", b"ACCEPT OK", b"eni-1 srcaddr us-east-1 vpc-2 abc", b"\xff\xfe", b"10.0.0.1"],
)
def test_records_are_no_headers(line: bytes) -> None:
    """Lines in which most words name no field are not headers."""
    assert header_columns(line) is None


def test_default_format_needs_no_header() -> None:
    """Fourteen tokens that read like a default record are the default format."""
    assert recognise([V2_LINE]) == Layout(DEFAULT_FORMAT)
    assert recognise([b"2 1 eni-1 - - - - - - - 1 2 - NODATA"]) == Layout(DEFAULT_FORMAT)


def test_lines_before_the_header_do_not_hide_it() -> None:
    """Blank and senseless lines may stand before the header."""
    found = recognise([b"", b"garbage", V2_HEADER.rstrip(), V2_LINE])
    assert isinstance(found, Layout)
    assert found.columns == DEFAULT_FORMAT


def test_nothing_is_nothing() -> None:
    """A file of blanks has no layout, and is not refused either."""
    assert recognise([b"", b"  "]) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"5 10.0.0.1 10.0.0.2 ACCEPT", ["4 columns", "--format", "[sources."]),
        (b"version resource-type account-id tgw-id tgw-attachment-id", ["transit gateway"]),
        (b"6 TransitGateway 123456789012 tgw-1 tgw-attach-1", ["transit gateway"]),
        (b"version resource-type core-network-arn srcaddr", ["Cloud WAN"]),
    ],
)
def test_refusals_say_what_and_what_to_do(line: bytes, words: list[str]) -> None:
    """A file that cannot be read is refused with its reason, and the remedy where there is one."""
    found = recognise([line])
    assert isinstance(found, Refusal)
    assert all(word in found.reason for word in words)


def test_a_given_format_is_for_files_without_header() -> None:
    """The format that the user gives applies where its width fits; a header line wins over it."""
    format = parse_format("${srcaddr} ${dstaddr} ${bytes}")
    assert format == ("srcaddr", "dstaddr", "bytes")
    assert recognise([b"10.0.0.1 10.0.0.2 7"], format) == Layout(format)
    assert recognise([V2_HEADER.rstrip()], format) == Layout(DEFAULT_FORMAT, V2_HEADER.rstrip())
    refused = recognise([b"10.0.0.1 10.0.0.2"], format)
    assert isinstance(refused, Refusal)
    assert "2 columns where the format has 3" in refused.reason


@pytest.mark.parametrize("text", ["", "  ", "srcaddr 12", "a;b", "../x"])
def test_wrong_formats(text: str) -> None:
    """What is no format is refused with an example."""
    with pytest.raises(ConfigError, match="LogFormat"):
        parse_format(text)


def test_hostile_names_become_plain_columns() -> None:
    """Names of Parquet columns may hold anything; ours hold letters, digits and underscores."""
    assert columns_of(['a"; drop', "\x1b[31m", "", ""]) == (
        "a___drop",
        "__31m",
        "column",
        "column_2",
    )
