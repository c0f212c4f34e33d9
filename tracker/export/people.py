r"""Authors for BibTeX: the value of an `author` field from names as the catalogue and arXiv give them.

Every person goes out as "Family, Given", so that BibTeX need not guess which words are the family name;
organisations go out in braces. Names come from the network and may hold anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from tracker.export.latex import clean, latex_text
from tracker.keys import is_organisation, plain_text, split_name
from tracker.regex import regex

# Records that put two people into one name: "E. Ibar & P. Lira". A group's name may hold "and".
_BETWEEN_PEOPLE = regex(r"(?:;|(?:^|\s)(?:&|and)(?=\s|$))", re.IGNORECASE)
_OTHERS = regex(r"(?:and\s+)?(?:others|et\.?\s+al\.?)", re.IGNORECASE)


def latex_authors(authors: Sequence[str], *, are_complete: bool) -> str:
    r"""The value of the `author` field, without the enclosing braces; "" where no author is known.

    Where only the first authors are known it ends with "and others", which styles print as "et al.".

    >>> latex_authors(["Laurens van der Maaten", "Gemini Team"], are_complete=False)
    'van der Maaten, Laurens and {Gemini Team} and others'
    """
    names = [name for author in authors for name in _people(author)]
    people = [latex for name in names if not _OTHERS.fullmatch(name) and (latex := _latex_name(name))]
    if people and (not are_complete or any(map(_OTHERS.fullmatch, names))):
        people.append("others")
    return " and ".join(people)


def _people(author: str) -> Iterator[str]:
    """The names that stand in the place of one; "Planck Collaboration: P. Ade" is a group and a person."""
    text = " ".join(clean(author).replace("~", " ").split())
    group, colon, person = text.partition(":")
    if colon and is_organisation(group):
        yield group.strip()
        text = person.strip()
    names = [text] if text.startswith("{") or is_organisation(text) else _BETWEEN_PEOPLE.split(text)
    for name in names:
        if any(map(str.isalpha, name)):
            yield name.strip(" ,:")


def _latex_name(author: str) -> str:
    if not _is_latin(author):
        # Styles that abbreviate take the first byte of a given name, which is no letter in other scripts.
        return f"{{{_letters(author)}}}"
    name = split_name(author)
    parts = [_letters(part) for part in (name.family, name.suffix, name.given)]
    if name.is_organisation or _holds_and(parts) or not parts[0] or (" " in parts[0] and not any(parts[1:])):
        whole = _letters(author)
        return f"{{{latex_text(whole)}}}" if whole else ""
    return ", ".join(latex_text(part) for part in parts if part)


_STRAIGHT = str.maketrans(dict.fromkeys("’‘`´", "'") | dict.fromkeys("‐‑–—−", "-") | {"&": " and ", "~": " "})


def _letters(name: str) -> str:
    """The name without the characters that no name has and that LaTeX would take for its own.

    Styles make labels of the first characters of a name, and would cut an escaped one in two.
    """
    text = plain_text(name).translate(_STRAIGHT)
    kept = (c for c in text if c.isalnum() or c in " .'-/():" or unicodedata.combining(c))
    return " ".join("".join(kept).split())


def _holds_and(parts: Sequence[str]) -> bool:
    """Whether BibTeX, which takes the name apart at this word in any case, would do so here."""
    return any("and" in part.lower().split() for part in parts)


def _is_latin(text: str) -> bool:
    return all(c.isascii() or unicodedata.name(c, "").startswith("LATIN") for c in text if c.isalpha())
