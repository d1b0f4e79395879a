"""Work groups."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.athena_server.api import Operation
from tests.athena_server.errors import RefusedError
from tests.athena_server.paging import page

_ENGINE = {
    "SelectedEngineVersion": "AUTO",
    "EffectiveEngineVersion": "Athena engine version 3",
}


@dataclass(slots=True)
class WorkGroup:
    """A work group."""

    name: str
    configuration: dict[str, Any]
    description: str = ""
    state: str = "ENABLED"
    created: float = field(default_factory=time.time)

    @property
    def is_enforced(self) -> bool:
        """Whether its settings override the client's."""
        return bool(self.configuration.get("EnforceWorkGroupConfiguration"))

    @property
    def is_managed(self) -> bool:
        """Whether Athena keeps the results itself."""
        managed = self.configuration.get("ManagedQueryResultsConfiguration", {})
        return bool(managed.get("Enabled"))

    @property
    def output_location(self) -> str:
        """Where results go; empty for nowhere."""
        location = self.configuration.get("ResultConfiguration", {}).get("OutputLocation", "")
        return str(location)

    @property
    def cutoff_bytes(self) -> int:
        """Bytes at which a query is cancelled; 0 for no limit."""
        return int(self.configuration.get("BytesScannedCutoffPerQuery", 0))

    def summary(self) -> dict[str, Any]:
        """As in ListWorkGroups."""
        return {
            "Name": self.name,
            "State": self.state,
            "Description": self.description,
            "CreationTime": self.created,
            "EngineVersion": _ENGINE,
        }


class WorkGroups:
    """All work groups; `primary` is always there."""

    def __init__(self) -> None:
        plain = {
            "ResultConfiguration": {},
            "EnforceWorkGroupConfiguration": False,
            "EngineVersion": _ENGINE,
        }
        self._groups = {"primary": WorkGroup("primary", plain)}

    def operations(self) -> dict[str, Operation]:
        """By name."""
        return {
            "CreateWorkGroup": self._create,
            "GetWorkGroup": self._get,
            "ListWorkGroups": self._list,
            "UpdateWorkGroup": self._update,
            "DeleteWorkGroup": self._delete,
        }

    def get(self, name: str) -> WorkGroup:
        """The work group.

        Raises:
            RefusedError: There is none of this name.
        """
        if name not in self._groups:
            raise RefusedError(f"WorkGroup {name} is not found.")
        return self._groups[name]

    def _create(self, request: dict[str, Any]) -> dict[str, Any]:
        name = request["Name"]
        if name in self._groups:
            raise RefusedError(f"WorkGroup {name} is already created.")
        defaults = {"EnforceWorkGroupConfiguration": True, "EngineVersion": _ENGINE}
        configuration = {**defaults, **request.get("Configuration", {})}
        self._groups[name] = WorkGroup(name, configuration, request.get("Description", ""))
        return {}

    def _get(self, request: dict[str, Any]) -> dict[str, Any]:
        group = self.get(request["WorkGroup"])
        return {"WorkGroup": {**group.summary(), "Configuration": group.configuration}}

    def _list(self, request: dict[str, Any]) -> dict[str, Any]:
        summaries = [group.summary() for group in self._groups.values()]
        return page(request, summaries, "WorkGroups", 50)

    def _update(self, request: dict[str, Any]) -> dict[str, Any]:
        group = self.get(request["WorkGroup"])
        group.state = request.get("State", group.state)
        group.description = request.get("Description", group.description)
        updates = dict(request.get("ConfigurationUpdates", {}))
        if "ResultConfigurationUpdates" in updates:
            changed = updates.pop("ResultConfigurationUpdates")
            results = {**group.configuration.get("ResultConfiguration", {}), **changed}
            group.configuration["ResultConfiguration"] = results
        if "ManagedQueryResultsConfigurationUpdates" in updates:
            managed = updates.pop("ManagedQueryResultsConfigurationUpdates")
            group.configuration["ManagedQueryResultsConfiguration"] = managed
        if updates.pop("RemoveBytesScannedCutoffPerQuery", False):
            group.configuration.pop("BytesScannedCutoffPerQuery", None)
        group.configuration.update(updates)
        return {}

    def _delete(self, request: dict[str, Any]) -> dict[str, Any]:
        self._groups.pop(request["WorkGroup"], None)
        return {}
