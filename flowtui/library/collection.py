"""All saved queries: ours, and the user's over them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from flowtui.domain.detections import technique_text
from flowtui.domain.queries import SavedQuery
from flowtui.errors import ConfigError
from flowtui.library.files import QueryFileError, parse_query
from flowtui.library.shipped import SHIPPED

MOST_BYTES: Final = 1_000_000
"""Of a file with a query in it."""
_FOLDER: Final = Path(__file__).with_name("queries")


@dataclass(frozen=True, slots=True)
class BrokenQuery:
    """A file of the user's that cannot be used, and why."""

    path: Path
    message: str
    line: int | None = None
    """Line number from 1, where known."""
    hint: str = ""
    """What to do about it."""

    @property
    def place(self) -> str:
        """`/…/mine.sql, line 3`."""
        return f"{self.path}, line {self.line}" if self.line else str(self.path)


@dataclass(frozen=True, slots=True)
class Library:
    """The saved queries, in the order of the list; ours first, group by group."""

    queries: tuple[SavedQuery, ...]
    broken: tuple[BrokenQuery, ...] = ()
    own: frozenset[str] = frozenset()
    """Slugs of those that are files of the user's."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Headings in list order."""
        return tuple(dict.fromkeys(query.group for query in self.queries))

    @property
    def records(self) -> SavedQuery:
        """The raw records, to which every drill-down leads."""
        return self.get("records")

    def get(self, slug: str) -> SavedQuery:
        """The query of that name.

        Raises:
            ConfigError: There is none; names the nearest one.
        """
        for query in self.queries:
            if query.slug == slug:
                return query
        for broken in self.broken:
            if broken.path.stem == slug:
                raise ConfigError(
                    f"{broken.place}: {broken.message}", broken.hint or "Mend the file."
                )
        close = get_close_matches(slug, [query.slug for query in self.queries], n=1, cutoff=0.5)
        hint = f"Did you mean {close[0]}? " if close else ""
        raise ConfigError(
            f"there is no saved query named {slug!r}", f"{hint}`flowtui queries` lists them all."
        )

    def beside(self, others: tuple[SavedQuery, ...]) -> Library:
        """The same files, and these queries after them in place of others that are no files."""
        files = tuple(query for query in self.queries if not query.named_id)
        return replace(self, queries=(*files, *others))

    def find(self, text: str) -> tuple[SavedQuery, ...]:
        """The queries that hold every word of the text in title, name, tags or description."""
        words = text.casefold().split()
        return tuple(q for q in self.queries if all(word in _haystack(q) for word in words))


def _haystack(query: SavedQuery) -> str:
    texts = (
        query.title, query.slug, query.group, technique_text(query.technique), *query.tags,
        query.description,
    )  # fmt: skip
    return "\n".join(texts).casefold()


def load_library(user_directory: Path | None = None) -> Library:
    """Ours and the user's queries; the same slug in the user's directory takes the place of ours.

    A user's file that cannot be used is listed in `broken` and stops no other one.
    """
    own, broken = _read_own(user_directory) if user_directory else ({}, ())
    shipped = [
        parse_query((_FOLDER / group.lower() / f"{slug}.sql").read_text("utf-8"), slug, group)
        for group, slugs in SHIPPED
        for slug in slugs
        if slug not in own
    ]
    groups = [query.group for query in (*shipped, *own.values())]
    queries = sorted((*shipped, *own.values()), key=lambda query: groups.index(query.group))
    return Library(tuple(queries), broken, frozenset(own))


def _read_own(directory: Path) -> tuple[dict[str, SavedQuery], tuple[BrokenQuery, ...]]:
    own: dict[str, SavedQuery] = {}
    broken: list[BrokenQuery] = []
    for path in _sql_files(directory):
        try:
            own[path.stem] = parse_query(_read(path), path.stem)
        except QueryFileError as error:
            broken.append(BrokenQuery(path, error.message, error.line, error.hint))
        except UnicodeDecodeError:
            broken.append(BrokenQuery(path, "it is not UTF-8 text", hint="Save it as UTF-8."))
        except OSError as error:
            broken.append(BrokenQuery(path, error.strerror or str(error)))
    return own, tuple(broken)


def _read(path: Path) -> str:
    # Opening a pipe would wait for somebody to write to it.
    if path.exists() and not path.is_file():
        raise QueryFileError("it is no file")
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise QueryFileError("it is too long for a query: over 1 MB")
    return data.decode("utf-8")


def _sql_files(directory: Path) -> list[Path]:
    try:
        return sorted(path for path in directory.iterdir() if path.suffix == ".sql")
    except OSError:
        return []
