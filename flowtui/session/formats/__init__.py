"""What rows can be copied as; each form is a function from rows to text.

Rows as TSV, CSV, JSON, NDJSON and Markdown come from the writers of `engines.export`, as files do;
here is what makes their text harmless, and what only a copy has: lists of addresses, WAF IP sets,
rules that deny, and the ticket block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flowtui.session.formats import addresses, deny, rows, waf
from flowtui.session.formats.taken import Made, Taken

__all__ = ["FORMATS", "FORMAT_OF", "TSV", "Format", "Made", "Taken"]


@dataclass(frozen=True, slots=True)
class Format:
    """One form of rows."""

    id: str
    key: str
    """After `y f`."""
    title: str
    make: Callable[[Taken], Made]
    """Raises FlowtuiError where the rows hold nothing for it."""
    is_to_block: bool = False
    """True for what keeps the addresses out: it must be true to the letter."""


TSV: Final = Format("tsv", "t", "TSV", rows.tsv)
FORMATS: Final = (
    TSV,
    Format("csv", "c", "CSV", rows.csv),
    Format("json", "j", "JSON", rows.json),
    Format("ndjson", "n", "NDJSON", rows.ndjson),
    Format("markdown", "m", "Markdown", rows.markdown),
    Format("addresses", "a", "addresses", addresses.listed),
    Format("waf", "w", "WAF IP set", waf.create, is_to_block=True),
    Format("waf-update", "u", "its update", waf.update, is_to_block=True),
    Format("deny", "d", "deny rules", deny.rules, is_to_block=True),
)
"""In the order of the menu."""
VALUES: Final = Format("values", "", "values", rows.values)
"""For the cell of marked rows; in no menu."""
FORMAT_OF: Final = {format.id: format for format in (*FORMATS, VALUES)}
