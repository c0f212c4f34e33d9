"""What a reader of one format is. A new format is one module with one reader, entered in `READERS`."""

from __future__ import annotations

from typing import Protocol

from tracker.models import Document


class Reader(Protocol):
    """Turns the bytes of one format into documents. It never opens a file and never asks the network."""

    @property
    def suffixes(self) -> frozenset[str]:
        """Endings of the names of such files, lower case with the dot: `{".txt"}`."""

    def recognises(self, data: bytes) -> bool:
        """Whether `data`, whose name says nothing, is in this format. Looks at the beginning only."""

    def read(self, name: str, data: bytes) -> Document:
        """The document that `data` is.

        Raises:
            InputError: the bytes cannot be read; the message goes on from the name ("is a binary file …").
        """
