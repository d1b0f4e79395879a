"""Commands that look after things: what ran, the cache, the set-up, tables, completion."""

from __future__ import annotations

from typing import Any

import click

from flowtui.cli import options as shared
from flowtui.cli.group import SETTINGS, cli, source_argument
from flowtui.cli.talk import EXIT_CODES


@cli.command(context_settings=SETTINGS)
@click.argument("text", required=False, default="")
@click.option("--source", default="", metavar="SOURCE",
              help="Only this one; of Athena also what others ran in its work group.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N")
@click.option("--format", "format", type=click.Choice(["table", "csv", "tsv", "json", "ndjson",
              "markdown"]), help="Default: table on a terminal, else csv.")  # fmt: skip
@click.option("--profile", default="", metavar="NAME", help="AWS profile.")
@click.option("--region", default="", metavar="REGION", help="AWS region.")
def history(text: str, **chosen: Any) -> None:
    """List what ran, the latest first: state, time, bytes, money. TEXT is searched for.

    csv and json also have the filter, the SQL, and the command that gives the same rows.

    \b
    Examples:
      flowtui history
      flowtui history rejected --limit 10
      flowtui history --source athena://logs.flows --format json | jq -r '.[0].command'
    """
    from flowtui.cli.history import print_history

    print_history(text, **chosen)


@cli.command(context_settings=SETTINGS)
def sittings() -> None:
    """List the sittings that `flowtui --resume ID` can take up, the latest first.

    \b
    Examples:
      flowtui sittings
      flowtui --resume 20261124-104207-3f2a
    """
    from flowtui.cli.sittings import list_sittings

    list_sittings()


@cli.group(context_settings=SETTINGS)
def cache() -> None:
    """Look after the converted flow logs in the cache directory.

    Everything in it is made again when it is needed.

    \b
    Examples:
      flowtui cache list
      flowtui cache build /var/log/flowlogs
      flowtui cache clear
    """


@cache.command("list", context_settings=SETTINGS)
def cache_list() -> None:
    """List what is cached: source, size, last used."""
    from flowtui.cli.caches import list_cached

    list_cached()


@cache.command("build", context_settings=SETTINGS)
@source_argument
@shared.log_format_option()
def cache_build(source: str, log_format: str) -> None:
    """Convert a source's new and changed files now, so that questions are answered at once."""
    from flowtui.cli.caches import build_cache

    build_cache(source, log_format)


@cache.command("prune", context_settings=SETTINGS)
@click.option("--limit", metavar="SIZE", help="Keep at most this much: 5GB. Default: cache.limit.")
def cache_prune(limit: str | None) -> None:
    """Delete the least recently used beyond the limit."""
    from flowtui.cli.caches import prune

    prune(limit)


@cache.command("clear", context_settings=SETTINGS)
@source_argument
def cache_clear(source: str) -> None:
    """Delete what is cached of a source, or everything."""
    from flowtui.cli.caches import clear

    clear(source)


@cli.command(context_settings=SETTINGS)
@source_argument
@shared.log_format_option("--format")
@shared.aws_options
@click.option("--write-test", "is_writing", is_flag=True,
              help="Also write, and delete, one small object among the results.")  # fmt: skip
@shared.clipboard_option
def doctor(source: str, clipboard: str | None, **chosen: Any) -> None:
    """Say how flowtui is set up here, and what it can read of a source.

    \b
    Examples:
      flowtui doctor
      flowtui doctor /var/log/flowlogs
      flowtui doctor athena://logs.vpc_flow_logs --profile audit

    On AWS it makes some requests and runs no query; each permission that is missing is named.
    """
    from flowtui.cli.checkup import Examined, check_up

    check_up(Examined(source, clipboard=clipboard or "", **chosen))


@cli.command(context_settings=SETTINGS, epilog=EXIT_CODES)
@click.argument("place", metavar="[S3-LOCATION|FILE|DIRECTORY]", required=False, default="")
@click.option("--table", default="vpc_flow_logs", show_default=True, metavar="NAME")
@click.option("--database", default="", metavar="NAME", help="Default: default.")
@click.option("--location", default="", metavar="S3-URI",
              help="Where the table's files lie: s3://BUCKET/PREFIX/AWSLogs/.")  # fmt: skip
@click.option("--account", "accounts", multiple=True, metavar="ID",
              help="Account of the logs; repeat for several. Default: by the folders.")  # fmt: skip
@click.option("--region", "regions", multiple=True, metavar="REGION",
              help="Region of the logs; repeat for several. Default: by the folders.")  # fmt: skip
@click.option("--partition", type=click.Choice(["none", "day", "hour", "hive"]),
              help="How files of a time are found. Default: as they lie there.")  # fmt: skip
@click.option("--parquet", "is_parquet", is_flag=True, help="The files are Parquet.")
@click.option("--classic", "is_classic", is_flag=True,
              help="The classic table: sourceaddress, numpackets …, no partitions.")  # fmt: skip
@click.option("--fields", default="", metavar="NAMES", help="Fields in the order of the files.")
@click.option("--log-format", default="", metavar="FORMAT",
              help="The same, as the flow log has it: '${version} ${account-id} …'.")  # fmt: skip
@click.option("--flow-log", default="", metavar="ID", help="As this flow log is set up: fl-….")
@click.option("--run", "is_run", is_flag=True, help="Make the table on Athena, after asking.")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@click.option("--workgroup", default="primary", show_default=True, metavar="NAME",
              help="Work group that --run uses.")  # fmt: skip
@click.option("--profile", default="", metavar="NAME", help="AWS profile.")
@click.option("--output-location", default="", metavar="S3-URI",
              help="Where Athena puts results, if its work group does not say.")  # fmt: skip
def ddl(place: str, **chosen: Any) -> None:
    """Print the CREATE EXTERNAL TABLE that fits flow logs; --run makes the table.

    The fields come from --fields or --log-format, from a flow log's set-up, or from the header of
    the newest file at the place; accounts and regions from its folders. It scans nothing.

    \b
    Examples:
      flowtui ddl s3://my-logs/AWSLogs/
      flowtui ddl s3://my-logs/AWSLogs/ --table flows --database logs --run
      flowtui ddl one.log.gz --location s3://my-logs/AWSLogs/
      flowtui ddl --classic --location s3://my-logs/AWSLogs/123456789012/vpcflowlogs/eu-west-1/
      flowtui ddl --flow-log fl-0123456789abcdef0 --table flows
    """
    from flowtui.cli.ddl import print_ddl

    print_ddl(place, **chosen)


@cli.command(context_settings=SETTINGS)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      eval "$(flowtui completion bash)"           in ~/.bashrc
      eval "$(flowtui completion zsh)"            in ~/.zshrc
      flowtui completion fish > ~/.config/fish/completions/flowtui.fish
    """
    from click.shell_completion import get_completion_class

    chosen = get_completion_class(shell)
    assert chosen is not None
    click.echo(chosen(cli, {}, "flowtui", "_FLOWTUI_COMPLETE").source())
