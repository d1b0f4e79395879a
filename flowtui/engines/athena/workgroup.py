"""What a work group decides for its queries. See "WorkGroup", Athena API reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.errors import ConnectError, CredentialsError


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """A work group's settings; those of a group that we may not read are unknown."""

    name: str
    output_location: str = ""
    """Where its results go; empty where it names none."""
    is_enforced: bool = False
    """True where the client's own settings are overridden, silently."""
    is_managed: bool = False
    """True where Athena keeps results itself: no CSV in S3, no result reuse, kept for 24 hours."""
    cutoff_bytes: int | None = None
    """Queries are cancelled, and billed, when they have scanned this much."""
    engine_version: str = ""
    is_known: bool = True
    """False where athena:GetWorkGroup is denied."""

    def output_for(self, wanted: str) -> str:
        """The output location to send: none where the group decides.

        Raises:
            ConnectError: Neither the group nor the caller names one.
        """
        if self.is_managed or (self.is_enforced and self.output_location):
            return ""
        if not (wanted or self.output_location) and self.is_known:
            raise ConnectError(
                f"The work group {self.name} has no place for results.",
                "Give --output-location s3://BUCKET/PREFIX/, or set one in the work group.",
            )
        return wanted


def read_workgroup(clients: AwsClients, name: str) -> WorkGroup:
    """The settings of a work group. One call.

    Raises:
        ConnectError: There is no such group, or it is disabled.
    """
    try:
        with translating(f"reading the work group {name}", clients.settings.profile):
            answer = clients.client("athena").get_work_group(WorkGroup=name)
    except CredentialsError as error:
        if "denied" not in error.message.lower():
            raise
        # Running queries does not need the right to read the group's settings.
        return WorkGroup(name, is_known=False)
    return _workgroup(answer["WorkGroup"])


def _workgroup(details: dict[str, Any]) -> WorkGroup:
    if details.get("State") == "DISABLED":
        raise ConnectError(
            f"The work group {details['Name']} is disabled.",
            "Name another one: athena://WORKGROUP@DATABASE.TABLE",
        )
    settings = details.get("Configuration", {})
    return WorkGroup(
        details["Name"],
        output_location=settings.get("ResultConfiguration", {}).get("OutputLocation", ""),
        is_enforced=bool(settings.get("EnforceWorkGroupConfiguration")),
        is_managed=bool(settings.get("ManagedQueryResultsConfiguration", {}).get("Enabled")),
        cutoff_bytes=settings.get("BytesScannedCutoffPerQuery"),
        engine_version=settings.get("EngineVersion", {}).get("EffectiveEngineVersion", ""),
    )
