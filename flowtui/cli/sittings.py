"""`flowtui sittings`."""

from __future__ import annotations

import click

from flowtui.cli.talk import say
from flowtui.domain.values import format_instant
from flowtui.session import paths
from flowtui.session.copytext import one_line
from flowtui.session.sittings import Sitting, Sittings


def list_sittings() -> None:
    """Print id, time, source and way of each, the latest first."""
    sittings = Sittings(paths.sittings_dir())
    found = sittings.all()
    for sitting in found:
        click.echo(_line(sitting, sittings.is_open(sitting.id)))
    if not found:
        say("There is no sitting yet: one is kept whenever the screen is open.")


def _line(sitting: Sitting, is_open: bool) -> str:
    saved = format_instant(sitting.saved)
    return one_line(
        f"{sitting.id}  {saved}  {sitting.outcome(is_open):<15}  {sitting.source}  {sitting.way}"
    )
