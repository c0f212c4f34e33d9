"""What is a preprint, told by the name of the place or by the DOI. Pure."""

from __future__ import annotations

import re

from tracker.identifiers import Doi, parse_doi
from tracker.regex import regex

_PLACE = regex(  # arXiv.org, bioRxiv (Cold Spring Harbor Laboratory), SSRN Electronic Journal ...
    r"^\W*(?:\w*[ax]?rxiv\b|corr\b|computing research repository|ssrn\b|social science research network"
    r"|research square\b|preprints?(?:\.org)?\b|osf preprints|authorea\b|hal\W*(?:\(|$)|zenodo\b|openreview\b"
    r"|cornell university|figshare\b|(?:cambridge )?open engage|e-?prints?\b)",
    re.IGNORECASE,
)
_DOI = regex(
    r"10\.48550/"  # arXiv
    r"|10\.1101/[0-9]|10\.64898/"  # bioRxiv and medRxiv; 10.1101/gr.… are articles of the same publisher
    r"|10\.2139/ssrn|10\.21203/rs|10\.20944/preprints|10\.26434/chemrxiv|10\.36227/techrxiv"
    r"|10\.312(?:19|2[0-9]|3[0-9])/|10\.22541/au|10\.33774/|10\.32942/|10\.5281/zenodo"
)
"""Of preprint servers: prefixes, and where a publisher's is shared with articles, what begins the rest."""


def is_preprint_place(name: str) -> bool:
    """Whether what a service names as the place of a paper is a preprint server.

    >>> is_preprint_place("arXiv (Cornell University)"), is_preprint_place("CoRR"), is_preprint_place("Nature")
    (True, True, False)
    """
    return bool(_PLACE.search(name))


def is_preprint_doi(doi: str) -> bool:
    """Whether a normalised DOI is one of a preprint server.

    >>> is_preprint_doi("10.48550/arxiv.2305.14314"), is_preprint_doi("10.1101/gr.12345"), is_preprint_doi("")
    (True, False, False)
    """
    return bool(_DOI.match(doi))


def doi_of_publication(text: str) -> Doi | None:
    """The DOI in a text or an address, lower case; None where it is that of a preprint.

    >>> doi_of_publication("https://doi.org/10.18653/V1/N19-1423"), doi_of_publication("10.48550/arXiv.1810.04805")
    ('10.18653/v1/n19-1423', None)
    """
    doi = parse_doi(text)
    return None if doi is None or is_preprint_doi(doi) else doi
