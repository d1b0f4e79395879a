"""The settings a person writes in `config.toml`, checked key by key.

A wrong key or value names the file, the line, the key, and for a misspelt key the nearest one that
exists.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from flowtui.domain.money import DEFAULT_PRICE
from flowtui.domain.values import parse_size
from flowtui.errors import ConfigError
from flowtui.session.paths import config_file
from flowtui.session.terminal import SIGN_CHOICES, SLOW_LINE_CHOICES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Reader = Callable[[Any], Any]
"""Turns a TOML value into a setting; raises ValueError with what it should have been."""


def _size(value: object) -> int:
    try:
        return parse_size(str(value))
    except ValueError as error:
        raise ValueError('a size, as "20 GB"') from error


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("text in quotes")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError('a list of texts, as ["~/labels.csv"]')
    return tuple(value)


def _money(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**9:
        raise ValueError("an amount of US dollars, as 0.50")
    return Decimal(str(value))


def _whole(least: int, most: int) -> Reader:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"a whole number from {least:,} to {most:,}")
        return value

    return read


def _one_of(*words: str) -> Reader:
    def read(value: object) -> str:
        if value not in words:
            raise ValueError("one of " + ", ".join(f'"{word}"' for word in words))
        return str(value)

    return read


def _as(read: Reader) -> Mapping[str, Reader]:
    return {"read": read}


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One `[sources.NAME]`: a name for where records come from."""

    path: str = field(default="", metadata=_as(_text))
    """File, directory or glob of flow logs; `~` is the home directory."""
    s3: str = field(default="", metadata=_as(_text))
    """`s3://bucket/prefix`."""
    athena: str = field(default="", metadata=_as(_text))
    """`athena://[WORKGROUP@][CATALOG.]DATABASE.TABLE`."""
    format: str = field(default="", metadata=_as(_text))
    """Format of files without a header line, as `${version} ${account-id} …`."""
    profile: str = field(default="", metadata=_as(_text))
    """AWS profile."""
    region: str = field(default="", metadata=_as(_text))
    """AWS region."""
    output_location: str = field(default="", metadata=_as(_text))
    """Where Athena puts results, where the work group does not say."""


@dataclass(frozen=True, slots=True)
class BudgetConfig:
    """`[budget]`: what a question on Athena may cost."""

    ask_above: Decimal = field(default=Decimal("0.50"), metadata=_as(_money))
    """US dollars; a dearer question is asked about first."""
    refuse_above: Decimal | None = field(default=None, metadata=_as(_money))
    """US dollars; a dearer question is refused. Not set: none is."""
    ask_download_above: int = field(default=10**9, metadata=_as(_size))
    """Bytes; a question for which more must be fetched from S3 is asked about first."""
    price_per_tb: Decimal = field(default=DEFAULT_PRICE, metadata=_as(_money))
    """US dollars for each terabyte scanned."""


@dataclass(frozen=True, slots=True)
class CacheConfig:
    """`[cache]`: converted flow logs on this machine."""

    limit: int = field(default=20 * 10**9, metadata=_as(_size))
    """Bytes; beyond it the least recently used go."""


@dataclass(frozen=True, slots=True)
class AthenaConfig:
    """`[athena]`: how questions on Athena run."""

    reuse_minutes: int = field(default=60, metadata=_as(_whole(0, 10_080)))
    """Age at which an earlier result still answers, for nothing; 0: never. At most a week."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; each has a default, so that no file is needed."""

    source: str = field(default="", metadata=_as(_text))
    """What `flowtui` opens when no source is given."""
    theme: str = field(default="", metadata=_as(_text))
    """Theme of the screen; `:` Theme shows them."""
    zone: str = field(default="UTC", metadata=_as(_one_of("UTC", "local")))
    """Zone in which times are shown and typed."""
    resume: str = field(default="offer", metadata=_as(_one_of("offer", "never")))
    """Whether starting offers to go on where the last sitting was cut off."""
    slow_line: str = field(default="auto", metadata=_as(_one_of(*SLOW_LINE_CHOICES)))
    """Whether few bytes are sent to the terminal; `auto` does so over SSH."""
    signs: str = field(default="auto", metadata=_as(_one_of(*SIGN_CHOICES)))
    """Whether lines and signs are drawn beyond ASCII; `auto` does what the locale can."""
    clipboard: str = field(
        default="auto", metadata=_as(_one_of("auto", "osc52", "tmux", "native", "file"))
    )
    """How copied text travels."""
    labels: tuple[str, ...] = field(default=(), metadata=_as(_texts))
    """Files of names for addresses and ports, beside those in the settings' directory."""
    budget: BudgetConfig = BudgetConfig()
    cache: CacheConfig = CacheConfig()
    athena: AthenaConfig = AthenaConfig()
    sources: Mapping[str, SourceConfig] = field(default_factory=dict)
    """Named sources."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Command id to keys, comma between several."""
    path: str = ""
    """The file they were read from; empty where there was none."""


