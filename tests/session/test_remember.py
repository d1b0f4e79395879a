from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from flowtui.errors import ConfigError
from flowtui.session.config import SourceConfig, load_config
from flowtui.session.remember import remember_source, remember_theme, wrong_name

LAKE = SourceConfig(athena="athena://logs.flows", profile="audit", region="eu-west-1")
OWN = """\
# my settings
source = "prod"   # opened first
zone = "local"

[sources.prod]
path = "/var/log/flowlogs"  # mounted

[keys]
query.run = "r,ctrl+r"   # as in my editor
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings are."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "flowtui" / "config.toml"


def test_a_file_is_made_where_there_is_none(config: Path) -> None:
    """The first source makes the file, and its directory, for its owner alone."""
    assert remember_source("lake", LAKE) == config
    assert load_config().sources == {"lake": LAKE}
    assert config.stat().st_mode & 0o077 == 0
    assert config.parent.stat().st_mode & 0o077 == 0


TEXTS = [
    OWN,
    OWN.replace("\n", "\r\n"),
    'sources.prod.path = "/var/log/flowlogs"\n# the end',
    'sources = {prod = {path = "/var/log/flowlogs"}}',
    '[sources]\nprod = {path = "/var/log/flowlogs"}\n[budget]\nask_above = 1\n',
    "",
]
EACH = pytest.mark.parametrize(
    "text", TEXTS, ids=["tables", "crlf", "dotted", "inline", "mixed", "empty"]
)


@EACH
def test_a_theme_is_set_beside_what_was_there(config: Path, text: str) -> None:
    """As a setting of its own at the top, and in place when it is chosen again."""
    config.parent.mkdir()
    config.write_text(text, newline="")
    before = load_config()
    remember_theme("okabe-ito-dark")
    remember_theme("okabe-ito-light")
    assert load_config() == replace(before, theme="okabe-ito-light", path=str(config))
    left = config.read_bytes().decode().replace('theme = "okabe-ito-light"\n', "")
    assert left == text


@EACH
def test_what_was_there_stays_as_it_was(config: Path, text: str) -> None:
    """Every line, its comment too, is there afterwards, and so is every setting."""
    config.parent.mkdir()
    config.write_text(text, newline="")
    before = load_config()
    remember_source("lake", LAKE)
    after = load_config()
    assert after.sources == {**before.sources, "lake": LAKE}
    assert (after.keys, after.zone, after.budget) == (before.keys, before.zone, before.budget)
    written = config.read_bytes().decode()
    if not text.startswith("sources = {"):
        assert all(line in written for line in text.split("\n"))


def test_a_link_stays_a_link_and_rights_stay(config: Path, tmp_path: Path) -> None:
    """Settings that are a link into a repository of dotfiles are changed where they lie."""
    real = tmp_path / "dotfiles.toml"
    real.write_text(OWN)
    real.chmod(0o644)
    config.parent.mkdir()
    config.symlink_to(real)
    remember_source("lake", LAKE)
    assert config.is_symlink()
    assert "lake" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o644
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".config-")] == []


@pytest.mark.parametrize("name", ["", "demo", "prod", "a b", "a.b", 'x"]\n', "../x", "ü", "x" * 65])
def test_names_that_will_not_do(config: Path, name: str) -> None:
    """A name that is taken, or would not stand in TOML or a shell as it is, is refused."""
    config.parent.mkdir()
    config.write_text(OWN)
    assert wrong_name(name, ("prod",))
    with pytest.raises(ConfigError):
        remember_source(name, LAKE)
    assert config.read_text() == OWN


def test_a_broken_file_is_left_alone(config: Path) -> None:
    """Settings that cannot be read are never overwritten."""
    config.parent.mkdir()
    config.write_text("source = \n")
    with pytest.raises(ConfigError):
        remember_source("lake", LAKE)
    assert config.read_text() == "source = \n"


def test_a_full_disk_leaves_the_file_as_it_was(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is replaced whole or not at all, and the message says what to do instead."""
    config.parent.mkdir()
    config.write_text(OWN)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left") as caught:
        remember_source("lake", LAKE)
    assert "by hand" in caught.value.hint
    assert config.read_text() == OWN
    assert [path.name for path in config.parent.iterdir()] == ["config.toml"]


def test_strange_values_come_back_as_they_were(config: Path) -> None:
    """Quotes, backslashes and new lines in a value are text, not TOML."""
    strange = SourceConfig(path='a"b\\c\n[keys]\nx = "y"')
    remember_source("odd", strange)
    assert load_config().sources == {"odd": strange}
