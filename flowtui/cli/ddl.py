"""`flowtui ddl`: the definition of a table, printed, or run after asking."""

from __future__ import annotations

import sys

import click

from flowtui.cli.codes import ask_code
from flowtui.cli.interrupts import caught
from flowtui.cli.talk import say
from flowtui.domain.fields import canonical
from flowtui.errors import ConfigError
from flowtui.session.aws import aws_clients, has_region
from flowtui.session.definition import Defined, Wish, define, make
from flowtui.sql.ddl import Partitioning


def print_ddl(
    place: str,
    *,
    table: str,
    database: str,
    location: str,
    accounts: tuple[str, ...],
    regions: tuple[str, ...],
    partition: str | None,
    is_parquet: bool,
    is_classic: bool,
    fields: str,
    log_format: str,
    flow_log: str,
    is_run: bool,
    is_agreed: bool,
    workgroup: str,
    profile: str,
    output_location: str,
) -> None:
    """Print the definition; with `is_run` make the table; every argument as typed."""
    # A region of logs serves as ours only where nothing else names one.
    region = regions[0] if regions and not has_region(profile) else ""
    clients = aws_clients(profile, region, ask_code())
    wish = Wish(
        place, table, database, _folder(location), accounts, regions,
        Partitioning(partition) if partition else None,
        is_parquet, is_classic, _fields(fields, log_format), flow_log,
    )  # fmt: skip
    defined = define(wish, clients)
    click.echo(defined.text)
    for note in defined.notes:
        say(f"flowtui: {note}")
    if not is_run:
        return
    _agree(defined, is_agreed)
    with caught() as interrupts:
        address = make(defined, clients, workgroup, output_location, interrupts.cancelled)
    if interrupts.number:
        sys.exit(interrupts.exit_code)
    say(f"flowtui: The table is there: flowtui {address}")


def _folder(location: str) -> str:
    return location if not location or location.endswith("/") else location + "/"


def _fields(names: str, log_format: str) -> tuple[str, ...]:
    from flowtui.engines.local.header import parse_format

    if names and log_format:
        raise click.UsageError("--fields and --log-format say the same thing; give one.")
    if log_format:
        return parse_format(log_format)
    found = parse_format(names) if names else ()
    unknown = [name for name in found if canonical(name) is None]
    if unknown:
        raise ConfigError(
            f"There is no field {unknown[0]} in flow logs.",
            "Fields are written as AWS does: srcaddr, account-id, tcp-flags …; a --log-format may "
            "hold fields that flowtui does not know.",
        )
    return found


def _agree(defined: Defined, is_agreed: bool) -> None:
    if is_agreed:
        return
    if not sys.stdin.isatty():
        raise ConfigError("Nobody can be asked whether to run it.", "Give --yes.")
    name = defined.definition.table
    if not click.confirm(f"Make the table {name} on Athena? It scans nothing.", err=True):
        raise ConfigError("Not run.")
