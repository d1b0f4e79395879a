from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from ptyprocess import PtyProcess

from tests.cli.conftest import HEADER, PROGRAM, Run, record

ENDLESS = (
    "SELECT count(*) AS n FROM flows a, flows b, flows c, flows d"
    " WHERE a.bytes + b.bytes + c.bytes + d.bytes < 0"
)


def rows(text: str) -> list[dict[str, str]]:
    """CSV as printed."""
    return list(csv.DictReader(StringIO(text)))


def test_a_saved_query_answers_on_stdout_and_says_nothing(flowtui: Run, logs: Path) -> None:
    """Rows go to the pipe as CSV; stderr stays empty; the exit code is 0."""
    done = flowtui("query", "top-rejected-pairs", str(logs))
    assert (done.returncode, done.stderr) == (0, "")
    (pair,) = rows(done.stdout)
    assert (pair["srcaddr"], pair["dstaddr"], pair["records"]) == ("10.0.0.1", "10.0.0.2", "2")


@pytest.mark.parametrize("is_cached", [True, False])
def test_the_cache_changes_no_answer(flowtui: Run, logs: Path, is_cached: bool) -> None:
    """Straight from the files, or from the cache once it is built: the same rows."""
    if is_cached:
        built = flowtui("cache", "build", str(logs))
        assert built.stderr == "3 records of 1 files are ready.\n"
    options = [] if is_cached else ["--no-cache"]
    done = flowtui("records", str(logs), "--format", "ndjson", *options)
    assert [json.loads(line)["bytes"] for line in done.stdout.splitlines()].count(2**60 + 1) == 1


@pytest.mark.parametrize(("action", "count"), [("REJECT", "2"), ("ACCEPT", "1")])
def test_the_classic_athena_texts_run_as_they_are(
    flowtui: Run, logs: Path, action: str, count: str
) -> None:
    """SQL written for a table of another shape gives the counts of our own query."""
    sql = (
        "SELECT sourceaddress, destinationaddress, count(*) cnt FROM vpc_flow_logs "
        f"WHERE action = '{action}' GROUP BY sourceaddress, destinationaddress "
        "ORDER BY cnt desc LIMIT 10;"
    )
    done = flowtui("query", "-", str(logs), input=sql)
    (pair,) = rows(done.stdout)
    assert pair["cnt"] == count
    assert "sourceaddress" in pair


def test_sql_comes_from_a_file_with_parameters(flowtui: Run, logs: Path, tmp_path: Path) -> None:
    """A file of the user's runs by its path, and takes its parameters."""
    file = tmp_path / "mine.sql"
    file.write_text(
        '-- title = "Mine"\n-- [params.port]\n-- type = "port"\n-- default = "22"\n'
        "SELECT count(*) AS n FROM flows WHERE dstport = :port\n"
    )
    assert rows(flowtui("query", str(file), str(logs)).stdout) == [{"n": "2"}]
    done = flowtui("query", str(file), str(logs), "--param", "port=443")
    assert rows(done.stdout) == [{"n": "1"}]


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--action", "ACCEPT"], 1),
        (["--port", "22,443"], 3),
        (["--src", "10.0.0.8/29"], 1),
        (["--ip", "10.0.0.2"], 3),
        (["--filter", "-dstport:22"], 1),
        (["--filter", "bytes>1000", "--action", "REJECT"], 0),
        (["--since", "2025-11-24T16:00Z", "--until", "2025-11-24T17:00Z"], 3),
        (["--until", "2025-11-24T15:00Z"], 0),
        (["--since", "1h"], 0),
    ],
)
def test_filters_narrow_the_records(
    flowtui: Run, logs: Path, options: list[str], count: int
) -> None:
    """Each option narrows, alone and together."""
    done = flowtui("records", str(logs), *options)
    assert done.returncode == 0, done.stderr
    assert len(rows(done.stdout)) == count


def test_a_result_without_rows_keeps_its_columns(flowtui: Run, logs: Path) -> None:
    """Nothing found is a heading and exit code 0."""
    done = flowtui("records", str(logs), "--port", "9")
    assert {"srcaddr", "dstaddr", "end", "log_status"} <= set(done.stdout.strip().split(","))
    assert (done.returncode, done.stderr) == (0, "flowtui: No rows.\n")


