"""`python -m tracker`, and the entry point of the `tracker` command."""

from __future__ import annotations

import sys

BUG = 70
"""Exit code of a bug of ours (EX_SOFTWARE of sysexits.h); Python's own 1 means "yes, there are some" here."""


def main() -> None:
    """Run the command line; a bug shows its traceback and exits with 70."""
    from tracker.cli import app

    try:
        app()
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stderr.close()
        sys.exit(0)
    except Exception:
        import traceback

        traceback.print_exc()
        print("tracker: this is a bug of Tracker; please report it with the lines above", file=sys.stderr)
        sys.exit(BUG)


if __name__ == "__main__":
    main()
