"""Identifiers of papers: parse, check, normalise, format. Pure; no other module of the project is imported.

What comes in is text that should be one identifier; what goes out is its canonical form, or None where
it cannot be one. Nothing here searches running text (`mentions.ids` does) or asks the network.

Source: https://info.arxiv.org/help/arxiv_identifier.html (forms of arXiv ids),
https://github.com/arXiv/arxiv-base/blob/master/arxiv/taxonomy/definitions.py (archives and their end),
https://www.doi.org/doi-handbook/HTML/index.html (DOIs), https://aclanthology.org/info/ids/ (ACL Anthology).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NewType
from urllib.parse import unquote

from tracker.regex import regex

ArxivId = NewType("ArxivId", str)
"""Without version: "2305.14314", "hep-th/9901001" (no subject class: "math/0309136")."""
Doi = NewType("Doi", str)
"""Lower case, without any resolver: "10.1162/neco.1997.9.8.1735"."""
PaperKey = NewType("PaperKey", str)
"""Canonical: "arXiv:2305.14314", "doi:10.1162/...", "acl:2020.acl-main.1", "openreview:BZ5a1r-kVsf"."""

GENEROUS_TODAY = date(2035, 12, 31)
"""What stands for today where the caller does not say: ids of later months are impossible.

A constant, so that the same text always gives the same answer; who knows the date should pass it.
"""

_FIRST_OLD = 199107
_FIRST_NEW, _FIRST_FIVE_DIGITS = 200704, 201501
_LAST_OLD = {  # econ, eess, q-fin and stat began later and have no old-style ids
    200703: "astro-ph cond-mat cs gr-qc hep-ex hep-lat hep-ph hep-th math math-ph nlin nucl-ex nucl-th "
    "physics q-bio quant-ph",
    199912: "adap-org chao-dyn comp-gas patt-sol solv-int",
    199809: "cmp-lg",
    199712: "alg-geom dg-ga funct-an q-alg",
    199611: "bayes-an",
    199609: "acc-phys ao-sci atom-ph chem-ph mtrl-th plasm-ph supr-con",
}
ARCHIVES = {name: last for last, names in _LAST_OLD.items() for name in names.split()}
"""Archive of an old-style id -> the last month (YYYYMM) in which it gave ids.

