"""`python -m flowtui` and the console script."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from flowtui.cli import cli

    cli()


if __name__ == "__main__":
    main()
