"""Which short names a paper has: read off its title, settled by hand, judged by their shape. Pure."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from tracker.catalogue.squeeze import squeeze
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey, parse_key
from tracker.regex import regex


class Origin(IntEnum):
    """Bits that say where an alias comes from, and what it looks like; an alias carries their sum."""

    LISTED = 1
    """A list of names says so; the count tells how many sources."""
    PREFIX = 2
    """It stands before the colon of the title."""
    TITLE = 4
    """It is the whole title."""
    CURATED = 8
    """Settled by hand, with a reason."""
    ABSTRACT = 16
    """The abstract of the paper says so."""
    COMMON = 32
    """It is an ordinary English word."""


CURATED_PATH: Final = Path(__file__).parent / "curated.toml"
"""What was settled by hand; it ships with the program."""
MAX_NAME_WORDS: Final = 5
MAX_NAME_BYTES: Final = 255
"""Of its spelling in UTF-8; the file keeps the number in one byte."""
SHORTEST_LOWER: Final = 5
"""Code points of the shortest names that are looked for in lower case ("mamba", not "rest")."""
WELL_KNOWN: Final = 2
"""An ordinary word in another case than the name's is that name only where so many sources use it."""
_PREFIX: Final = regex(r"([^:：]{2,40}?)\s?[:：]\s?\S")
_REPORT: Final = regex(r"\s+technical\s+report\b.*", re.IGNORECASE | re.DOTALL)
_LITTLE: Final = frozenset(
    {"a", "an", "and", "as", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with"}
)
_NAME_SHAPE: Final = regex(r"(?=.*[A-Z]{2}|.*[a-z][A-Z]|.*\d|.*-)")


def title_parts(title: str) -> tuple[str, str]:
    """The main title and the subtitle: what stands before and after the first colon ("" where there is none).

    >>> title_parts("QLoRA: Efficient Finetuning of Quantized LLMs")
    ('QLoRA', 'Efficient Finetuning of Quantized LLMs')
    """
    main, colon, rest = title.replace("：", ":").partition(": ")
    return (main.strip(), rest.strip()) if colon else (title.strip(), "")


def name_in_title(title: str) -> str | None:
    """The system name that a title begins with ("QLoRA: ..."), None where what stands there is no name.

    One word before the colon is a name; two to four are one when each but the little ones has a capital
    ("Outlier Suppression: ...", "Tree of Clarifications: ...") or they have the shape of a name (capitals
    inside, digits, a hyphen). What has a technical report is a system ("Qwen2 Technical Report").

    >>> name_in_title("Orca 2: Teaching Small Language Models"), name_in_title("On the way: a tale")
    ('Orca 2', None)
    >>> name_in_title("Phi-3 Technical Report: A Highly Capable Model"), name_in_title("Annual Technical Report")
    ('Phi-3', None)
    """
    main, rest = title_parts(title)
    if _REPORT.search(main):
        system = _REPORT.sub("", main)
        is_name = len(system.split()) <= 3 and len(system) >= 2 and not is_common_word(system)
        return system if is_name else None
    words = main.split()
    if not rest or not 1 <= len(words) <= 4 or not 2 <= len(main) <= 40:
        return None
    if len(words) == 1:
        return main
    telling = [word for word in words if word not in _LITTLE]
    if len(telling) >= 2 and all(word[0].isupper() for word in telling):
        return main
    return main if _NAME_SHAPE.match(main) and len(words) <= 3 else None


@cache
def _words() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "words.txt").read_text(encoding="ascii").split())


def is_common_word(name: str) -> bool:
    """Whether a name is an ordinary English word, whatever its case (plural -s included)."""
    lower = name.lower()
    return lower in _words() or (lower.endswith("s") and lower[:-1] in _words())


def is_usable(name: str) -> bool:
    """Whether a listed name can be looked for at all: two letters or digits at least, and not a sentence."""
    key = squeeze(name)
    is_short = len(name.split()) <= MAX_NAME_WORDS and len(name.encode()) <= MAX_NAME_BYTES
    return 2 <= len(key) <= 40 and is_short and not key.isdigit()


class Curated(NamedTuple):
    """What was settled by hand."""

    added: tuple[tuple[str, PaperKey], ...]
    refused: frozenset[tuple[str, PaperKey | None]]
    """Squeezed name and paper; None: the name denotes no paper at all."""


def read_curated(path: Path) -> Curated:
    """The aliases settled by hand in a TOML file with tables `alias` and `refuse` (names, paper, reason).

    A `refuse` without paper refuses its names for all papers.

    Raises:
        CatalogueError: the file is not TOML, or an entry lacks its names, paper or reason.
    """
    import tomllib  # takes 5 ms to import, and written documents do without

    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path}: cannot be read: {error}") from error
    added: list[tuple[str, PaperKey]] = []
    refused: set[tuple[str, PaperKey | None]] = set()
    for kind, entries in tables.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            settled = _settled(kind, entry)
            if settled is None:
                raise CatalogueError(f"{path}: an entry of [[{kind}]] lacks names, paper or reason: {entry}")
            names, key = settled
            if kind == "alias" and key is not None:
                added += [(name, key) for name in names]
            else:
                refused.update((squeeze(name), key) for name in names)
    return Curated(tuple(added), frozenset(refused))


def _settled(kind: str, entry: Any) -> tuple[list[str], PaperKey | None] | None:
    """The names and the paper of an entry; None where it is not as it should be."""
    if kind not in {"alias", "refuse"} or not isinstance(entry, dict) or not entry.get("reason"):
        return None
    names, paper = entry.get("names"), entry.get("paper")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        return None
    key = parse_key(str(paper)) if paper is not None else None
    is_named = key is not None or (kind == "refuse" and paper is None)
    return (names, key) if is_named else None
