"""Write the table of keys into the README anew: `python -m tests.readme`."""

from __future__ import annotations

import re
from pathlib import Path

from flowtui.ui.commands import key_table

README = Path(__file__).parents[1] / "README.md"


def main() -> None:
    """Replace what stands between the two marks."""
    told = f"<!-- keys -->\n{key_table()}\n<!-- /keys -->"
    text = re.sub(r"<!-- keys -->.*<!-- /keys -->", lambda _: told, README.read_text(), flags=re.S)
    README.write_text(text)


if __name__ == "__main__":
    main()