def test_a_time_that_misses_the_data_is_said(flowtui: Run, logs: Path) -> None:
    """Bounds that a time of day came to are told, and the data's own where they are known."""
    bounds = ("records", str(logs), "--since", "2026-01-01T14:00Z", "--until", "15:00")
    told = "No rows. The time asked for is from:2026-01-01T14:00Z to:2026-01-01T15:00Z."
    assert told in flowtui(*bounds).stderr
    flowtui("cache", "build", str(logs))
    done = flowtui(*bounds)
    assert "No rows. The time asked for lies after the data, which spans 2025-11-24" in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("arguments", [["LOGS"], ["open", "LOGS"], ["demo"]])
def test_a_screen_without_a_terminal_is_refused(
    flowtui: Run, logs: Path, arguments: list[str]
) -> None:
    """Started from cron or a pipe it ends at once, and does not wait for keys that never come."""
    done = flowtui(*(str(logs) if word == "LOGS" else word for word in arguments))
    assert "The screen needs a terminal, and standard input is none." in done.stderr
    assert (done.returncode, done.stdout) == (2, "")


def test_the_sql_is_shown_whole_and_not_run(flowtui: Run, logs: Path) -> None:
    """`--sql` prints Athena's SQL with the filter in it."""
    done = flowtui("query", "top-rejected-pairs", str(logs), "--src", "10.0.0.0/8", "--sql")
    assert "GROUP BY" in done.stdout
    assert "10.0.0" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["query", "top-rejected-pairs", "/none"], 2, "no source, file or directory named /none"),
        (["query", "top-rejected-pairs"], 2, "No source is given"),
        (["query", "top-rejekted-pairs", "LOGS"], 2, "Did you mean top-rejected-pairs?"),
        (["query", "none.sql", "LOGS"], 2, "none.sql cannot be read"),
        (["query", "SELECT 1", "LOGS"], 2, "SQL comes from a file, or from stdin"),
        (["query", "top-rejected-pairs", "LOGS", "--param", "lmt=1"], 2, "it has limit"),
        (["query", "records-of-ip", "LOGS"], 2, "records-of-ip needs ip=CIDR"),
        (["records", "LOGS", "--port", "22x"], 2, "  port:22x\n       ^^^\n"),
        (["records", "LOGS", "--filter", "colour:red"], 2, "  colour:red\n  ^^^^^^\n"),
        (["records", "LOGS", "--since", "soon"], 2, "  from:soon\n       ^^^^\n"),
        (["records", "LOGS", "--format", "xml"], 2, "--format is one of table, csv"),
        (["records", "LOGS", "--timeout", "soon"], 2, "not a duration"),
        (["records", "LOGS", "--log-format", "${srcaddr} $!"], 2, "Not a flow log format"),
        (["records", "athena://flows"], 2, "athena://[WORKGROUP@]"),
        (["--colour"], 2, "No such option"),
    ],
)
def test_wrong_usage_is_two_and_says_what_would_be_right(
    flowtui: Run, logs: Path, arguments: list[str], code: int, message: str
) -> None:
    """Every mistake of usage is told on stderr, and stdout stays empty."""
    done = flowtui(*(str(logs) if word == "LOGS" else word for word in arguments))
    assert message in done.stderr
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT nonsense FROM flows", 1),
        ("DROP TABLE flows", 2),
        ("SELECT * FROM read_csv('/etc/passwd')", 2),
        ("SELECT 1; SELECT 2", 2),
        ("this is no SQL", 2),
        ("", 2),
    ],
)
def test_sql_that_cannot_run_is_told_apart_from_sql_that_must_not(
    flowtui: Run, logs: Path, sql: str, code: int
) -> None:
    """A query that fails is 1, one that is refused is 2; neither prints data."""
    done = flowtui("query", "-", str(logs), input=sql)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert done.stderr.startswith("flowtui: ")
    assert "Traceback" not in done.stderr


def test_what_is_left_out_is_said_and_strict_makes_it_count(flowtui: Run, logs: Path) -> None:
    """Bad lines are told by file on stderr with exit code 0, or 3 with --strict; rows stay."""
    (logs / "b.log").write_text(HEADER + "2 half a line\n" + record("10.0.0.5"))
    for options, code in (([], 0), (["--strict"], 3)):
        done = flowtui("query", "top-rejected-pairs", str(logs), *options)
        assert done.returncode == code
        assert len(rows(done.stdout)) == 2
        assert f"{logs}/b.log: 1 line left out, the first is line 2" in done.stderr


