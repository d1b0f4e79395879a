from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flowtui.session.config import SourceConfig, load_config
from flowtui.session.remember import remember_source
from flowtui.session.sources import Aws
from tests.athena_server import AthenaServer
from tests.connecting.conftest import PROGRAM
from tests.connecting.profiles import DEVICE, write_config
from tests.connecting.stage import Stage, stage
from tests.ptyprobe import Probe

DAY = "from:2026-11-23T00:00Z to:2026-11-24T00:00Z"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))


@pytest.fixture
def results(demo_tables: AthenaServer) -> AthenaServer:
    """The server with a work group that names a place for results."""
    client = demo_tables.client("athena")
    configuration = {"ResultConfiguration": {"OutputLocation": "s3://results/"}}
    client.create_work_group(Name="audit", Configuration=configuration)
    client.close()
    return demo_tables


async def to_tables(on: Stage) -> None:
    """By keys to the tables of the database `default`."""
    await on.choose("athena", "Which AWS profile?")
    await on.choose("", "Which work group")
    await on.choose("audit", "In which database?")
    await on.choose("default", "look like flow logs")


async def rows(on: Stage) -> None:
    """Wait for an answer."""
    await on.until(lambda: on.explored and on.explored.course.showing and "SUCCEEDED" in on.shown)


async def test_a_table_is_found_opened_and_kept_by_keys_alone(results: AthenaServer) -> None:
    """Profile, work group, database, table; its reasons are told; Enter keeps it and opens it."""
    async with stage(filter_line=DAY) as on:
        await to_tables(on)
        assert "flows_hive       29 flow log fields, partitioned" in on.shown
        assert "vpc_flow_logs    29 flow log fields, no partitions" in on.shown
        await on.choose("projected", "Keep it under a name?")
        await on.write("", "enter")
        await rows(on)
    kept = load_config().sources["flows-projected"]
    assert kept == SourceConfig(athena="athena://audit@default.flows_projected", region="us-east-1")


async def test_esc_opens_without_writing_and_q_comes_back(results: AthenaServer) -> None:
    """Nothing is written without Enter; from the first view one comes back to the tables."""
    async with stage(filter_line=DAY) as on:
        await to_tables(on)
        await on.choose("projected", "Keep it under a name?")
        await on.write("", "escape")
        await rows(on)
        await on.write("", "q")
        await on.until("look like flow logs")
        assert not load_config().path
        for heading in ("In which database?", "Which work group", "Which AWS profile?",
                        "What to open?"):  # fmt: skip
            await on.write("", "escape")
            await on.until(heading)
        await on.write("", "escape")
        await on.until(lambda: not on.app.is_running)


async def test_a_name_that_will_not_do_is_told_at_once(results: AthenaServer) -> None:
    """A taken name, or the name of a command, is refused in the dialog."""
    remember_source("prod", SourceConfig(path="/logs"))
    async with stage() as on:
        await to_tables(on)
        await on.choose("projected", "Keep it under a name?")
        for name in ("prod", "query", "a b"):
            await on.write("", "ctrl+u")
            await on.write(name, "enter")
            await on.until("A name has" if name == "a b" else f"The name {name} is taken.")
    assert list(load_config().sources) == ["prod"]


