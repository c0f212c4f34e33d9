"""Makes again what the program has made and git keeps: `lists/`, golden pages, the examples of the README.

    python -m tests.golden.make

Run it after a wanted change, and look at the difference: the tests compare what is kept with what is made.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.golden import make_reading_list
from tracker.completing import complete
from tracker.settings import Settings
from tracker.steps import bibtex_of, export_lists, gather, lists_of

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "lists" / "samples"
LANGUAGE = "en"
EXAMPLE = re.compile(r"(?<=```console\n)\$ (?P<command>tracker .*)\n(?P<output>[^`]*)(?=```)")
"""A command in the README with what it prints."""


def samples() -> list[str]:
    """The sample documents, as they are named from the top folder."""
    return [path.relative_to(ROOT).as_posix() for path in sorted(SAMPLES.iterdir())]


def lists() -> dict[str, str]:
    """File name in `lists/` -> what the program makes of the sample documents, without the network."""
    from tracker.reading import Order

    before = Path.cwd()
    with TemporaryDirectory() as empty:
        settings = Settings(library_path=Path(empty, "library"), cache_dir=Path(empty), offline=True)
        os.chdir(ROOT)
        try:
            found = gather(samples(), settings)
        finally:
            os.chdir(before)
        complete(found)
    made = lists_of(found, Order.READING, LANGUAGE)
    return {
        "reading-list.md": export_lists(made, found, "md", LANGUAGE),
        "reading-list.html": export_lists(made, found, "html", LANGUAGE),
        "references.bib": bibtex_of(found),
    }


def with_examples(text: str) -> str:
    """A page of documentation whose examples show what the commands print now."""
    with TemporaryDirectory() as empty:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "132",
            "TRACKER_OFFLINE": "1",
            "TRACKER_LIBRARY": f"{empty}/library.sqlite",
            "TRACKER_CACHE": f"{empty}/cache",
            "XDG_DATA_HOME": empty,  # no catalogue of one's own
        }
        return EXAMPLE.sub(lambda found: _with_output(found["command"], environment), text)


def _with_output(command: str, environment: Mapping[str, str]) -> str:
    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, env=environment, cwd=ROOT, check=True)
    return f"$ {command}\n{done.stdout.decode()}"


def main() -> None:
    for name, text in lists().items():
        (ROOT / "lists" / name).write_text(text, encoding="utf-8", newline="\n")
    make_reading_list.main()
    readme = ROOT / "README.md"
    readme.write_text(with_examples(readme.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