def test_a_headerless_log_is_read_with_the_remedy_of_its_message(
    flowtui: Run, tmp_path: Path
) -> None:
    """The option that the message names exists, and mends it."""
    log = tmp_path / "plain.log"
    log.write_text("10.0.0.1 10.0.0.2 REJECT\n")
    refused = flowtui("records", str(log))
    assert refused.returncode != 0
    assert "--format '${version}" in refused.stderr
    for option in ("--format", "--log-format"):
        done = flowtui("records", str(log), option, "${srcaddr} ${dstaddr} ${action}")
        assert rows(done.stdout) == [
            {"srcaddr": "10.0.0.1", "dstaddr": "10.0.0.2", "action": "REJECT"}
        ]


def test_a_named_source_and_a_default_come_from_the_settings(
    flowtui: Run, logs: Path, home: dict[str, str]
) -> None:
    """A name from config.toml stands for its path, and the default for no name at all."""
    config = Path(home["XDG_CONFIG_HOME"], "flowtui", "config.toml")
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(f"source = 'prod'\n[sources.prod]\npath = '{logs}'\n")
    try:
        assert flowtui("records", "prod").stdout == flowtui("records").stdout != ""
        config.write_text("source = 'prod'\n[sources.prod]\npth = 'x'\n")
        broken = flowtui("records")
    finally:
        config.unlink()
    assert broken.returncode == 2
    assert f"{config}:3: sources.prod.pth is not a setting" in broken.stderr
    assert "sources.prod.path" in broken.stderr


def test_a_pipe_that_closes_is_quiet(logs: Path, home: dict[str, str]) -> None:
    """After `| head` nothing is said, and it is no error."""
    (logs / "big.log").write_text(HEADER + record() * 50_000)
    line = f"{PROGRAM} records {logs} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", line], env=home, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[1:] == ["0"]
    assert done.stderr == ""


@pytest.mark.pty
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_running_query(
    logs: Path, home: dict[str, str], tmp_path: Path, number: int, code: int
) -> None:
    """Ctrl-C cancels the query, prints no data, and the exit code is the shell's own."""
    (logs / "big.log").write_text(HEADER + record() * 5_000)
    (tmp_path / "endless.sql").write_text(ENDLESS)
    line = f"exec {PROGRAM} query {tmp_path}/endless.sql {logs} > {tmp_path}/rows.csv"
    process = PtyProcess.spawn(["sh", "-c", line], env=home)
    said = b""
    while b"RUNNING" not in said:
        said += process.read(65536)
    process.kill(number)
    while b"Interrupted; the query was cancelled" not in said:
        said += process.read(65536)
    assert process.wait() == code
    assert (tmp_path / "rows.csv").read_bytes() == b""


def test_a_query_that_takes_too_long_is_cancelled(flowtui: Run, logs: Path) -> None:
    """`--timeout` ends in exit code 4 and no data."""
    (logs / "big.log").write_text(HEADER + record() * 5_000)
    done = flowtui("query", "-", str(logs), "--timeout", "1s", input=ENDLESS)
    assert (done.returncode, done.stdout) == (4, "")
    assert "Timed out after 1 s; the query was cancelled" in done.stderr


@pytest.mark.pty
def test_a_terminal_gets_a_table_and_no_control_characters(
    logs: Path, home: dict[str, str]
) -> None:
    """In a terminal rows are a table; a hostile value is shown, not obeyed."""
    (logs / "c.log").write_text(HEADER + record("\x1b]0;owned\x07"))
    process = PtyProcess.spawn(
        [PROGRAM, "records", str(logs), "--action", "REJECT"], env=home, dimensions=(24, 400)
    )
    shown = b""
    while True:
        try:
            shown += process.read(65536)
        except EOFError:
            break
    assert process.wait() == 0
    assert b"srcaddr" in shown
    assert "───".encode() in shown
    assert b"\x1b]0;" not in shown


def test_a_hostile_file_name_is_said_harmlessly(flowtui: Run, logs: Path) -> None:
    """Escape sequences in a file name do not reach the terminal through stderr."""
    (logs / "\x1b]0;owned\x07.log").write_text("not a flow log at all, is it\n")
    done = flowtui("records", str(logs))
    assert "\x1b" not in done.stderr + done.stdout
    assert r"\x1b]0;owned\x07.log" in done.stderr


