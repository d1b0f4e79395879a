"""MFA codes on the command line: asked on the terminal, never in the way of the data."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from flowtui.errors import CredentialsError
from flowtui.session.copytext import one_line


def ask_code() -> Callable[[str], str] | None:
    """What asks for a code; None where nobody looks."""
    return _ask if sys.stderr.isatty() else None


def _ask(prompt: str) -> str:
    # Hidden input is read from the terminal itself, even where stdin is a file of SQL.
    text = one_line(prompt).strip().rstrip(":")
    try:
        return str(click.prompt(text, hide_input=True, err=True)).strip()
    except click.Abort as error:
        raise CredentialsError("No MFA code was given.", "Run it again.") from error
