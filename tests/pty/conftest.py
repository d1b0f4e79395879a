"""The program in a terminal, over an Athena that runs here."""

from __future__ import annotations

from tests.athena_server.fixtures import athena, athena_process, demo_objects, demo_tables

__all__ = ["athena", "athena_process", "demo_objects", "demo_tables"]
