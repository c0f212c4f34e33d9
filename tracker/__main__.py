"""`python -m tracker`, and the entry point of the `tracker` command."""

from __future__ import annotations

import os
import sys

BUG = 70
"""Exit code of a bug of ours (EX_SOFTWARE of sysexits.h); Python's own 1 means "yes, there are some" here."""


def main() -> None:
    """Run the command line; a bug shows its traceback and exits with 70."""
    _prepare_output()
    try:
        from tracker.cli import app

        app()
    except Exception:
        import traceback

        traceback.print_exc()
        print("tracker: this is a bug of Tracker; please report it with the lines above", file=sys.stderr)
        sys.exit(BUG)


def _prepare_output() -> None:
    """Files and pipes get UTF-8 whatever the machine's encoding; a terminal gets what it can show."""
    if sys.stdout is None:  # closed by the caller
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    elif sys.stdout.isatty():
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    else:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
