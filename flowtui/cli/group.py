"""The program's one command line: its group of commands, what is said of errors, completion."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from flowtui import __version__
from flowtui.cli.talk import EXIT_CODES, FAILED, INTERRUPTED, give_up_stdout, say_error
from flowtui.errors import FlowtuiError

SETTINGS: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Flowtui(click.Group):
    """The commands; anything else in their place is the SOURCE of `open`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = [name for option in self.get_params(ctx) for name in option.opts]
        if not args or args[0] not in (*self.commands, *own):
            args = ["open", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except FlowtuiError as error:
            say_error(error)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            give_up_stdout()
        except OSError as error:
            place = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
            say_error(FlowtuiError(f"{place}{error.strerror or error}"))
            ctx.exit(FAILED)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        return result


@click.group(cls=_Flowtui, context_settings=SETTINGS, epilog=EXIT_CODES, no_args_is_help=False)
@click.version_option(__version__, prog_name="flowtui")
def cli() -> None:
    """Explore AWS VPC Flow Logs.

    \b
    Examples:
      flowtui demo                     a day with an incident in it, to try things on
      flowtui /var/log/flowlogs        open the screen on a directory of flow logs
      flowtui --resume                 go on where the last screen was left
      flowtui query top-rejected-pairs /var/log/flowlogs --since 2h
      flowtui records /var/log/flowlogs --ip 10.0.1.20 --port 22 --format csv

    SOURCE is demo, a file, a directory, a glob in quotes, s3://BUCKET/PREFIX/,
    athena://[WORKGROUP@]DATABASE.TABLE, or a name from [sources.NAME] in config.toml.
    `flowtui SOURCE` is short for `flowtui open SOURCE`.
    """


def slugs_like(begin: str) -> Sequence[str]:
    """Names of saved queries for completion."""
    from flowtui.cli.queries import slugs

    return [slug for slug in slugs() if slug.startswith(begin)]


def _sources_like(begin: str) -> Any:
    """Source names for completion; paths where none begins so."""
    from click.shell_completion import CompletionItem

    from flowtui.session.config import load_config

    try:
        named = ["demo", *load_config().sources]
    except FlowtuiError:
        named = ["demo"]
    fitting = [CompletionItem(name) for name in named if name.startswith(begin)]
    return fitting or [CompletionItem(begin, type="file")]


source_argument: Final = click.argument(
    "source", required=False, default="", shell_complete=lambda c, p, i: _sources_like(i)
)
