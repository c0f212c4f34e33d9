"""Identifiers in running text: arXiv ids in every form that people write, DOIs, ACL Anthology, OpenReview.

What comes in is text as it was read; what goes out is spans of it with the paper each one names. Nothing
is looked up, so an id that is possible but was never given out is found too. Where a number may just as
well be something else (a price, a measurement, a version), it is not reported.

How: numpy sees at once where a text has numbers, full stops and slashes, of which no identifier is without one;
patterns look only where something stands before these that an identifier begins with. One pattern that runs over the
whole text takes as long as all this, and so does every search for a literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tracker.identifiers import (
    ARXIV_LISTING,
    DOI,
    GENEROUS_TODAY,
    LINKS,
    PaperKey,
    arxiv_key,
    key_of_doi,
    parse_arxiv_id,
    parse_doi,
    trim_doi,
)
from tracker.mentions.arxiv_numbers import find_arxiv_numbers
from tracker.mentions.code_points import (
    Landmarks,
    begins_before,
    code_points,
    landmarks_of,
    with_folded_width,
)
from tracker.mentions.id_context import (
    ARCHIVE_NAMES,
    ARXIV_PATH,
    Core,
    Form,
    begins_clean,
    is_escaped,
    surface_of,
    token_before,
    version_and_end,
)
from tracker.regex import regex

__all__ = ["Form", "FoundId", "find_ids"]


class FoundId(NamedTuple):
    """An identifier in a text: `text[start:end]` is its surface, with the address or label it stands in."""

    start: int
    end: int
    key: PaperKey
    version: int | None
    form: Form


_SAME_PATH = regex(r"[\w.%-]{0,30}/[\w./%-]{0,30}", re.ASCII)


def _place(core: Core) -> tuple[int, int]:
    return core.at, -core.end


def find_ids(text: str, today: date = GENEROUS_TODAY) -> list[FoundId]:
    """All identifiers of papers in a text, in order, without overlaps; ids of months after `today` are none.

    >>> [(found.key, found.version) for found in find_ids("与QLoRA（arXiv：2305.14314v2）相比")]
    [('arXiv:2305.14314', 2)]
    """
    marks = landmarks_of(text)
    plain = with_folded_width(text, marks.points)
    if plain is not text:
        marks = Landmarks.of(code_points(plain))
    cores = [*_dois(plain, marks, today), *_links(plain, marks, today), *_old_style(plain, marks, today)]
    cores.sort(key=_place)
    cores += find_arxiv_numbers(plain, marks, today, cores)
    cores.sort(key=_place)
    found: list[FoundId] = []
    end = 0
    for core in cores:
        if core.at < end:
            continue
        begin, end = (core.begin if core.begin >= end else core.at), core.end
        if core.key is None:
            continue
        last = found[-1] if found else None
        if last and last.key == core.key and _SAME_PATH.fullmatch(plain, last.end, core.at):
            # .../1704.04760v1/1704.04760.pdf is one address.
            found[-1] = last._replace(end=core.end, version=last.version or core.version)
        else:
            found.append(FoundId(begin, core.end, core.key, core.version, core.form))
    return found


# --- arXiv, old style ----------------------------------------------------------------------------

_DIGITS = 7
_BEFORE_NUMBER = regex(
    r"(?:/\??\s{0,3}"  # some mirrors had abs/quant-ph/?9809016
    r"|%(?:25)?2[Ff]"
    r"| )\Z"  # "hep-th 9301062", only behind a name with a hyphen
)
_BREAKABLE_NAMES = ARCHIVE_NAMES.replace("-", r"-(?: ?\n)?")
_ARCHIVE = regex(rf"(?:{_BREAKABLE_NAMES})(?:\.[a-z]{{2,7}}(?:-[a-z]{{2,4}})?)?\Z", re.IGNORECASE)
_PAPER_FOLDER = regex(r"(?:abs|pdf|ps|html|src|format|e-?print|arxiv)[/:=-]?\Z", re.IGNORECASE)


def _old_style(text: str, marks: Landmarks, today: date) -> Iterator[Core]:
    """Ids like hep-th/9901001 or math.GT/0309136."""
    for number in marks.numbers(_DIGITS, _DIGITS)[0].tolist():
        gap = _BEFORE_NUMBER.search(text, max(0, number - 5), number)
        if not gap:
            continue
        name_end = gap.start() - (text[gap.start() - 1 : gap.start()] == "\\")  # JSON has "hep-th\\/..."
        if not text[name_end - 1 : name_end].isalpha():
            continue
        archive = _ARCHIVE.search(text, max(0, name_end - 24), name_end)
        if not archive or (gap[0] == " " and "-" not in archive[0]):
            continue
        behind = number + _DIGITS
        parsed = parse_arxiv_id(f"{''.join(archive[0].split())}/{text[number:behind]}", today)
        version, end = version_and_end(text, behind)
        if parsed is None or (text[end : end + 1].isascii() and text[end : end + 1].isalnum()):
            continue
        at = archive.start()
        token = token_before(text, at)
        if _is_archive(text, at, "-" in archive[0], token):
            begin, form = surface_of(text, at, token, Form.ARCHIVE)
            yield Core(at, end, begin, arxiv_key(parsed[0]), version, form)


def _is_archive(text: str, at: int, has_hyphen: bool, token: str) -> bool:
    """Whether the name at `at` is not the tail of another word, nor a folder on some other web site."""
    path = ARXIV_PATH.search(token)
    if path and ARXIV_LISTING.search(token, path.start()):
        return False
    before = text[at - 1 : at]
    if before.isascii() and before.isalnum() and not is_escaped(text, at):
        return False
    if has_hyphen or path:
        return True
    # cs, math, nlin and physics are common names of folders, and parts of other names.
    return before not in ("-", ".", "_") and not ("://" in token and not _PAPER_FOLDER.search(token))


# --- DOIs and other services -----------------------------------------------------------------------

_DOI_LABEL = regex(r"doi|https?://|www\.", re.IGNORECASE)
_MERE_NUMBER = regex(r"[0-9]{1,4}(?:\.[0-9]+)?")
_BADGE_TAIL = regex(r"-[A-Za-z0-9]+(?:\.svg)?$")  # badge/DOI-10.5281/zenodo.123-blue
_CUT = regex(r"[-(]\Z|/[^0-9]*\.\Z|(?i:/arxiv\.[0-9]{4}\.[0-9]{0,3}\Z)")
_NEXT_LINE = regex(r"[ \t]*\r?\n[ \t>]*([0-9A-Za-z][^\s\"'`<>{}|\\^,;\x80-\U0010ffff]{0,200})")


def _dois(text: str, marks: Landmarks, today: date) -> Iterator[Core]:
    """DOIs; what looks like one and is none is kept from being read as anything else."""
    end = 0
    for at in begins_before(marks.points, marks.stops, "10"):
        found = DOI.match(text, at) if at >= end else None
        if not found:
            continue
        end = found.end()
        if not begins_clean(text, at) and text[max(0, at - 3) : at].lower() != "doi":
            continue
        token = token_before(text, at)
        whole, gap = found[0], 0
        if more := _continuation(text, found):
            whole, gap = whole + more[1], more.start(1) - end
        surface = trim_doi(_BADGE_TAIL.sub("", whole) if "badge/" in token else whole)
        doi = parse_doi(surface)
        keyed = key_of_doi(doi, today) if doi and not whole.endswith("-") else None
        begin, form = surface_of(text, at, token, Form.DOI)
        is_ratio = (
            begin == at and not _DOI_LABEL.search(token) and _MERE_NUMBER.fullmatch(surface.partition("/")[2])
        )
        if keyed is None or is_ratio:
            yield Core(at, end, at, None, None, form)
        else:
            end = at + len(surface) + (gap if len(surface) > len(found[0]) else 0)
            yield Core(at, end, begin, *keyed, form)


def _continuation(text: str, found: re.Match[str]) -> re.Match[str] | None:
    """The rest, in group 1, of a DOI that is broken over a line: "10.1007/978-3-", "10.1162/neco."."""
    more = _NEXT_LINE.match(text, found.end())
    if not more or not _CUT.search(found[0]):
        return None
    return more if more[1][0].isdecimal() or found[0].endswith(("-", "(")) else None


_BEFORE_STOP, _BEFORE_SLASH, _BEFORE_NUMBER_OF_ARXIV = range(3)
_BEGINS = (
    (_BEFORE_STOP, ("aclanthology", "aclweb")),
    (_BEFORE_STOP, ("openreview",)),
    (_BEFORE_SLASH, ("corr",)),
    (_BEFORE_NUMBER_OF_ARXIV, ("arXiv",)),
)
"""What the patterns of `LINKS` begin with, up to what stands behind it."""


def _links(text: str, marks: Landmarks, today: date) -> Iterator[Core]:
    """Addresses of the ACL Anthology and of OpenReview, keys of DBLP and ADS for arXiv papers."""
    places = marks.stops, marks.slashes, marks.numbers(4)[0]
    for (pattern, key_of_match), (before, literals) in zip(LINKS, _BEGINS, strict=True):
        end = 0
        for at in sorted(at for one in literals for at in begins_before(marks.points, places[before], one)):
            found = pattern.match(text, at) if at >= end else None
            if not found:
                continue
            end = found.end()
            if key := key_of_match(found, today):
                begin, form = surface_of(text, at, token_before(text, at), Form.LINK)
                yield Core(at, end, begin, key, None, form)
