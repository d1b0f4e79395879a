"""The commands, their options and help; what they do is imported when they do it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from flowtui import __version__
from flowtui.cli import options as shared
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


@cli.command("open", context_settings=SETTINGS, epilog=EXIT_CODES)
@click.argument("source", required=False, default="")
@click.argument("about", required=False, default="")
@click.option("--query", "-q", "slug", metavar="NAME", help="Begin with this saved query.")
@shared.filter_options
@shared.log_format_option("--format")
@click.option("--no-cache", is_flag=True, help="Read straight from the files.")
@shared.aws_options
@shared.screen_options
@click.option("--resume", is_flag=False, flag_value=shared.LATEST, metavar="[ID]",
              help="Stand where the latest sitting stood, or that one.")  # fmt: skip
def open_source(source: str, about: str, **chosen: Any) -> None:
    """Open the screen on a source.

    ABOUT is what to begin with: an address, ADDRESS:PORT, eni-…, i-…, the text of an alarm, or -
    for a text or finding from stdin. Where it stands alone, the source is that of config.toml.

    \b
    Examples:
      flowtui open /var/log/flowlogs
      flowtui '/data/2026/11/*/*.log.gz' --since 6h --action REJECT
      flowtui logs/ --format '${version} ${srcaddr} ${dstaddr} ${action}'
      flowtui prod 203.0.113.9:443
      aws guardduty get-findings … | flowtui prod -
      flowtui --resume
    """
    from flowtui.cli.screen import open_screen

    open_screen(source, about=about, **chosen)


@cli.command(context_settings=SETTINGS)
@click.argument("about", required=False, default="")
@click.option("--query", "-q", "slug", metavar="NAME", help="Begin with this saved query.")
@shared.filter_options
@shared.screen_options
@click.option("--write-only", is_flag=True, help="Write the demo's log files and print where.")
def demo(write_only: bool, **chosen: Any) -> None:
    """Open the screen on a made-up day with a real incident.

    The log files are written to the cache directory on first use, in AWS's own layout.

    \b
    Examples:
      flowtui demo
      flowtui demo --query vertical-scan
      flowtui demo 203.0.113.66
      ls "$(flowtui demo --write-only)"
    """
    if write_only:
        from flowtui.cli.asking import write_demo

        click.echo(write_demo())
        return
    from flowtui.cli.screen import open_screen

    open_screen("demo", log_format="", no_cache=False, **chosen)


@cli.command(context_settings=SETTINGS, epilog=EXIT_CODES)
@click.argument("name", metavar="NAME|FILE.sql|-", required=False, default="",
                shell_complete=lambda c, p, i: _slugs(i))  # fmt: skip
@click.argument("source", required=False, default="", shell_complete=lambda c, p, i: _sources(i))
@click.option("--attach", "query_id", metavar="ID",
              help="In place of NAME: rows of what ran on Athena in the last 45 days.")  # fmt: skip
@click.option("--param", "-p", "parameters", multiple=True, metavar="NAME=VALUE",
              help="A parameter of the saved query; repeat for several.")  # fmt: skip
@click.option("--compare", "against", default="", metavar="previous|-7d|FROM..TO",
              help="Compare with another window of time: new, gone, grown, shrunk.")  # fmt: skip
@shared.filter_options
@shared.source_options
@shared.output_options
def query(name: str, source: str, query_id: str | None, **chosen: Any) -> None:
    """Run a saved query, a file of SQL, or SQL from stdin (-).

    SQL is written in Athena's dialect, over `flows` or any table name.

    \b
    Examples:
      flowtui query top-rejected-pairs demo
      flowtui query top-rejected-pairs demo --since 2026-11-23T14:05Z --param limit=5
      flowtui query vertical-scan logs/ --format json | jq '.[].srcaddr'
      echo 'SELECT action, count(*) AS n FROM flows GROUP BY action' | flowtui query - demo
      flowtui query top-accepted-pairs logs/ --output pairs.parquet
      flowtui query top-rejected-pairs logs/ --filter 'dstport:22 -src:10.0.0.0/8' --sql
      flowtui query top-rejected-pairs athena://logs.flows --last 1h --compare -7d
      flowtui query --attach 0f6c2b1e-… athena://logs.flows
    """
    if query_id is not None:
        if source:
            raise click.UsageError("--attach takes the place of NAME: give SOURCE only.")
        if chosen["against"]:
            raise click.UsageError("--attach shows rows as they are; --compare asks anew.")
        from flowtui.cli.attaching import print_earlier

        print_earlier(query_id, name, **chosen)
        return
    if not name:
        raise click.UsageError("Missing argument 'NAME|FILE.sql|-'.")
    from flowtui.cli.asking import answer

    answer(name, source, **chosen)


@cli.command(context_settings=SETTINGS, epilog=EXIT_CODES)
@click.argument("source", required=False, default="", shell_complete=lambda c, p, i: _sources(i))
@shared.filter_options
@shared.source_options
@shared.output_options
def records(source: str, **chosen: Any) -> None:
    """Print raw records, narrowed by filters.

    \b
    Examples:
      flowtui records demo --ip 10.0.1.20 --port 22 --since 14:00 --until 15:00
      flowtui records logs/ --action REJECT --format ndjson --output rejected.ndjson
    """
    from flowtui.cli.asking import answer

    answer("records", source, parameters=(), **chosen)


@cli.command(context_settings=SETTINGS, epilog=EXIT_CODES)
@click.argument("src", metavar="SRC")
@click.argument("dst", metavar="DST[:PORT]")
@click.argument("source", required=False, default="", shell_complete=lambda c, p, i: _sources(i))
@click.option("--since", metavar="TIME", help="2h (ago), 14:03, 2026-11-24T10:00Z, Unix.")
@click.option("--until", metavar="TIME", help="As --since; the bound itself is outside.")
@click.option("--filter", "line", metavar="LINE",
              help="Of a filter line: where to look (time, account, region, VPC).")  # fmt: skip
@click.option("--rules", "with_rules", is_flag=True,
              help="Also ask AWS which rules match now: EC2 calls, free.")  # fmt: skip
@click.option("--json", "is_json", is_flag=True, help="Verdicts and lanes as JSON.")
@click.option("--sql", "is_sql", is_flag=True, help="Print the finished SQL; run nothing.")
@click.option("--timeout", metavar="DURATION", help="Cancel after this long: 30s, 5m.")
@click.option("--yes", "is_agreed", is_flag=True, help="Agree to what the question costs.")
@shared.source_options
def explain(src: str, dst: str, source: str, **chosen: Any) -> None:
    """Say why SRC is rejected at DST, or not: both directions over time, with the rows.

    Each verdict says how certain it is; what the logs cannot tell is said as well.

    \b
    Examples:
      flowtui explain 10.20.12.77 10.20.20.100:5432 demo
      flowtui explain 10.20.10.51 10.20.30.80:8443 demo --since 2026-11-23T16:00Z --until 17:00
      flowtui explain 10.0.0.5 '[2001:db8::7]:443' athena://logs.flows --since 2h --rules
    """
    from flowtui.cli.explain import print_explanation

    print_explanation(src, dst, source, **chosen)


@cli.command(context_settings=SETTINGS)
@click.argument("source", required=False, default="", shell_complete=lambda c, p, i: _sources(i))
@click.option("--min-severity", "least", default="info", show_default=True,
              type=click.Choice(["info", "low", "medium", "high", "critical"]),
              help="Leave milder findings out.")  # fmt: skip
@shared.filter_options
@shared.source_options
@click.option("--format", "formats", multiple=True, metavar="FORMAT",
              help="table, csv, tsv, json, ndjson or markdown. Default: table on a terminal, else "
              "csv.")  # fmt: skip
@click.option("--output", "-o", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write to a file; its suffix gives the format.")  # fmt: skip
@click.option("--dry-run", "is_dry", is_flag=True,
              help="Say what would be asked, and for how much; run nothing.")  # fmt: skip
@click.option("--timeout", metavar="DURATION", help="Stop after this long: 30s, 5m.")
@click.option("--yes", "is_agreed", is_flag=True, help="Agree to what it costs in all.")
def hunt(source: str, **chosen: Any) -> None:
    """Run every detection of the saved queries, and list what they found, the gravest first.

    One that fails stops no other. What cannot be asked of a source is named; so are lost windows.

    \b
    Examples:
      flowtui hunt demo
      flowtui hunt /var/log/flowlogs --since 24h --min-severity medium
      flowtui hunt athena://logs.flows --since 6h --dry-run
      flowtui hunt logs/ --format markdown --output findings.md
      flowtui hunt logs/ --since 1h --min-severity high --format json || notify

    \b
    Exit codes:
      0    every detection ran, and none found anything of that severity
      1    nothing was found, but a detection or the source failed
      2    wrong usage: an option, filter, setting or query
      4    timed out, or cancelled on the engine
      5    something was found
      130  interrupted (Ctrl-C); what was found until then is printed
    """
    from flowtui.cli.hunt import print_hunt

    print_hunt(source, **chosen)


@cli.command(context_settings=SETTINGS)
@click.argument("name", required=False, default="", shell_complete=lambda c, p, i: _slugs(i))
def queries(name: str) -> None:
    """List the saved queries, or show one: what it answers, its parameters, its SQL.

    \b
    Examples:
      flowtui queries
      flowtui queries top-rejected-pairs
    """
    from flowtui.cli.queries import list_queries, show_query

    if name:
        show_query(name)
    else:
        list_queries()


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
@click.argument("source", required=False, default="", shell_complete=lambda c, p, i: _sources(i))
@shared.log_format_option()
def cache_build(source: str, log_format: str) -> None:
    """Convert a source's new and changed files now, so that questions are answered at once."""
    from flowtui.cli.asking import build_cache

    build_cache(source, log_format)