Section = TypeVar("Section", bound="DataclassInstance")


def load_config(path: Path | None = None) -> Config:
    """Read the settings; defaults where there is no file.

    Raises:
        ConfigError: The file cannot be read, or holds something that is not a setting.
    """
    path = path or config_file()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    return _Reading(path, text).config(document)


class _Reading:
    """One reading of one file; knows how to point at a place in it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    def config(self, document: dict[str, Any]) -> Config:
        budget = self.table(document.pop("budget", {}), ("budget",))
        cache = self.table(document.pop("cache", {}), ("cache",))
        athena = self.table(document.pop("athena", {}), ("athena",))
        sources = self.table(document.pop("sources", {}), ("sources",))
        keys = self.table(document.pop("keys", {}), ("keys",))
        return self.section(
            Config,
            document,
            (),
            budget=self.section(BudgetConfig, budget, ("budget",)),
            cache=self.section(CacheConfig, cache, ("cache",)),
            athena=self.section(AthenaConfig, athena, ("athena",)),
            sources={name: self.source(name, value) for name, value in sources.items()},
            keys=self.keys(keys),
            path=str(self.path),
        )

    def section(
        self, cls: type[Section], table: Mapping[str, Any], at: tuple[str, ...], **known: Any
    ) -> Section:
        readers = {f.name: f.metadata["read"] for f in fields(cls) if "read" in f.metadata}
        for key, value in table.items():
            if key not in readers:
                raise self.unknown((*at, key), (*readers, *known))
            known[key] = self.value(readers[key], value, (*at, key))
        return cls(**known)

    def source(self, name: str, value: Any) -> SourceConfig:
        at = ("sources", name)
        if name == "demo":
            raise self.error(at, "demo is the name of the demo source; choose another")
        source = self.section(SourceConfig, self.table(value, at), at)
        if len([place for place in (source.path, source.s3, source.athena) if place]) != 1:
            raise self.error(at, "a source has exactly one of path, s3 and athena")
        return source

    def keys(self, table: Mapping[str, Any]) -> Mapping[str, str]:
        return {
            ".".join(at[1:]): self.value(_text, keys, at) for at, keys in _flat(table, ("keys",))
        }

    def table(self, value: Any, at: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.error(at, f"{'.'.join(at)} must be a table, written [{'.'.join(at)}]")
        return value

    def value(self, read: Reader, value: Any, at: tuple[str, ...]) -> Any:
        try:
            return read(value)
        except ValueError as error:
            raise self.error(at, f"{'.'.join(at)} must be {error}") from error

    def unknown(self, at: tuple[str, ...], known: tuple[str, ...]) -> ConfigError:
        names = [".".join((*at[:-1], name)) for name in known if name != "path" or len(at) > 1]
        near = get_close_matches(".".join(at), names, n=1, cutoff=0.0)
        return self.error(
            at, f"{'.'.join(at)} is not a setting", f"The nearest one is {near[0]}." if near else ""
        )

    def error(self, at: tuple[str, ...], what: str, hint: str = "") -> ConfigError:
        line = line_of(self.text, at)
        place = f"{self.path}:{line}" if line else str(self.path)
        return ConfigError(f"{place}: {what}", hint)


def _flat(table: Mapping[str, Any], at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """`query.run = "r"` is a nested table to TOML, one command id to us."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, (*at, key))
        else:
            yield (*at, key), value


def line_of(text: str, key: tuple[str, ...]) -> int | None:
    """Line, from 1, on which a key of valid TOML first appears; None where it does not.

    Ever longer beginnings of the text are parsed: tomllib keeps no positions, and this is right for
    every way to write a key. It is slow for long files, and runs only to report a mistake.
    """
    lines = text.splitlines(keepends=True)
    begin = 0
    for end in range(1, len(lines) + 1):
        try:
            found: Any = tomllib.loads("".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue
        for name in key:
            found = found.get(name) if isinstance(found, dict) else None
        if found is not None:
            return begin + 1
        begin = end
    return None
