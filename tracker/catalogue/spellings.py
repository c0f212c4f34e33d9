"""Words of titles that are spelled nearly like another: those of which typing errors may have made it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Spellings:
    """The words of an index by length and letters."""

    def __init__(self, text: memoryview, ends: npt.NDArray[np.uint32]) -> None:
        """Of words that stand one behind the other, and where each ends."""
        self._text = text
        self._ends = ends

    def near(self, word: str, errors: int) -> Iterator[tuple[int, bytes, int]]:
        """The words at most so many errors away (a letter that is missing, too many or another, or two swapped), in
        order of length: number, word, errors."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import cdist

        numbers = self._alike(word, errors)
        if not len(numbers):
            return
        known = self._words(numbers)
        (distances,) = cdist([word.encode()], known, scorer=OSA.distance, score_cutoff=errors)
        for at in (distances <= errors).nonzero()[0].tolist():
            yield int(numbers[at]), known[at], int(distances[at])

    def _alike(self, word: str, errors: int) -> Any:
        """Numbers of the words whose length and letters differ from a word's by no more than errors
        explain: one too many or too few makes a difference in length, any other in two letters at most."""
        import numpy as np

        numbers, letters, first_of_length = self._shapes
        own = np.frombuffer(word.encode(), dtype=np.uint8)
        shape = np.bitwise_or.reduce(_letter_bits()[own])
        found = [numbers[:0]]
        for longer in range(-errors, errors + 1):
            length = len(own) + longer
            if 0 <= length < len(first_of_length) - 1:
                among = slice(first_of_length[length], first_of_length[length + 1])
                differ = np.bitwise_count(letters[among] ^ shape)
                found.append(numbers[among][differ <= 2 * errors - abs(longer)])
        return np.concatenate(found)

    @cached_property
    def _shapes(self) -> tuple[Any, Any, list[int]]:
        """The numbers of all words in order of their lengths, the letters of each as bits, and where the words of
        each length begin."""
        import numpy as np

        bits = _letter_bits()[np.frombuffer(self._text, dtype=np.uint8)]
        starts = np.concatenate(([0], self._ends[:-1])).astype(np.int64)
        lengths = np.diff(self._ends, prepend=np.uint32(0)).astype(np.uint8)
        letters = np.bitwise_or.reduceat(bits, starts) if len(bits) else bits
        order = np.argsort(lengths, kind="stable").astype(np.uint32)
        edges = np.concatenate(([0], np.cumsum(np.bincount(lengths)))).tolist()
        return order, letters[order], edges

    def _words(self, numbers: Any) -> list[bytes]:
        """The words with these numbers, at least one, all at once."""
        import numpy as np

        ends = self._ends[numbers].astype(np.int64)
        starts = np.where(numbers > 0, self._ends[numbers.astype(np.int64) - 1], 0).astype(np.int64)
        places = starts[:, None] + np.arange(int((ends - starts).max()))
        text = np.frombuffer(self._text, dtype=np.uint8)
        letters = np.where(places < ends[:, None], text[np.minimum(places, len(text) - 1)], 0)
        words: list[bytes] = letters.astype(np.uint8).view(f"S{letters.shape[1]}").ravel().tolist()
        return words


@cache
def _letter_bits() -> npt.NDArray[np.uint32]:
    """The bit of each byte: one for each letter a to z, the others share six."""
    import numpy as np

    bits = np.array([1 << (26 + byte % 6) for byte in range(256)], dtype=np.uint32)
    for at in range(26):
        bits[ord("a") + at] = 1 << at
    return bits
