"""What there is to open on Athena: profiles, regions, work groups, databases, tables.

Everything here blocks; worker threads only. The screen stands on this, and knows no driver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.session.aws import MfaCode, aws_clients

if TYPE_CHECKING:
    from flowtui.engines.athena.profiles import Profile

CATALOG = "AwsDataCatalog"


@dataclass(frozen=True, slots=True)
class TableOffer:
    """A table, and why it looks like flow logs."""

    name: str
    why: str
    """Empty where it does not."""
    is_partitioned: bool
    is_view: bool = False


@dataclass(frozen=True, slots=True)
class ResultsPlace:
    """Where a work group puts results."""

    is_known: bool
    """False where its settings may not be read."""
    is_needed: bool
    """True where the person has to name a place."""


def profiles() -> list[Profile]:
    """What the AWS chain takes by itself (the unnamed one), then the profiles by name."""
    from flowtui.engines.athena.profiles import profiles as found

    return found()


def regions() -> list[str]:
    """Regions with Athena."""
    from flowtui.engines.athena.profiles import regions as found

    return found()


class Catalogue:
    """What one identity sees in one region.

    Args:
        profile: Empty: as the AWS chain finds it.
        region: Empty: the chain's.
        mfa_code: Asks the person for a code.

    Every method raises CredentialsError, ConnectError or ThrottledError with what to do.
    """

    def __init__(self, profile: str, region: str, mfa_code: MfaCode | None) -> None:
        self._clients = aws_clients(profile, region, mfa_code)

    def workgroups(self) -> list[str]:
        """Names of the work groups that may be used, `primary` first."""
        from flowtui.engines.athena.tables import list_workgroups

        return sorted(list_workgroups(self._clients), key=lambda name: (name != "primary", name))

    def results_place(self, workgroup: str) -> ResultsPlace:
        """Whether a work group says where results go."""
        from flowtui.engines.athena.workgroup import read_workgroup

        group = read_workgroup(self._clients, workgroup)
        is_needed = group.is_known and not (group.is_managed or group.output_location)
        return ResultsPlace(group.is_known, is_needed)

    def databases(self) -> list[str]:
        """Names of the databases."""
        from flowtui.engines.athena.tables import list_databases

        return list_databases(self._clients, CATALOG)

    def tables(self, database: str) -> list[TableOffer]:
        """The tables of a database, those that look like flow logs first."""
        from flowtui.engines.athena.tables import list_tables

        offers = [
            TableOffer(
                table.name, table.looks_like_flow_logs(), bool(table.partition_columns),
                table.is_view,
            )
            for table in list_tables(self._clients, CATALOG, database)
        ]  # fmt: skip
        return sorted(offers, key=lambda offer: (not offer.why, offer.name))


def table_location(workgroup: str, database: str, table: str) -> str:
    """`athena://…` of a table."""
    from flowtui.engines.athena.address import TableAddress

    return str(TableAddress(database, table, workgroup=workgroup))
