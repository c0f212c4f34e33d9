"""`python -m tracker`, and the entry point of the `tracker` command."""

from __future__ import annotations

import os
import sys

BUG = 70
"""Exit code of a bug of ours (EX_SOFTWARE of sysexits.h); Python's own 1 means "yes, there are some" here."""


def main() -> None:
    """Run the command line; a bug shows its traceback and exits with 70."""
    # No plug-in that another package has for pydantic plays a part here; looking for them takes 30 ms.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _prepare(sys.stdout)
    try:
        from tracker.cli import app

        app()
    except Exception:
        import traceback

        traceback.print_exc()
        print("tracker: this is a bug of Tracker; please report it with the lines above", file=sys.stderr)
        sys.exit(BUG)


def _prepare(stream: object) -> None:
    """Files and pipes get UTF-8 whatever the machine's encoding; a terminal gets what it can show."""
    from io import TextIOWrapper

    if isinstance(stream, TextIOWrapper):  # it is None where the output is closed
        if stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.reconfigure(encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
