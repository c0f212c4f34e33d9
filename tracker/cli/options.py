"""Options that several commands share, and the settings that come of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tracker.settings import Settings

OF_EVERY_APP: dict[str, Any] = {
    "rich_markup_mode": None,  # importing it would take longer than everything else together
    "pretty_exceptions_enable": False,
    "add_completion": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
"""Options of every typer application here."""


class Form(StrEnum):
    """Which form of a published paper is described, see `tracker.export.bibtex.Form`."""

    PUBLISHED = "published"
    PREPRINT = "preprint"


Documents = Annotated[
    list[str],
    typer.Argument(metavar="DOC", help="Text or Markdown files; - is standard input.", show_default=False),
]
MaybeDocuments = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="DOC",
        help="Text or Markdown files; - is standard input; none: the library.",
        show_default=False,
    ),
]
Offline = Annotated[bool, typer.Option("--offline", help="Never touch the network.")]
CatalogueFile = Annotated[
    Path | None,
    typer.Option(
        "--catalogue",
        metavar="FILE",
        help="Link to the papers of this catalogue; `embedded` is the one that comes with Tracker.",
        show_default=False,
    ),
]
LibraryFile = Annotated[
    Path | None, typer.Option("--library", metavar="FILE", help="Use this library.", show_default=False)
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        min=1,
        max=256,
        metavar="N",
        help="Link several documents at once; else one for each core where there is much to do.",
        show_default=False,
    ),
]
MinConfidence = Annotated[
    float | None,
    typer.Option(
        "--min-confidence",
        min=0,
        max=1,
        metavar="X",
        help="Link only what is at least so sure.",
        show_default=False,
    ),
]


def settings_from(
    *,
    catalogue: Path | None = None,
    library: Path | None = None,
    offline: bool = False,
    templates: Path | None = None,
    topics: Path | None = None,
) -> Settings:
    """The settings of the environment, with what the command line says put over them.

    Raises:
        InputError: a variable of the environment cannot be used.
    """
    from tracker.settings import EMBEDDED, read_settings

    given: dict[str, Any] = {
        "catalogue_path": catalogue,
        "library_path": library,
        "offline": offline or None,
        "templates_dir": templates,
        "topics_path": topics,
    }
    named = {name: value for name, value in given.items() if value is not None}
    if catalogue == Path(EMBEDDED):
        named["catalogue_path"] = None
    return read_settings().model_copy(update=named)