async def test_a_work_group_without_a_place_for_results_asks_for_one(
    demo_tables: AthenaServer,
) -> None:
    """The place typed goes with the source; Esc goes back to the work groups."""
    async with stage() as on:
        await on.choose("athena", "Which AWS profile?")
        await on.choose("", "Which work group")
        await on.choose("primary", "names no place")
        await on.write("", "enter")
        await on.until("Not a place in S3")
        await on.write("", "escape")
        await on.until("Which work group")
        await on.choose("primary", "names no place")
        await on.write("results/", "enter")
        await on.until("In which database?")
        await on.choose("default", "look like flow logs")
        await on.choose("hive", "Keep it under a name?")
        await on.write("", "enter")
        await on.until(lambda: on.explored)
    assert load_config().sources["flows-hive"].output_location == "s3://results/"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"code": "AccessDeniedException", "message": "not for you"}, "Access denied while"),
        ({"code": "ThrottlingException", "times": 9}, "AWS asks to slow down"),
        ({"code": "ExpiredTokenException"}, "aws sso login"),
    ],
)
async def test_what_cannot_be_listed_is_told_and_tried_again(
    results: AthenaServer, fault: dict[str, object], said: str
) -> None:
    """The reason stands in place of the list, with what to do; Enter tries again."""
    struck = results.fault("Athena.ListDatabases", **fault)
    async with stage() as on:
        await on.choose("athena", "Which AWS profile?")
        await on.choose("", "Which work group")
        await on.choose("audit", "Try again")
        assert said in on.shown
        struck.release()
        await on.choose("", "In which database?")


async def test_tables_of_other_things_come_last_and_are_not_opened(results: AthenaServer) -> None:
    """A table without the fields of flow logs says so, and choosing it explains."""
    results.run("CREATE EXTERNAL TABLE accesses (elb string) LOCATION 's3://flow-logs/elb/'")
    async with stage() as on:
        await to_tables(on)
        lines = [line.split() for line in on.shown.splitlines()]
        tables = [words[0] for words in lines if "flow" in words and "logs" in words]
        assert "4 of 5" in on.shown
        assert tables[-1] == "accesses"
        await on.choose("accesses", "does not look like VPC flow logs")
        assert on.explored is None


async def test_another_region_can_be_chosen(results: AthenaServer) -> None:
    """The region of a profile is only where one begins."""
    async with stage() as on:
        await on.choose("athena", "Which AWS profile?")
        await on.choose("", "Which work group")
        await on.choose("another", "In which region?")
        await on.choose("eu-north-1", "Which work group")
        assert "Athena › eu-north-1" in on.shown


async def test_named_sources_come_first_and_open(results: AthenaServer) -> None:
    """What the config names stands above everything else, markup in it as text."""
    place = "athena://audit@default.flows_projected"
    remember_source("prod", SourceConfig(athena=place))
    remember_source("odd", SourceConfig(path="/[red]x[/]\x1b[31m"))
    async with stage(filter_line=DAY) as on:
        lines = [line.strip() for line in on.shown.splitlines()]
        assert lines.index(f"prod        {place}") < next(
            i for i, line in enumerate(lines) if line.startswith("Demo")
        )
        assert "/[red]x[/]\\x1b[31m" in on.shown
        await on.write("prod", "enter")
        await rows(on)


async def test_a_source_that_is_not_there_says_so(tmp_path: Path) -> None:
    """A named path that is gone is told on the screen; the screen stays."""
    remember_source("gone", SourceConfig(path=str(tmp_path / "gone")))
    async with stage() as on:
        await on.choose("gone", "There is no file or directory")
        await on.until(lambda: on.explored)
        await on.write("", "q")
        await on.until("What to open?")


async def test_a_directory_is_typed_with_completion(tmp_path: Path) -> None:
    """Tab completes as far as names agree, then what is under the highlight; Enter opens."""
    from tests.cli.conftest import HEADER, record

    for name in ("flowlogs-a", "flowlogs-b"):
        (tmp_path / "logs" / name).mkdir(parents=True)
        (tmp_path / "logs" / name / "one.log").write_text(HEADER + record())
    async with stage() as on:
        await on.write("files", "enter")
        await on.until("A directory, a log file, or a glob")
        await on.write(f"{tmp_path}/l")
        await on.until("logs/")
        await on.write("", "tab")
        await on.until("flowlogs-b/")
        await on.write("f")
        await on.write("", "tab")
        await on.write("", "down", "down", "tab")
        await on.until("one.log")
        await on.write("", "enter")
        await rows(on)
        assert on.explored
        assert on.explored.setting.title == f"{tmp_path}/logs/flowlogs-b/"


