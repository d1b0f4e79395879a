from __future__ import annotations

import subprocess
import sys

LISTED = """
import pkgutil, importlib, sys
import flowtui.domain, flowtui.sql
for module in pkgutil.iter_modules(flowtui.domain.__path__):
    importlib.import_module(f"flowtui.domain.{module.name}")
heavy = {"sqlglot", "duckdb", "pyarrow", "boto3", "textual", "rich", "asyncio", "difflib"}
print(sorted(heavy & set(sys.modules)))
"""


def test_naming_the_layer_costs_nothing() -> None:
    """Neither the domain nor the SQL package imports anything heavy before it is used."""
    done = subprocess.run(
        [sys.executable, "-c", LISTED], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
