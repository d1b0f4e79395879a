from __future__ import annotations

import click
import pytest

from flowtui.cli.options import filter_line, split_formats


@pytest.mark.parametrize(
    ("line", "chosen", "expected"),
    [
        (None, {}, ""),
        ("action:REJECT -src:10.0.0.0/8", {}, "action:REJECT -src:10.0.0.0/8"),
        (None, {"filter_action": "REJECT", "filter_port": "22,3389"}, "action:REJECT port:22,3389"),
        ("bytes>5", {"filter_srcaddr": "10.0.0.0/8"}, "bytes>5 srcaddr:10.0.0.0/8"),
        (None, {"filter_dstaddr": "2001:db8::/32"}, "dstaddr:2001:db8::/32"),
        (None, {"since": "2h"}, "last:2h"),
        (None, {"since": "2h", "until": "1h"}, "from:-2h to:-1h"),
        (None, {"until": "30m"}, "to:-30m"),
        (None, {"since": "14:00", "until": "15:00"}, "from:14:00 to:15:00"),
        (None, {"since": "2026-11-24 10:00"}, 'from:"2026-11-24 10:00"'),
        (None, {"filter_interface_id": 'a "b\\'}, r'interface_id:"a \"b\\"'),
        (None, {"filter_action": "REJECT port:1"}, 'action:"REJECT port:1"'),
    ],
)
def test_options_become_one_filter_line(
    line: str | None, chosen: dict[str, str | None], expected: str
) -> None:
    """Each option is a term of the filter line, and no value can become a second term."""
    assert filter_line(line, chosen) == expected


@pytest.mark.parametrize(
    ("formats", "log_format", "expected"),
    [
        ((), "", (None, "")),
        (("csv",), "", ("csv", "")),
        (("${version} ${srcaddr}",), "", (None, "${version} ${srcaddr}")),
        (("csv", "${version}"), "", ("csv", "${version}")),
        (("csv",), "${version}", ("csv", "${version}")),
    ],
)
def test_a_format_of_log_files_is_told_from_one_of_rows(
    formats: tuple[str, ...], log_format: str, expected: tuple[str | None, str]
) -> None:
    """`--format '${version} …'`, which the error about headerless files names, works everywhere."""
    assert split_formats(formats, log_format) == expected


def test_a_format_given_twice_is_refused() -> None:
    """Two formats of one kind contradict each other."""
    with pytest.raises(click.UsageError, match="twice"):
        split_formats(("csv", "json"), "")
    with pytest.raises(click.UsageError, match="twice"):
        split_formats(("${version}",), "${srcaddr}")