async def test_a_bucket_is_opened_for_a_time(demo_tables: AthenaServer) -> None:
    """S3: place, profile, time, name; a time without objects is told, and one comes back."""
    async with stage() as on:
        await on.write("s3", "enter")
        await on.until("Bucket and prefix")
        await on.write("flow-logs/", "enter")
        await on.until("Which AWS profile?")
        await on.choose("", "Which time first?")
        await on.choose("7 days", "Keep it under a name?")
        await on.write("", "enter")
        await on.until(lambda: on.explored)
        assert on.explored
        assert on.explored.setting.filter_line == "last:7d"
    assert load_config().sources["flow-logs"].s3 == "s3://flow-logs/"


async def test_a_code_is_asked_in_a_dialog(
    results: AthenaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An MFA profile asks on the screen, takes six digits only, and hides them."""
    for name, value in write_config(results, tmp_path).items():
        monkeypatch.setenv(name, value)
    async with stage() as on:
        await on.choose("athena", "Which AWS profile?")
        await on.choose("mfa", f"Enter MFA code for {DEVICE}")
        await on.write("12345", "enter")
        await on.until("A code has six digits.")
        await on.write("6")
        assert "123456" not in on.shown.replace(DEVICE, "")
        await on.write("", "enter")
        await on.until("Which work group")
    (call,) = results.ops("STS.AssumeRole")
    assert call.request["TokenCode"] == "123456"


async def test_no_code_is_an_error_that_can_be_tried_again(
    results: AthenaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Esc in the dialog ends the wait; trying again asks again; leaving ends it too."""
    for name, value in write_config(results, tmp_path).items():
        monkeypatch.setenv(name, value)
    async with stage() as on:
        await on.choose("athena", "Which AWS profile?")
        await on.choose("mfa", "Enter MFA code")
        await on.write("", "escape")
        await on.until("No MFA code was given.")
        await on.choose("", "Enter MFA code")
    assert results.ops("STS.AssumeRole") == []


async def test_a_source_that_wants_a_code_asks_while_it_opens(
    results: AthenaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A named source with an MFA profile asks over the screen that explores it."""
    for name, value in write_config(results, tmp_path).items():
        monkeypatch.setenv(name, value)
    source = SourceConfig(athena="athena://audit@default.flows_projected", profile="mfa")
    remember_source("prod", source)
    async with stage(filter_line=DAY) as on:
        await on.choose("prod", "Enter MFA code")
        await on.write("654321", "enter")
        await rows(on)


async def test_the_command_line_decides_over_what_is_chosen(results: AthenaServer) -> None:
    """--region holds on the start screen too."""
    async with stage(Aws(region="eu-north-1")) as on:
        await on.choose("athena", "Which AWS profile?")
        await on.choose("", "Which work group")
        await on.until(lambda: results.ops("Athena.ListWorkGroups"))


def test_nothing_heavy_is_loaded_before_the_first_paint() -> None:
    """The start screen is drawn without AWS libraries, engines and the SQL library."""
    code = (
        "import sys; from flowtui.session.config import Config\n"
        "from flowtui.ui.app import FlowtuiApp\n"
        "from flowtui.session.sources import Aws\n"
        "from flowtui.ui.opening import Openings\n"
        "from flowtui.ui.start.first import first_step\n"
        "screen = FlowtuiApp(Openings(Config()).start(Aws())).get_default_screen()\n"
        "first_step(screen)\n"
        "heavy = ('boto3', 'botocore', 'pyathena', 'duckdb', 'pyarrow', 'sqlglot', 'tomlkit')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.pty
def test_the_program_without_a_source_asks(home: dict[str, str], results: AthenaServer) -> None:
    """On a terminal `flowtui` asks; off it, it says how to name a source."""
    with Probe([PROGRAM], cols=80, rows=24, env=home) as probe:
        probe.wait_for("What to open")
        probe.settle()
        probe.type("athena\r")
        probe.wait_for("Which AWS profile")
        probe.press("ctrl+c")
        probe.settle()
    done = subprocess.run([PROGRAM], env=home, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "No source is given." in done.stderr