First months are not kept: some archives took in older collections (cs/9301101, math/9201239), so only
the first month of all, July 1991 (hep-lat/9107001), is a limit.
"""


def arxiv_key(arxiv_id: str) -> PaperKey:
    """The key of an arXiv id that is already normalised.

    >>> arxiv_key("2305.14314")
    'arXiv:2305.14314'
    """
    return PaperKey(f"arXiv:{arxiv_id}")


def arxiv_id_of(key: str) -> ArxivId | None:
    """The arXiv id of a key, None where the key is of another kind.

    >>> arxiv_id_of("arXiv:hep-th/9901001")
    'hep-th/9901001'
    """
    return ArxivId(key[6:]) if key.startswith("arXiv:") else None


def doi_of(key: str) -> Doi | None:
    """The DOI of a key, None where the key is of another kind."""
    return Doi(key[4:]) if key.startswith("doi:") else None


def year_month_of(arxiv_id: str) -> tuple[int, int]:
    """Year and month of the first version, told by the id itself.

    >>> year_month_of("2305.14314"), year_month_of("hep-th/9901001")
    ((2023, 5), (1999, 1))
    """
    digits = arxiv_id.rsplit("/", 1)[-1][:4]
    year, month = int(digits[:2]), int(digits[2:])
    return (1900 + year if year >= 91 else 2000 + year), month


def url_of(key: str) -> str:
    """The page of a paper on the web.

    >>> url_of("doi:10.1162/neco.1997.9.8.1735")
    'https://doi.org/10.1162/neco.1997.9.8.1735'
    """
    scheme, _, value = key.partition(":")
    start = {
        "arXiv": "https://arxiv.org/abs/",
        "doi": "https://doi.org/",
        "acl": "https://aclanthology.org/",
        "openreview": "https://openreview.net/forum?id=",
    }[scheme]
    return start + value


# --- arXiv -------------------------------------------------------------------------------------

_ARXIV_ID = regex(
    r"(?:(?P<new>[0-9]{4}\.[0-9]{4,5})"
    r"|(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]+(?:-[a-z]+)?)?/(?P<old>[0-9]{7}))"
    r"(?:v(?P<version>[1-9][0-9]{0,2}))?",
    re.IGNORECASE,
)


def parse_arxiv_id(text: str, today: date = GENEROUS_TODAY) -> tuple[ArxivId, int | None] | None:
    """The id and version of a bare arXiv id ("2305.14314v2", "math.GT/0309136"), None where it is impossible.

    Impossible: month 13, five digits before 2015 or four since, number 0, a month after `today`, an
    archive that never was or had ended, old style after March 2007.

    >>> parse_arxiv_id("2305.14314v2")
    ('2305.14314', 2)
    >>> parse_arxiv_id("math.GT/0309136")
    ('math/0309136', None)
    >>> parse_arxiv_id("1412.69801") is None
    True
    """
    found = _ARXIV_ID.fullmatch(text)
    if not found:
        return None
    if found["new"]:
        arxiv_id = found["new"] if _is_new_style(found["new"], today) else None
    else:
        archive = found["archive"].lower()
        arxiv_id = f"{archive}/{found['old']}" if _is_old_style(archive, found["old"]) else None
    if arxiv_id is None:
        return None
    return ArxivId(arxiv_id), int(found["version"]) if found["version"] else None


def _is_new_style(digits: str, today: date) -> bool:
    """Whether "YYMM.NNNNN" is a possible id."""
    month, number = 200000 + int(digits[:4]), digits[5:]
    return (
        1 <= month % 100 <= 12
        and _FIRST_NEW <= month <= today.year * 100 + today.month
        and len(number) == (4 if month < _FIRST_FIVE_DIGITS else 5)
        and int(number) > 0
    )


def _is_old_style(archive: str, digits: str) -> bool:
    """Whether "archive/YYMMNNN" is a possible id."""
    short = int(digits[:4])
    month = (190000 if short >= 9100 else 200000) + short
    return 1 <= month % 100 <= 12 and _FIRST_OLD <= month <= ARCHIVES.get(archive, 0) and int(digits[4:]) > 0


# --- DOI ---------------------------------------------------------------------------------------

_ENDS_OF_DOI = " \t\r\n\"'`<>{}|\\^,;?#&*$"
DOI = regex(
    r"10\.[0-9]{4,9}(?:\\?/|%2[fF])"
    # Wiley's oldest ones hold an SICI with "<", ">" and ";" in it.
    r"(?:\((?:SICI|sici)\)[^\s\"'`|{}\\]{1,200}|(?:\\[_/]|[^"
    + re.escape(_ENDS_OF_DOI)
    + r"\x00-\x1f\x7f-\U0010ffff]){1,200})"
)
"""A DOI and what may hang on to it, as it stands in text or in an address; `trim_doi` takes the rest off."""

_NOT_OF_DOI = regex(  # pages and files of publishers; figures and tables of a PLOS paper
    r"(?:/(?:e?pdf|pdfdirect|full|fulltext|abstract|html|meta|summary|references|citations?|figures|tables)"
    r"|\.(?:pdf|svg|full|html|abstract|full-text|long|short)(?:\+html)?"
    r"|(?<=\.[0-9]{7})\.[gst][0-9]{3})$",
    re.IGNORECASE,
)
_OPENER = {")": "(", "]": "["}


def trim_doi(text: str) -> str:
    """What is left of a match of `DOI` without what is not part of it: brackets, full stops, "/abstract".

    >>> trim_doi("10.1016/S0893-6080(05)80129-0)")
    '10.1016/S0893-6080(05)80129-0'
    >>> trim_doi("10.1111/cgf.14340/full.")
    '10.1111/cgf.14340'
    """
    opened: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if char in "([":
            opened.append((char, at))
        elif char in ")]":
            if not opened or opened[-1][0] != _OPENER[char]:
                text = text[:at]
                break
            opened.pop()
    if opened:
        text = text[: opened[0][1]]
    while True:
        shorter = _NOT_OF_DOI.sub("", text.rstrip(".:!/-_~"))
        if shorter == text:
            return text
        text = shorter


def parse_doi(text: str) -> Doi | None:
    """The DOI of "10.1162/NECO.1997...", "doi:10....", or an address that holds one; None without one.

    >>> parse_doi("https://doi.org/10.1162/NECO.1997.9.8.1735.")
    '10.1162/neco.1997.9.8.1735'
    """
    found = re.search(r"(?<![0-9.])" + DOI.pattern, unquote(text))
    if not found:
        return None
    doi = trim_doi(found[0]).replace("\\", "").lower()
    prefix, _, suffix = doi.partition("/")
    return Doi(doi) if suffix and prefix[3] != "0" else None


def key_of_doi(doi: str, today: date = GENEROUS_TODAY) -> tuple[PaperKey, int | None] | None:
    """The key (and version) of the paper that a normalised DOI names; None for a DOI of arXiv that cannot be.

    arXiv's own DOIs are the arXiv id, those of the ACL Anthology its id: one paper has one key.

    >>> key_of_doi("10.48550/arxiv.2305.14314"), key_of_doi("10.18653/v1/p19-1001")
    (('arXiv:2305.14314', None), ('acl:P19-1001', None))
    """
    prefix, _, suffix = doi.partition("/")
    if prefix == "10.48550":
        parsed = parse_arxiv_id(re.sub(r"^arxiv[.:/]?", "", suffix), today)
        return (arxiv_key(parsed[0]), parsed[1]) if parsed else None
    if prefix in {"10.18653", "10.3115"} and (acl_id := parse_acl_id(suffix.removeprefix("v1/"))):
        return acl_key(acl_id), None
    if preprint := re.fullmatch(r"(10\.1101/[0-9.]+)v([1-9][0-9]?)", doi):  # bioRxiv, medRxiv
        return PaperKey(f"doi:{preprint[1]}"), int(preprint[2])
    return PaperKey(f"doi:{doi}"), None


# --- ACL Anthology, and other addresses that hold an identifier -----------------------------------

_ACL_ID = (
    r"(?:[A-Za-z][0-9]{2}-[0-9]{4}"
    r"|(?:19|20)[0-9]{2}\.[A-Za-z][A-Za-z0-9_]*-[A-Za-z0-9_]+\.[0-9]{1,5})(?![0-9])"
)


def acl_key(acl_id: str) -> PaperKey:
    """The key of an ACL Anthology id that is already normalised."""
    return PaperKey(f"acl:{acl_id}")


def parse_acl_id(text: str) -> str | None:
    """The canonical ACL Anthology id; None where it is none, or names a whole volume (paper 0).

    >>> parse_acl_id("p19-1001"), parse_acl_id("2020.ACL-main.1"), parse_acl_id("2020.acl-main.0")
    ('P19-1001', '2020.acl-main.1', None)
    """
    if not re.fullmatch(_ACL_ID, text):
        return None
    if text[0].isalpha():
        text = text.upper()
        # Volumes of workshops hold up to 99 papers, the others up to 999; paper 0 is the front matter.
        return None if text.endswith("000") or (text[0] == "W" and text.endswith("00")) else text
    return text.lower() if int(text.rpartition(".")[2]) else None


ACL_LINK = regex(
    r"acl(?:anthology|web)\.(?:org|info)/(?:[A-Za-z0-9.-]{1,30}/){0,6}(" + _ACL_ID + r")(?:\.pdf\b)?"
)
OPENREVIEW_LINK = regex(
    r"openreview\.net/(?:forum|pdf|attachment|revisions)/?(?:\?|%3[fF])"
    r"(?:[^\s\"'<>()]{1,200}?(?:&|%26)(?:amp;)?)?id(?:=|%3[dD])([A-Za-z0-9_-]{8,14})(?![A-Za-z0-9_-])"
)
CORR_KEY = regex(  # of DBLP: journals/corr/abs-2305-14314, journals/corr/cs-CL-0501001
    r"corr/(?:abs-)?(?:([0-9]{4})-([0-9]{4,5})|([a-z]+(?:-[a-z]+)?)-(?:[A-Z]{2}-)?([0-9]{7}))(?![0-9A-Za-z])"
)
BIBCODE = regex(  # of the Astrophysics Data System: 2023arXiv230514314D, 2007arXiv0704.0001B
    r"arXiv([0-9]{4})\.?([0-9]{4,5})[A-Z](?![0-9A-Za-z])"
)


def _key_of_acl_link(found: re.Match[str], today: date) -> PaperKey | None:
    acl_id = parse_acl_id(found[1])
    return acl_key(acl_id) if acl_id else None


def _key_of_openreview_link(found: re.Match[str], today: date) -> PaperKey | None:
    return PaperKey(f"openreview:{found[1]}")


def _key_of_corr_key(found: re.Match[str], today: date) -> PaperKey | None:
    parsed = parse_arxiv_id(f"{found[1]}.{found[2]}" if found[1] else f"{found[3]}/{found[4]}", today)
    return arxiv_key(parsed[0]) if parsed else None


def _key_of_bibcode(found: re.Match[str], today: date) -> PaperKey | None:
    parsed = parse_arxiv_id(f"{found[1]}.{found[2]}", today)
    year = found.string[max(0, found.start() - 4) : found.start()]
    return arxiv_key(parsed[0]) if parsed and year == f"20{found[1][:2]}" else None


LINKS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], PaperKey | None]], ...] = (
    (ACL_LINK, _key_of_acl_link),
    (OPENREVIEW_LINK, _key_of_openreview_link),
    (CORR_KEY, _key_of_corr_key),
    (BIBCODE, _key_of_bibcode),
)
"""Addresses and keys of other services, and how to read the key from a match (None: it names no paper)."""


# --- anything a person may type ------------------------------------------------------------------

_ARXIV_PLACE = regex(  # mirrors, and huggingface.co/papers, keep the path
    r"ar[x5]iv|alphaxiv|lanl\.gov|/(?:abs|pdf|html|papers?)/", re.IGNORECASE
)
ARXIV_LISTING = regex(r"/(?:list|archive|catchup|year|stats|user|a|help)/", re.IGNORECASE)
"""Pages of arXiv that show many papers or none; a number in their address is a month or a person."""
_ARXIV_ID_IN_ADDRESS = regex(
    r"(?<![0-9a-z-])(?:[0-9]{4}\.[0-9]{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]+(?:-[a-z]+)?)?/[0-9]{7})(?:v[0-9]+)?(?![0-9a-z])",
    re.IGNORECASE,
)


def parse_key(text: str, today: date = GENEROUS_TODAY) -> PaperKey | None:
    """The key of any identifier that a person may type: key, bare id, URL, DOI; None where it is none.

    >>> parse_key("https://arxiv.org/abs/2305.14314v2")
    'arXiv:2305.14314'
    >>> parse_key("10.18653/v1/2020.acl-main.1")
    'acl:2020.acl-main.1'
    """
    text = fold_width(unquote(text)).strip().strip("<>()[]\"'`").rstrip(".,;:!?")
    scheme, _, value = text.partition(":")
    if scheme.lower() == "openreview":
        return PaperKey(f"openreview:{value}") if re.fullmatch(r"[A-Za-z0-9_-]{8,14}", value) else None
    if acl_id := parse_acl_id(value if scheme.lower() == "acl" else text):
        return acl_key(acl_id)
    bare = re.sub(r"^arxiv\s*[:：.\s]\s*|\s*\[[a-z.-]+\]$|\.pdf$", "", text, flags=re.IGNORECASE)
    if parsed := parse_arxiv_id(bare, today):
        return arxiv_key(parsed[0])
    if doi := parse_doi(text):
        keyed = key_of_doi(doi, today)
        return keyed[0] if keyed else None
    for pattern, key_of_match in LINKS:
        if (found := pattern.search(text)) and (key := key_of_match(found, today)):
            return key
    return _arxiv_key_in_address(text, today)


def _arxiv_key_in_address(text: str, today: date) -> PaperKey | None:
    """The key of the first possible arXiv id in the address of a paper's page or file."""
    if not _ARXIV_PLACE.search(text) or ARXIV_LISTING.search(text):
        return None
    for found in _ARXIV_ID_IN_ADDRESS.finditer(text):
        if parsed := parse_arxiv_id(found[0], today):
            return arxiv_key(parsed[0])
    return None


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDE_RUN = regex("[\uff05\uff0e\uff0f\uff10-\uff19\uff1d\uff21-\uff3a\uff3f\uff41-\uff5a][\uff01-\uff5e]*")


def fold_width(text: str) -> str:
    """The text with full-width letters and digits, and the punctuation behind them, as ASCII, same length.

    Other full-width punctuation is left: Chinese text is full of it, and no id begins with it.

    >>> fold_width("见ａｒＸｉｖ：２３０５．１４３１４，很好")
    '见arXiv:2305.14314,很好'
    """
    return _WIDE_RUN.sub(lambda run: run[0].translate(_WIDE), text)
