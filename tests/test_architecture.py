"""Rules of the code that a machine can check; see also the import contracts in pyproject.toml."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "flowtui").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

HEAVY = ("textual", "rich", "boto3", "botocore", "pyathena", "duckdb", "pyarrow", "sqlglot")

RUN = """
import sys
from flowtui.cli import cli
status = 0
try:
    cli(sys.argv[1:])
except SystemExit as end:
    status = end.code
print(*(name for name in {heavy} if name in sys.modules), file=sys.stderr)
sys.exit(status)
"""


def loaded_by(*arguments: str) -> set[str]:
    """The heavy libraries that are in memory once a command line has run well."""
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(heavy=HEAVY), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


def test_the_arrows_between_layers_point_one_way() -> None:
    """Every import contract of pyproject.toml holds."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"], ["--version"], ["query", "--help"], ["open", "--help"], ["demo", "--help"],
        ["records", "--help"], ["cache", "--help"], ["doctor", "--help"], ["queries"],
        ["queries", "top-rejected-pairs"], ["completion", "zsh"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_needs_no_engine_loads_none(arguments: list[str]) -> None:
    """Help and lists start without the screen, an engine or the SQL library."""
    assert loaded_by(*arguments) == set()


def test_a_query_on_the_command_line_loads_no_screen(tmp_path: Path) -> None:
    """`flowtui query` answers without Textual and Rich, and without the AWS libraries."""
    log = tmp_path / "one.log"
    log.write_text(
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
        " start end action log-status\n"
        "2 123456789012 eni-0a 10.0.0.1 10.0.0.2 50000 22 6 1 60 1764000000 1764000060 REJECT OK\n"
    )
    loaded = loaded_by("query", "top-rejected-pairs", str(log), "--no-cache")
    assert loaded <= {"duckdb", "pyarrow", "sqlglot"}


def lines(files: list[Path]) -> Iterator[tuple[str, str]]:
    """Place and text of every line."""
    for file in files:
        for number, line in enumerate(file.read_text().splitlines(), 1):
            yield f"{file.relative_to(ROOT)}:{number}", line


def test_threads_are_made_in_one_place() -> None:
    """Only the runner starts workers in threads, and no thread calls into the screen."""
    ui = [file for file in SOURCES if "ui" in file.parts]
    made = [place for place, line in lines(ui) if "thread=True" in line]
    assert [place for place in made if "ui/runner.py" not in place] == []
    assert [place for place, line in lines(ui) if "call_from_thread" in line] == []


def test_silencing_says_what_it_silences() -> None:
    """`type: ignore` and `noqa` always name the rule."""
    bare = re.compile(r"#\s*(type:\s*ignore(?!\[)|noqa(?!:\s*[A-Z]+\d+))")
    files = [file for file in (*SOURCES, *TESTS) if file != Path(__file__)]
    assert [place for place, line in lines(files) if bare.search(line)] == []


HANDED_OVER = {
    "flowtui/ui/runner.py",  # where the screen must live on, whatever failed
    "flowtui/engines/local/raw.py",  # from the thread that reads to the one that asks
}


def test_unforeseen_errors_are_caught_where_the_reason_is_known() -> None:
    """A handler for every exception raises again, or stands in one of the places named above."""
    caught = {
        str(file.relative_to(ROOT))
        for file in SOURCES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    }
    assert caught <= HANDED_OVER


def test_messages_are_dataclasses() -> None:
    """Every message of the screen is a dataclass, so that its facts have names and types."""
    plain = [
        f"{file.relative_to(ROOT)}:{node.name}"
        for file in SOURCES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).split(".")[-1] == "Message" for base in node.bases)
        and not any("dataclass" in ast.unparse(mark) for mark in node.decorator_list)
    ]
    assert plain == []


def test_the_readme_is_short_and_shows_every_screenshot() -> None:
    """At most 250 lines, and exactly the screenshots that are there."""
    readme = (ROOT / "README.md").read_text()
    assert len(readme.splitlines()) <= 250
    shown = set(re.findall(r"screenshots/[\w.-]+\.svg", readme))
    there = {str(file.relative_to(ROOT)) for file in (ROOT / "screenshots").glob("*.svg")}
    assert shown == there


def test_the_top_level_holds_nothing_else() -> None:
    """The project keeps to pyproject.toml, README.md, three folders, and dotfiles."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    top = {line.split("/")[0] for line in listed if not line.startswith(".")}
    assert top <= {"pyproject.toml", "README.md", "flowtui", "tests", "screenshots", "LICENSE"}
