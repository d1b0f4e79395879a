"""The command line."""

from __future__ import annotations

import click

from flowtui import __version__


@click.group()
@click.version_option(__version__, prog_name="flowtui")
def cli() -> None:
    """Explore AWS VPC Flow Logs."""
