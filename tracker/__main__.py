"""`python -m tracker`, and the entry point of the `tracker` command."""

from __future__ import annotations

import gc
import os
import signal
import sys

BUG = 70
"""Exit code of a bug of ours (EX_SOFTWARE of sysexits.h); Python's own 1 means "yes, there are some" here."""
_ALLOCATIONS = 50_000
"""Objects made between two looks for garbage; Python's 700 is soon reached by imports and by a long document's
mentions, none of which is garbage."""


def main() -> None:
    """Run the command line; a bug shows its traceback and exits with 70."""
    _prepare_output()
    _prepare_libraries()
    signal.signal(signal.SIGTERM, _stop)
    try:
        from tracker.cli import app

        app()
    except Exception:
        import traceback

        traceback.print_exc()
        print("tracker: this is a bug of Tracker; please report it with the lines above", file=sys.stderr)
        sys.exit(BUG)


def _stop(*_: object) -> None:
    """End as with Ctrl-C, so that no half-made file and no lock stays behind."""
    raise KeyboardInterrupt


def _prepare_output() -> None:
    """Files and pipes get UTF-8 whatever the machine's encoding; a terminal gets what it can show."""
    if sys.stderr is None:  # closed by the caller
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    elif sys.stdout.isatty():
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    else:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]


def _prepare_libraries() -> None:
    """Spare each start what no command needs: numpy's threads for matrices (50 ms), pydantic's search for
    plug-ins among all that is installed (15 ms), and looking for garbage while nothing but modules is made.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.set_threshold(_ALLOCATIONS)


if __name__ == "__main__":
    main()
