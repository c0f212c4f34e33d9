"""Paper keys as 64-bit numbers that sort by archive and date, so that neighbours in the file are alike."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from tracker.identifiers import PaperKey, arxiv_id_of, arxiv_key

_NEW_STYLE: Final = re.compile(r"(\d{4})\.(\d{4,5})")
_OLD_STYLE: Final = re.compile(r"([a-z-]+)/(\d{7})")
OLD_FLAG: Final = 1 << 40
HASH_FLAG: Final = 1 << 63
"""Numbers with these bits are old-style arXiv ids (archive, then seven digits), and hashes of other keys."""


def key_number(key: PaperKey) -> int:
    """The number of a key. arXiv ids of the new style are their digits; all others hash into the upper half.

    >>> key_number(PaperKey("arXiv:2305.14314"))
    2305014314
    """
    arxiv_id = arxiv_id_of(key)
    if arxiv_id and (found := _NEW_STYLE.fullmatch(arxiv_id)):
        return int(found[1]) * 1_000_000 + int(found[2]) + (500_000 if len(found[2]) == 4 else 0)
    if arxiv_id and (found := _OLD_STYLE.fullmatch(arxiv_id)):
        archive = int.from_bytes(hashlib.blake2b(found[1].encode(), digest_size=2).digest(), "big")
        return OLD_FLAG | (archive << 24) | int(found[2])
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return HASH_FLAG | int.from_bytes(digest, "big")


def number_key(number: int) -> PaperKey | None:
    """The key of a number where the number tells it: arXiv ids of the new style.

    >>> number_key(2305014314), number_key(key_number(PaperKey("arXiv:0704.0001")))
    ('arXiv:2305.14314', 'arXiv:0704.0001')
    """
    if number >= OLD_FLAG:
        return None
    month, index = divmod(number, 1_000_000)
    digits = f"{index - 500_000:04d}" if index >= 500_000 else f"{index:05d}"
    return arxiv_key(f"{month:04d}.{digits}")