def test_every_command_has_help_with_an_example(flowtui: Run) -> None:
    """`--help` and `-h` work everywhere; those with arguments show how."""
    for command in (
        [], ["open"], ["demo"], ["query"], ["records"], ["queries"], ["cache"], ["doctor"],
        ["completion"],
    ):  # fmt: skip
        done = flowtui(*command, "--help")
        assert done.returncode == 0
        assert "Examples:" in done.stdout
        assert flowtui(*command, "-h").stdout == done.stdout
    for command in (["cache", "list"], ["cache", "build"], ["cache", "prune"], ["cache", "clear"]):
        assert flowtui(*command, "--help").returncode == 0


def test_exit_codes_are_documented(flowtui: Run) -> None:
    """The help lists every exit code."""
    told = flowtui("query", "--help").stdout
    assert all(f"\n    {code:<4} " in told for code in (0, 1, 2, 3, 4, 130))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_completes(flowtui: Run, home: dict[str, str], shell: str) -> None:
    """The script of each shell is printed, and query names complete."""
    assert "_FLOWTUI_COMPLETE" in flowtui("completion", shell).stdout
    words = {"COMP_WORDS": "flowtui query top-", "COMP_CWORD": "2"}
    done = subprocess.run(
        [PROGRAM], env=home | words | {"_FLOWTUI_COMPLETE": "bash_complete"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "plain,top-rejected-pairs" in done.stdout.splitlines()


def test_what_was_fetched_from_s3_is_listed_and_cleared(flowtui: Run, home: dict[str, str]) -> None:
    """Objects kept here take room too: they are counted, and go by source or all together."""
    root = Path(home["XDG_CACHE_HOME"]) / "flowtui" / "s3"
    for name in ("one/a/1.log", "one/b/2.log", "two/3.log"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x" * 1000)
    assert "3.0 kB fetched from S3" in flowtui("cache", "list").stderr
    assert flowtui("cache", "clear", "s3://one/a").stderr == "1.0 kB deleted.\n"
    assert flowtui("cache", "clear", "s3://one/../../").stderr == "0 B deleted.\n"
    assert (root / "one" / "b" / "2.log").exists()
    flowtui("cache", "clear")
    assert not root.exists()
    assert "fetched" not in flowtui("cache", "list").stderr


def test_the_cache_is_listed_pruned_and_cleared(flowtui: Run, logs: Path) -> None:
    """What was converted is listed by source; clearing one source leaves the others."""
    assert flowtui("cache", "build", str(logs)).returncode == 0
    listed = flowtui("cache", "list").stdout
    assert str(logs) in listed
    assert "3 records" in listed
    assert flowtui("cache", "clear", str(logs)).returncode == 0
    assert str(logs) not in flowtui("cache", "list").stdout
    flowtui("cache", "build", str(logs))
    flowtui("cache", "prune", "--limit", "0")
    assert flowtui("cache", "list").stdout == ""


def test_doctor_tells_what_a_source_holds(flowtui: Run, logs: Path) -> None:
    """Doctor names route, places, fields, records, and the newest record."""
    done = flowtui("doctor", str(logs))
    assert done.returncode == 0, done.stdout
    for told in (
        "route: ",
        "records: 3",
        "newest record: 2025-11-24T16:01",
        "srcaddr",
        "flowtui: ",
    ):
        assert told in done.stdout


def test_doctor_fails_where_something_is_bad(flowtui: Run, tmp_path: Path) -> None:
    """A directory without logs is bad, and so is the exit code."""
    done = flowtui("doctor", str(tmp_path))
    assert done.returncode == 1
    assert "✗" in done.stdout


def test_environment_is_all_that_decides_where_things_go(
    flowtui: Run, logs: Path, home: dict[str, str]
) -> None:
    """Nothing is written outside the XDG directories, nor beside the logs."""
    before = sorted(os.listdir(logs))
    flowtui("cache", "build", str(logs))
    assert sorted(os.listdir(logs)) == before
    made = {entry.name for entry in Path(home["HOME"]).iterdir()}
    assert made <= {"cache", "state", "config"}


def test_a_detection_is_shown_with_what_it_means(flowtui: Run) -> None:
    """Severity, technique by name, both cases, and what is next."""
    shown = flowtui("queries", "vertical-scan").stdout
    assert "MITRE ATT&CK: T1046 Network Service Discovery\n" in shown
    assert "Severity: medium\n" in shown
    assert "An attack looks like this: Ports in order" in shown
    assert "Everyday traffic looks like this: A vulnerability scanner" in shown
    assert "(scan-succeeded)\n" in shown
