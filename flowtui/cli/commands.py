"""Commands that ask, their options and help; what they do is imported when they do it."""

from __future__ import annotations

from typing import Any

import click

from flowtui.cli import options as shared
from flowtui.cli.group import SETTINGS, cli, slugs_like, source_argument
from flowtui.cli.talk import EXIT_CODES


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
        from flowtui.cli.opening import write_demo

        click.echo(write_demo())
        return
    from flowtui.cli.screen import open_screen

    open_screen("demo", log_format="", no_cache=False, **chosen)


@cli.command(context_settings=SETTINGS, epilog=EXIT_CODES)
@click.argument("name", metavar="NAME|FILE.sql|-", required=False, default="",
                shell_complete=lambda c, p, i: slugs_like(i))  # fmt: skip
@source_argument
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
@source_argument
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
@source_argument
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
@source_argument
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
@click.argument("name", required=False, default="", shell_complete=lambda c, p, i: slugs_like(i))
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
