"""How fast questions on local files are answered, against plain DuckDB over the same files.

    python tests/bench/bench_query.py DIRECTORY [--cache DIRECTORY] [--rounds N]

DIRECTORY holds logs made by `gen_flowlogs.py`, with its `manifest.json`. Each way runs in a process
of its own, so that start-up and memory count; figures are medians of ratios within a round. The
cache is filled before the first round, where it is not full yet.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

QUESTION = (
    "SELECT srcaddr, dstaddr, count(*) AS cnt FROM {table} WHERE action = 'REJECT' "
    "GROUP BY srcaddr, dstaddr ORDER BY cnt DESC, srcaddr, dstaddr LIMIT 10"
)

_REPORT = """
import json, resource
def report(**figures):
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = used.ru_utime + used.ru_stime
    took_s = time.perf_counter() - began
    print(json.dumps({"s": took_s, "cpu_s": cpu_s, "mib": used.ru_maxrss / 1024, **figures}))
"""
_DUCKDB = f"""
import sys, time
began = time.perf_counter()
import duckdb
{_REPORT}
files, columns, question = sys.argv[1:]
table = (
    f"read_csv('{{files}}', delim=' ', header=true, nullstr='-', auto_detect=false, "
    f"columns={{columns}})"
)
report(rows=duckdb.sql(question.replace("{{table}}", table)).fetchall())
"""
_FLOWTUI = f"""
import sys, time
began = time.perf_counter()
from pathlib import Path
from flowtui.domain.executions import Statement
from flowtui.engines.local.engine import LocalEngine
{_REPORT}
logs, cache, question = sys.argv[1:]
engine = LocalEngine(logs, name="bench", cache_root=Path(cache) if cache else None)
engine.connect()
statement = Statement(
    question.replace("{{table}}", "vpc_flow_logs"), fields=("srcaddr", "dstaddr", "action")
)
id = engine.submit(statement)
while not (execution := engine.wait(id, 10)).state.is_terminal:
    pass
assert execution.error is None, execution.error
report(rows=engine.results(id).page(0, 10).rows, query_s=execution.elapsed_ms / 1000)
engine.close()
"""
_PAGE = f"""
import sys, threading, time
from pathlib import Path
from flowtui.domain.executions import Refinement, SortKey, Statement
from flowtui.engines.local.engine import LocalEngine
{_REPORT}
logs, cache, limit = sys.argv[1:]
engine = LocalEngine(logs, name="bench", cache_root=Path(cache))
engine.connect()
engine.prepare(threading.Event(), lambda progress: None)
began = time.perf_counter()
id = engine.submit(Statement(f"SELECT * FROM vpc_flow_logs LIMIT {{limit}}"))
while not engine.wait(id, 10).rows_ready:
    pass
assert len(engine.results(id).page(0, 50).rows) == 50
first_page_s = time.perf_counter() - began
while not (execution := engine.wait(id, 10)).state.is_terminal:
    pass
assert execution.rows_ready == int(limit), execution
results = engine.results(id)
complete_s = time.perf_counter() - began
down = Refinement((SortKey("srcaddr", True),))
results.page(0, 50, down)
sorted_s = time.perf_counter() - began - complete_s
began_page = time.perf_counter()
results.page(int(limit) // 2, 200, down)
report(
    first_page_s=first_page_s, complete_s=complete_s, sort_s=sorted_s,
    sorted_page_s=time.perf_counter() - began_page,
)
engine.close()
"""
_CONVERT = """
import sys, threading
from pathlib import Path
from flowtui.engines.local.engine import LocalEngine
engine = LocalEngine(sys.argv[1], name="bench", cache_root=Path(sys.argv[2]))
engine.connect()
engine.prepare(threading.Event(), lambda progress: None)
engine.close()
"""
_NUMBERS = {"version", "srcport", "dstport", "protocol", "tcp-flags", "traffic-path"}
_LONG_NUMBERS = {"packets", "bytes", "start", "end"}


def run(script: str, *arguments: str) -> dict[str, float | list[list[object]]]:
    """Figures that a script reports from a process of its own."""
    shown = subprocess.run(
        [sys.executable, "-c", script, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    figures: dict[str, float | list[list[object]]] = json.loads(shown.stdout.splitlines()[-1])
    return figures


def columns_of(directory: Path) -> str:
    """The `columns` argument of read_csv for the logs."""
    fields = json.loads((directory / "manifest.json").read_text())["fields"]
    types = {
        field: "INTEGER" if field in _NUMBERS else "BIGINT" if field in _LONG_NUMBERS else "VARCHAR"
        for field in fields
    }
    pairs = ", ".join(f"'{field.replace('-', '_')}': '{type}'" for field, type in types.items())
    return f"{{{pairs}}}"


def median(values: list[float]) -> str:
    """A median and the span of the values."""
    return f"{statistics.median(values):.3f} ({min(values):.3f} … {max(values):.3f})"


def main() -> None:
    """Run all ways in turn, round by round, and print the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "bench-cache")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    logs, cache = str(options.directory / "AWSLogs"), str(options.cache)
    files, columns = f"{logs}/**/*.log.gz", columns_of(options.directory)
    subprocess.run([sys.executable, "-c", _CONVERT, logs, cache], check=True)
    figures: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        plain = run(_DUCKDB, files, columns, QUESTION)
        first = run(_FLOWTUI, logs, "", QUESTION)
        warm = run(_FLOWTUI, logs, cache, QUESTION)
        assert plain["rows"] == first["rows"] == warm["rows"], (plain, first, warm)
        few, many = run(_PAGE, logs, cache, "1000"), run(_PAGE, logs, cache, "1000000")
        for name, value in {
            "plain DuckDB, s": plain["s"],
            "plain DuckDB, MiB": plain["mib"],
            "first question, s": first["s"],
            "first question / plain": first["s"] / plain["s"],  # type: ignore[operator]
            "first question / plain, by processor time": first["cpu_s"] / plain["cpu_s"],  # type: ignore[operator]
            "first question, MiB": first["mib"],
            "warm question, s": warm["s"],
            "warm question / plain": warm["s"] / plain["s"],  # type: ignore[operator]
            "warm question / plain, by processor time": warm["cpu_s"] / plain["cpu_s"],  # type: ignore[operator]
            "warm question, its query alone, s": warm["query_s"],
            "warm question, MiB": warm["mib"],
            "first page of 1,000 rows, s": few["first_page_s"],
            "first page of 1,000,000 rows, s": many["first_page_s"],
            "first page, 1,000,000 / 1,000": many["first_page_s"] / few["first_page_s"],  # type: ignore[operator]
            "1,000,000 rows complete, s": many["complete_s"],
            "1,000,000 rows sorted by address, s": many["sort_s"],
            "page in the middle of the sorted rows, s": many["sorted_page_s"],
            "1,000,000 rows, MiB": many["mib"],
        }.items():
            figures.setdefault(name, []).append(value)  # type: ignore[arg-type]
    for name, values in figures.items():
        print(f"{name:45} {median(values)}")


if __name__ == "__main__":
    main()
