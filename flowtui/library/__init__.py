"""The saved queries that ship, and reading and writing the files that hold them.

Standard library only: the list is on the screen with the first paint.
"""

from flowtui.library.collection import MOST_BYTES, BrokenQuery, Library, load_library
from flowtui.library.files import QueryFileError, format_query, parse_query

__all__ = [
    "MOST_BYTES",
    "BrokenQuery",
    "Library",
    "QueryFileError",
    "format_query",
    "load_library",
    "parse_query",
]
