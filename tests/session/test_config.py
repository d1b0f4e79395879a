from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from flowtui.errors import ConfigError
from flowtui.session.config import Config, SourceConfig, line_of, load_config

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a config.toml."""

    def writing(text: str) -> Path:
        file = tmp_path / "config.toml"
        file.write_text(text)
        return file

    return writing


def test_no_file_means_defaults(tmp_path: Path) -> None:
    """Nothing has to be configured."""
    assert load_config(tmp_path / "config.toml") == Config()


def test_every_setting_is_read(write: Write) -> None:
    """Each key of the file reaches the setting of its name, in its type."""
    file = write("""
source = "prod"
theme = "textual-light"
zone = "local"
clipboard = "tmux"

[budget]
ask_above = 1
refuse_above = 25.5
price_per_tb = 6.75

[cache]
limit = "5 GiB"

[sources.prod]
path = "~/logs"
format = "${version} ${srcaddr}"

[sources."s 3"]
s3 = "s3://bucket/logs"
region = "eu-central-1"
profile = "audit"

[sources.athena]
athena = "athena://logs.vpc_flow_logs"
output_location = "s3://results/"

[keys]
query.run = "r,ctrl+r"
"trail.back" = "q"
""")
    config = load_config(file)
    assert (config.source, config.theme, config.zone) == ("prod", "textual-light", "local")
    assert config.clipboard == "tmux"
    assert config.budget.ask_above == Decimal(1)
    assert config.budget.refuse_above == Decimal("25.5")
    assert config.budget.price_per_tb == Decimal("6.75")
    assert config.cache.limit == 5 * 2**30
    assert config.sources["prod"] == SourceConfig(path="~/logs", format="${version} ${srcaddr}")
    assert config.sources["s 3"].profile == "audit"
    assert config.sources["athena"].output_location == "s3://results/"
    assert config.keys == {"query.run": "r,ctrl+r", "trail.back": "q"}


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("sorce = 'x'", 1, "sorce is not a setting", "source"),
        (
            "\n# c\n[budget]\nask_abve = 1",
            4,
            "budget.ask_abve is not a setting",
            "budget.ask_above",
        ),
        ("[cache]\nlimt = 1", 2, "cache.limt is not a setting", "cache.limit"),
        ("[sources.a]\npth = '/x'", 2, "sources.a.pth is not a setting", "sources.a.path"),
        ("[soures.a]\npath = '/x'", 1, "soures is not a setting", "sources"),
        ("cache = { limt = 1 }", 1, "cache.limt is not a setting", "cache.limit"),
        ("cache.limt = 1", 1, "cache.limt is not a setting", "cache.limit"),
        ("zone = 'CET'", 1, 'zone must be one of "UTC", "local"', ""),
        ("\ntheme = 3", 2, "theme must be text in quotes", ""),
        ("[budget]\nask_above = 'much'", 2, "budget.ask_above must be an amount", ""),
        ("[budget]\nask_above = true", 2, "budget.ask_above must be an amount", ""),
        ("[budget]\nask_above = -1", 2, "budget.ask_above must be an amount", ""),
        ("[budget]\nask_above = nan", 2, "budget.ask_above must be an amount", ""),
        ("[cache]\nlimit = '5 parsecs'", 2, "cache.limit must be a size", ""),
        ("budget = 3", 1, r"budget must be a table, written \[budget\]", ""),
        ("sources = ['a']", 1, "sources must be a table", ""),
        ("[sources]\na = '/x'", 2, r"sources.a must be a table, written \[sources.a\]", ""),
        ("[sources.a]\nformat = 'x'", 1, "exactly one of path, s3 and athena", ""),
        ("[sources.a]\npath='x'\ns3='y'", 1, "exactly one of path, s3 and athena", ""),
        ("[sources.demo]\npath = '/x'", 1, "demo is the name of the demo source", ""),
        ("[keys]\n'a.b' = 5", 2, "keys.a.b must be text in quotes", ""),
        ("[keys]\nquery.run = 5", 2, "keys.query.run must be text in quotes", ""),
    ],
)
def test_a_mistake_is_pointed_at(
    write: Write, text: str, line: int, message: str, hint: str
) -> None:
    """A wrong key or value names file, line and key, and the nearest key that exists."""
    file = write(text)
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(file)
    assert caught.value.message.startswith(f"{file}:{line}: ")
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2


def test_what_is_not_toml_names_the_place(write: Write) -> None:
    """A syntax error names the file, and line and column in TOML's own words."""
    file = write("source = \n")
    with pytest.raises(ConfigError, match=r"config.toml is not TOML: .*line 1, column 10"):
        load_config(file)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A directory or bytes in place of the file are refused by name."""
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(ConfigError, match=r"config\.toml cannot be read"):
        load_config(tmp_path / "config.toml")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"binary\.toml cannot be read"):
        load_config(binary)


def test_the_line_of_a_key_is_where_it_begins() -> None:
    """Values of several lines and look-alikes in text do not mislead."""
    text = '# key = 1\nother = """\nkey = 1\n"""\n\nkey = [\n  1,\n]\n'
    assert line_of(text, ("key",)) == 6
    assert line_of(text, ("absent",)) is None


def test_the_environment_says_where_the_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """$XDG_CONFIG_HOME is honoured."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "flowtui").mkdir()
    (tmp_path / "flowtui" / "config.toml").write_text("source = 'here'")
    assert load_config().source == "here"
