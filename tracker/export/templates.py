"""The only place that knows Jinja: finds templates, renders them, and says what is wrong with a reader's own.

A template of the reader's replaces the shipped one of the same name. Templates run in Jinja's sandbox, and
every expression is escaped unless the program itself vouches for it, so a template that was downloaded from
somewhere, or one that forgot to escape, does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

import tracker.version
from tracker.errors import TemplateError


class _Folder(FileSystemLoader):
    """A folder of templates that says which file cannot be read."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        try:
            return super().get_source(environment, template)
        except TemplateNotFound:
            raise
        except (OSError, UnicodeDecodeError) as error:
            path = Path(self.searchpath[0]) / template
            raise TemplateError(f"{path}: cannot be read as text in UTF-8: {error}") from None


def shipped_templates() -> Path:
    """The folder of the templates that ship with the program: of the checkout, else of the installed package.

    An editable install may hold an old copy inside the package, so the checkout is asked first.
    """
    package = Path(tracker.version.__file__).parent
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "templates").is_dir():
        return checkout / "templates"
    return package / "_data" / "templates"


def render(
    name: str,
    facts: Mapping[str, object],
    *,
    templates_dir: Path | None = None,
    escape: Callable[[object], str] | None = None,
) -> str:
    """A template filled with facts.

    Args:
        name: of the template file ("list.html.j2").
        facts: what the template may use.
        templates_dir: folder of the reader's own templates, looked into first.
        escape: applied to the value of every expression; None: HTML escaping.

    Raises:
        TemplateError: the folder is none, or a template in it is wrong; names the file and the line.
    """
    if templates_dir is not None and not templates_dir.is_dir():
        raise TemplateError(f"{templates_dir}: is no folder of templates")
    folders = [folder for folder in (templates_dir, shipped_templates()) if folder]
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([_Folder(folder) for folder in folders]),
        autoescape=escape is None,
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    try:
        return environment.get_template(name).render(facts)
    except TemplateError:
        raise
    except Exception as error:
        # Whatever a template of the reader's raises is a fault in that file; in one of ours, a bug.
        place = _place_of(error, folders)
        if templates_dir is None or place is None or not place[0].is_relative_to(templates_dir):
            raise
        path, line = place
        raise TemplateError(f"{path}:{line}: {_describe(error)}") from error


def _place_of(error: Exception, folders: list[Path]) -> tuple[Path, int] | None:
    """The template file and line that an error comes from, None where it does not come from a template."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return Path(error.filename), error.lineno
    place = None
    for frame, line in walk_tb(error.__traceback__):
        path = Path(frame.f_code.co_filename)
        if any(path.is_relative_to(folder) for folder in folders):
            place = path, line
    return place


def _describe(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.name!r}"
    text: Any = getattr(error, "message", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())
