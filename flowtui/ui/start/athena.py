"""From a profile to a table: work groups, databases, tables."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from flowtui.session.sources import Source, SourceKind
from flowtui.ui.start.aws import Chosen, choose_region, keep_or_open
from flowtui.ui.start.steps import Act, Offer, Step

if TYPE_CHECKING:
    from flowtui.session.catalogue import Catalogue, TableOffer
    from flowtui.ui.start.screen import StartScreen


def choose_workgroup(screen: StartScreen, chosen: Chosen) -> None:
    """Let a work group be chosen, or another region."""
    catalogue = screen.start.catalogue(chosen.profile, chosen.region)

    def found() -> Act:
        names = catalogue.workgroups()
        others = partial(choose_region, screen, chosen, partial(choose_workgroup, screen))
        offers = (
            *(
                Offer(name, "", partial(_with_results, screen, catalogue, chosen, name))
                for name in names
            ),
            Offer("Another region", "", others, is_dim=True),
        )
        return lambda: screen.go(Step(chosen.heading, "Which work group pays and decides?", offers))

    screen.load(chosen.heading, "Listing work groups …", found)


def _with_results(screen: StartScreen, catalogue: Catalogue, chosen: Chosen, name: str) -> None:
    chosen = replace(chosen, workgroup=name)

    def found() -> Act:
        if catalogue.results_place(name).is_needed:
            return partial(ask_results, screen, catalogue, chosen)
        return partial(choose_database, screen, catalogue, chosen)

    screen.load(chosen.heading, "Reading the work group …", found)


async def ask_results(screen: StartScreen, catalogue: Catalogue, chosen: Chosen) -> None:
    """Let a place for results be typed, where the work group names none."""
    from flowtui.ui.screens.ask_line import AskLine

    def answered(text: str | None) -> None:
        if text is None:
            screen.action_back()
        else:
            choose_database(screen, catalogue, replace(chosen, output_location=text))

    dialog = AskLine(
        "Where Athena puts results",
        f"The work group {chosen.workgroup} names no place. Give one that you may write to.",
        text="s3://",
        wrong=_wrong_place,
    )
    await screen.app.push_screen(dialog, answered)


def choose_database(screen: StartScreen, catalogue: Catalogue, chosen: Chosen) -> None:
    """Let a database be chosen."""

    def found() -> Act:
        offers = tuple(
            Offer(
                name, "", partial(choose_table, screen, catalogue, replace(chosen, database=name))
            )
            for name in catalogue.databases()
        )
        about = "In which database?" if offers else "There is no database here."
        return lambda: screen.go(Step(chosen.heading, about, offers))

    screen.load(chosen.heading, "Listing databases …", found)


def choose_table(screen: StartScreen, catalogue: Catalogue, chosen: Chosen) -> None:
    """Let a table be chosen; those that look like flow logs say why."""

    def found() -> Act:
        tables = catalogue.tables(chosen.database)
        offers = tuple(_offer(screen, chosen, table) for table in tables)
        return lambda: screen.go(Step(chosen.heading, _about(tables), offers))

    screen.load(chosen.heading, "Listing tables …", found)


def _about(tables: list[TableOffer]) -> str:
    if not tables:
        return "There is no table here. flowtui ddl S3-LOCATION prints one that fits flow logs."
    count = sum(1 for table in tables if table.why)
    if not count:
        return "No table here looks like flow logs. flowtui ddl S3-LOCATION prints one that fits."
    are = "looks like flow logs: it comes" if count == 1 else "look like flow logs: they come"
    return f"{count} of {len(tables)} {are} first."


def _offer(screen: StartScreen, chosen: Chosen, table: TableOffer) -> Offer:
    if not table.why:
        text = (
            f"{table.name} does not look like VPC flow logs: srcaddr, dstaddr, start and end are "
        )
        text += "not all among its columns."
        return Offer(table.name, "no flow logs", partial(screen.note, text), is_dim=True)
    form = "a view" if table.is_view else "partitioned" if table.is_partitioned else "no partitions"
    return Offer(table.name, f"{table.why}, {form}", partial(_open, screen, chosen, table.name))


async def _open(screen: StartScreen, chosen: Chosen, table: str) -> None:
    from flowtui.session.catalogue import table_location

    location = table_location(chosen.workgroup, chosen.database, table)
    source = Source(
        SourceKind.ATHENA, location, location, profile=chosen.profile, region=chosen.region,
        output_location=chosen.output_location,
    )  # fmt: skip
    await keep_or_open(screen, source, "")


def _wrong_place(text: str) -> str:
    from flowtui.errors import ConfigError
    from flowtui.session.sources import check_bucket

    try:
        check_bucket(text)
    except ConfigError as error:
        return f"{error.message}. {error.hint}"
    return ""
