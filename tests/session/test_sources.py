from __future__ import annotations

import threading
from pathlib import Path

import pytest

from flowtui.errors import ConfigError
from flowtui.session.config import Config, SourceConfig
from flowtui.session.sources import (
    Source,
    SourceKind,
    resolve_source,
    write_demo_if_missing,
)

CONFIG = Config(
    source="prod",
    sources={
        "prod": SourceConfig(path="/data/prod", format="${version}"),
        "lake": SourceConfig(athena="athena://logs.flows", profile="audit", region="eu-west-1"),
        "bucket": SourceConfig(s3="s3://bucket/logs"),
    },
)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a b.log").touch()


@pytest.mark.parametrize(
    ("text", "kind", "location"),
    [
        ("prod", SourceKind.LOCAL, "/data/prod"),
        ("", SourceKind.LOCAL, "/data/prod"),
        ("lake", SourceKind.ATHENA, "athena://logs.flows"),
        ("bucket", SourceKind.S3, "s3://bucket/logs"),
        ("athena://team@logs.flows", SourceKind.ATHENA, "athena://team@logs.flows"),
        ("s3://bucket/prefix", SourceKind.S3, "s3://bucket/prefix"),
        ("logs", SourceKind.LOCAL, "logs"),
        ("logs/a b.log", SourceKind.LOCAL, "logs/a b.log"),
        ("logs/*.log", SourceKind.LOCAL, "logs/*.log"),
        ("**/*.log", SourceKind.LOCAL, "**/*.log"),
        (".", SourceKind.LOCAL, "."),
    ],
)
def test_a_text_means_one_source(text: str, kind: SourceKind, location: str) -> None:
    """Names, paths, globs, URIs and the default all lead to a kind and a place."""
    source = resolve_source(text, CONFIG)
    assert (source.kind, source.location) == (kind, location)
    assert source.name == (text or "prod")


def test_paths_are_taken_from_home_and_from_file_uris(tmp_path: Path) -> None:
    """`~` and `file://` mean what they mean elsewhere."""
    assert resolve_source("~/logs", CONFIG).location == str(tmp_path / "logs")
    uri = (tmp_path / "logs" / "a b.log").as_uri()
    assert resolve_source(uri, CONFIG).location == str(tmp_path / "logs" / "a b.log")


def test_a_file_called_like_a_pattern_is_the_file(tmp_path: Path) -> None:
    """A name with brackets that exists is not taken for a glob."""
    (tmp_path / "a[1].log").touch()
    assert resolve_source("a[1].log", CONFIG).location == "a[1].log"


def test_what_a_named_source_says_is_kept() -> None:
    """Profile, region and format come from the settings; a format typed now wins."""
    assert resolve_source("lake", CONFIG) == Source(
        SourceKind.ATHENA, "lake", "athena://logs.flows", "", "audit", "eu-west-1"
    )
    assert resolve_source("prod", CONFIG).format == "${version}"
    assert resolve_source("prod", CONFIG, "${srcaddr}").format == "${srcaddr}"


@pytest.mark.parametrize(
    ("text", "config", "message", "hint"),
    [
        ("", Config(), "No source is given", "SOURCE|source is demo"),
        ("lakes", CONFIG, "no source, file or directory named lakes", "Did you mean lake?"),
        ("dmeo", CONFIG, "no source, file or directory named dmeo", "Did you mean demo?"),
        ("none/*.gz", CONFIG, r"No file matches none/\*.gz", "A source is"),
        ("ftp://x/y", CONFIG, "ftp:// is not a kind of source", "A source is"),
    ],
)
def test_what_means_nothing_is_refused_with_a_hint(
    text: str, config: Config, message: str, hint: str
) -> None:
    """A wrong source is a matter of usage, and the message says what would be right."""
    with pytest.raises(ConfigError, match=message) as caught:
        resolve_source(text, config)
    assert any(word in caught.value.hint for word in hint.split("|"))


def test_demo_lives_in_the_cache_and_is_written_once(tmp_path: Path) -> None:
    """The demo is written where the environment wants it, told step by step, then left alone."""
    source = resolve_source("demo", CONFIG)
    assert source.kind is SourceKind.DEMO
    assert Path(source.location).is_relative_to(tmp_path / "cache" / "flowtui")
    told: list[int] = []
    cancelled = threading.Event()
    write_demo_if_missing(source, cancelled, lambda progress: told.append(progress.files_done))
    assert told == sorted(told)
    assert list(Path(source.location).rglob("*.log.gz"))
    told.clear()
    write_demo_if_missing(source, cancelled, lambda progress: told.append(progress.files_done))
    assert told == []
