"""Options that several commands share: filters, formats, and how to reach the source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from flowtui.session.terminal import SLOW_LINE_CHOICES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Command = Callable[..., Any]
Options = TypeVar("Options", bound="DataclassInstance")

FILTER_KEYS: Final = {
    "action": ("action", "ACCEPT or REJECT."),
    "port": ("port", "Either port: 443, 22,3389, 8000-8999, ssh, @admin."),
    "srcport": ("srcport", "Source port."),
    "dstport": ("dstport", "Destination port."),
    "protocol": ("protocol", "Name or number: tcp, udp, icmp, 47."),
    "ip": ("ip", "Either address, or a network: 10.0.0.0/8, 2001:db8::/32."),
    "src": ("srcaddr", "Source address or network."),
    "dst": ("dstaddr", "Destination address or network."),
    "interface": ("interface_id", "Network interface, as eni-0123456789abcdef0."),
    "direction": ("flow_direction", "ingress or egress."),
}
"""Option to filter key and help."""

OUTPUT_FORMATS: Final = (
    "table", "csv", "tsv", "json", "ndjson", "markdown", "addresses", "parquet"
)  # fmt: skip
LATEST: Final = "latest"
"""What `--resume` alone means."""
CLIPBOARD_CHOICES: Final = ("auto", "osc52", "tmux", "native", "file")


def filter_options(command: Command) -> Command:
    """`--filter` and an option for every common condition."""
    options = [
        click.option(
            "--filter", "line", metavar="LINE",
            help="A filter line, as on the screen: 'action:REJECT -src:10.0.0.0/8 bytes>1000'.",
        ),
        *(
            click.option(f"--{name}", f"filter_{key}", metavar="VALUE", help=help)
            for name, (key, help) in FILTER_KEYS.items()
        ),
        click.option("--since", metavar="TIME", help="2h (ago), 14:03, 2026-11-24T10:00Z, Unix."),
        click.option("--until", metavar="TIME", help="As --since; the bound itself is outside."),
    ]  # fmt: skip
    return _applied(options, command)


def log_format_option(*names: str) -> Callable[[Command], Command]:
    """The format of log files that lack a header line."""
    return click.option(
        "--log-format", *names, "log_format", default="", metavar="FORMAT",
        help="Format of log files without a header line: '${version} ${account-id} …'.",
    )  # fmt: skip


def split_formats(formats: Sequence[str], log_format: str) -> tuple[str | None, str]:
    """Of what `--format` was given: the format of rows, and that of log files, known by its `$`.

    Raises:
        click.UsageError: One of them is given twice.
    """
    of_logs = [text for text in formats if "$" in text] + ([log_format] if log_format else [])
    of_rows = [text for text in formats if "$" not in text]
    if len(of_logs) > 1 or len(of_rows) > 1:
        raise click.UsageError("--format is given twice.")
    return (of_rows[0] if of_rows else None), (of_logs[0] if of_logs else "")


def source_options(command: Command) -> Command:
    """`--log-format`, `--no-cache`, and how AWS is reached."""
    options = [
        log_format_option(),
        click.option("--no-cache", is_flag=True, help="Read straight from the files."),
    ]
    return _applied(options, aws_options(command))


def aws_options(command: Command) -> Command:
    """Who we are to AWS, where, and where Athena puts results."""
    options = [
        click.option("--profile", default="", metavar="NAME", help="AWS profile."),
        click.option("--region", default="", metavar="REGION", help="AWS region."),
        click.option(
            "--output-location", default="", metavar="S3-URI",
            help="Where Athena puts results, if its work group does not say.",
        ),
    ]  # fmt: skip
    return _applied(options, command)


def output_options(command: Command) -> Command:
    """Where rows go and how."""
    options = [
        click.option(
            "--format", "formats", multiple=True, metavar="FORMAT",
            help=f"{', '.join(OUTPUT_FORMATS)}. Default: table on a terminal, else csv.",
        ),
        click.option(
            "--output", "-o", type=click.Path(dir_okay=False), metavar="FILE",
            help="Write to a file; its suffix gives the format.",
        ),
        click.option(
            "--limit", type=click.IntRange(min=0), metavar="N",
            help="At most N rows; 0: all. Default: 1000 in a table on a terminal, else all.",
        ),
        click.option(
            "--sort", "order", multiple=True, metavar="[-]COLUMN",
            help="Sort the rows; - before it: downwards. Repeat for further columns.",
        ),
        click.option(
            "--contains", default="", metavar="TEXT", help="Only rows with a cell that holds it."
        ),
        click.option(
            "--csv-safe", "is_csv_safe", is_flag=True,
            help="CSV in which no text is a formula to a spreadsheet: it gets an apostrophe.",
        ),
        click.option(
            "--anonymise", "is_anonymised", is_flag=True,
            help="Other addresses, accounts and ids: always the same ones, prefixes kept.",
        ),
        click.option("--sql", "is_sql", is_flag=True, help="Print the finished SQL; run nothing."),
        click.option("--strict", is_flag=True, help="Exit with 3 where input could not be used."),
        click.option(
            "--timeout", metavar="DURATION", help="Cancel after this long: 30s, 5m."
        ),
        click.option(
            "--yes", "is_agreed", is_flag=True, help="Agree to what a question costs."
        ),
    ]  # fmt: skip
    return _applied(options, command)


def screen_options(command: Command) -> Command:
    """How the screen behaves."""
    options = [
        click.option(
            "--no-resume", is_flag=True,
            help="Do not offer to go on where the last sitting was cut off.",
        ),
        click.option(
            "--slow-line", type=click.Choice(SLOW_LINE_CHOICES),
            help="Send few bytes to the terminal. Default: auto, over SSH.",
        ),
    ]  # fmt: skip
    return _applied(options, clipboard_option(command))


def clipboard_option(command: Command) -> Command:
    """How copied text travels."""
    return click.option(
        "--clipboard", type=click.Choice(CLIPBOARD_CHOICES), help="How copied text travels."
    )(command)


def taken(kind: type[Options], chosen: dict[str, Any]) -> Options:
    """The options that belong together, out of all that were chosen; they are no longer there.

    Args:
        kind: A dataclass with a field for each.
        chosen: By name, as typed.
    """
    names = [field.name for field in fields(kind) if field.name in chosen]
    return kind(**{name: chosen.pop(name) for name in names})


def seconds(text: str | None) -> float | None:
    """A duration as typed; raises click.BadParameter where it is none."""
    from flowtui.domain.values import parse_duration

    if text is None:
        return None
    try:
        return parse_duration(text).total_seconds()
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--timeout") from error


def filter_line(line: str | None, chosen: dict[str, str | None]) -> str:
    """All filter options as one filter line.

    Args:
        line: `--filter` as typed.
        chosen: `filter_KEY`, `since` and `until`, as typed.
    """
    terms = [line or ""]
    for key, _ in FILTER_KEYS.values():
        if value := chosen.get(f"filter_{key}"):
            terms.append(f"{key}:{_quoted(value)}")
    since, until = chosen.get("since"), chosen.get("until")
    if since and _is_duration(since) and not until:
        terms.append(f"last:{since}")
    elif since:
        terms.append(f"from:{_instant(since)}")
    if until:
        terms.append(f"to:{_instant(until)}")
    return " ".join(filter(None, terms))


def _instant(text: str) -> str:
    return f"-{text}" if _is_duration(text) else _quoted(text)


def _is_duration(text: str) -> bool:
    from flowtui.domain.values import parse_duration

    try:
        parse_duration(text)
    except ValueError:
        return False
    return True


def _quoted(value: str) -> str:
    """A value with spaces or quotes as one; lists and everything else as typed."""
    if any(letter.isspace() or letter == '"' for letter in value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value


def _applied(options: Sequence[Callable[[Command], Any]], command: Command) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