@cache.command("prune", context_settings=SETTINGS)
@click.option("--limit", metavar="SIZE", help="Keep at most this much: 5GB. Default: cache.limit.")
def cache_prune(limit: str | None) -> None:
    """Delete the least recently used beyond the limit."""
    from flowtui.cli.caches import prune

    prune(limit)


@cache.command("clear", context_settings=SETTINGS)
@click.argument("source", required=False, default="", shell_complete=lambda c, p, i: _sources(i))
def cache_clear(source: str) -> None:
    """Delete what is cached of a source, or everything."""
    from flowtui.cli.caches import clear

    clear(source)


@cli.command(context_settings=SETTINGS)
@click.argument("source", required=False, default="", shell_complete=lambda c, p, i: _sources(i))
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


def _slugs(begin: str) -> Sequence[str]:
    from flowtui.cli.queries import slugs

    return [slug for slug in slugs() if slug.startswith(begin)]


def _sources(begin: str) -> Any:
    """Source names for completion; paths where none begins so."""
    from click.shell_completion import CompletionItem

    from flowtui.session.config import load_config

    try:
        named = ["demo", *load_config().sources]
    except FlowtuiError:
        named = ["demo"]
    fitting = [CompletionItem(name) for name in named if name.startswith(begin)]
    return fitting or [CompletionItem(begin, type="file")]
