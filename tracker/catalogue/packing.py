"""Lines of text packed in blocks of a catalogue file, so that one line can be read by unpacking few.

A block is some lines joined by line feeds, compressed, and the CRC-32 of what is packed (4 bytes). Two ways
of packing: deflate with the help of a dictionary of common phrases, which unpacks 32 heads of records in 20
microseconds; and LZMA, which makes details a quarter smaller and takes 2 ms for 1024 (measured on the 64,000
most cited papers).
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from itertools import accumulate, islice
from typing import Final

from tracker.catalogue.container import Container

_CHECKSUM: Final = 4
_DICTIONARY: Final = 32_768
"""Bytes: deflate looks no further back."""
_PHRASE_WORDS: Final = 2
"""Three make the dictionary no better: fewer phrases then fit in."""
_KEPT_LINES: Final = 1 << 15
"""Unpacked lines that are kept at most, about 5 MB; in three million titles twice as many find 3 in 100 more."""
_MANY: Final = 256
"""Lines of a block, from so many on it is kept where each begins: to part them all for each takes longer."""
_LZMA: Final = {"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 4, "lp": 0, "pb": 0}
"""Preset 9 with EXTREME takes three times as long and gains 0.1 %."""
_LOOKED_BACK: Final = 1 << 20
"""Bytes that are looked back while packing: most blocks have a tenth of them, and more would take 94 MB."""

_BZIP_LEVEL: Final = 9
Pack = Callable[[bytes], bytes]


def phrases(lines: Iterable[str]) -> bytes:
    """A dictionary for `deflating`: the phrases that stand most often in sample lines, the most useful last.

    The same lines in another order give the same dictionary.
    """
    counts: Counter[str] = Counter()
    for line in lines:
        words = line.split(" ")
        for size in range(1, _PHRASE_WORDS + 1):
            counts.update(" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
    useful = sorted(
        (-(count - 1) * (len(phrase) - 2), phrase) for phrase, count in counts.items() if count > 2
    )
    chosen: list[str] = []
    size = 0
    for _, phrase in useful:
        if size + len(phrase.encode()) + 1 > _DICTIONARY:
            break
        if not any(phrase in longer for longer in chosen):
            chosen.append(phrase)
            size += len(phrase.encode()) + 1
    return " ".join(reversed(chosen)).encode()


def deflating(dictionary: bytes) -> Pack:
    """Packs quickly unpacked blocks."""

    def pack(data: bytes) -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
        return packer.compress(data) + packer.flush()

    return pack


def inflating(dictionary: bytes) -> Pack:
    """Unpacks what `deflating` packed with the same dictionary."""

    def unpack(data: bytes) -> bytes:
        unpacker = zlib.decompressobj(-15, dictionary)
        return unpacker.decompress(data) + unpacker.flush()

    return unpack


def lzma_pack(data: bytes) -> bytes:
    """Packs small blocks."""
    return lzma.compress(data, format=lzma.FORMAT_RAW, filters=[{**_LZMA, "dict_size": _LOOKED_BACK}])


def lzma_unpack(data: bytes) -> bytes:
    """Unpacks what `lzma_pack` packed."""
    return lzma.decompress(data, format=lzma.FORMAT_RAW, filters=[_LZMA])


def bzip_pack(data: bytes) -> bytes:
    """Packs long texts best, and thrice as fast as LZMA."""
    return bz2.compress(data, _BZIP_LEVEL)


def bzip_unpack(data: bytes) -> bytes:
    """Unpacks what `bzip_pack` packed."""
    return bz2.decompress(data)


def pack_blocks(lines: Iterable[bytes], pack: Pack, per_block: int) -> tuple[bytes, array[int]]:
    """Lines packed in blocks: the data, and where each block ends."""
    packed = bytearray()
    ends = array("Q")
    rest = iter(lines)
    while taken := list(islice(rest, per_block)):
        block = b"\n".join(taken)
        packed += pack(block) + zlib.crc32(block).to_bytes(_CHECKSUM, "little")
        ends.append(len(packed))
    return bytes(packed), ends


class Lines:
    """Packed lines, read by number; the blocks read last are kept."""

    def __init__(
        self, container: Container, name: str, unpack: Pack, per_block: int, kept: int = _KEPT_LINES
    ) -> None:
        """Of the sections `name` and `name`_blocks; some `kept` unpacked lines are kept."""
        for section in (name, f"{name}_blocks"):
            container.length(section)  # that it is there
        self._container, self._name = container, name
        self._unpack = unpack
        self._per_block = per_block
        self._read = lru_cache(maxsize=kept // per_block)(self._read_block)
        self._starts = lru_cache(maxsize=kept // per_block)(self._find_starts)

    def __getitem__(self, number: int) -> str:
        """The line.

        Raises:
            CatalogueError: its block is damaged.
        """
        block, place = divmod(number, self._per_block)
        try:
            if self._per_block < _MANY:
                return self._read(block).split("\n")[place]
            starts = self._starts(block)
            return self._read(block)[starts[place] : starts[place + 1] - 1]
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, IndexError):
            raise self._container.damaged() from None

    def _find_starts(self, block: int) -> array[int]:
        """Where each line of a block begins, and one would behind the last."""
        lines = self._read(block).split("\n")
        return array("I", accumulate((len(line) + 1 for line in lines), initial=0))

    @cached_property
    def _offsets(self) -> memoryview:
        """Where each block begins, and the last one ends."""
        return self._container.numbers(f"{self._name}_blocks")

    def _read_block(self, block: int) -> str:
        """The lines of a block in one piece: as many strings would take half as much memory again."""
        first, last = self._offsets[block], self._offsets[block + 1]
        packed = self._container.piece(self._name, first, last)
        data = self._unpack(packed[:-_CHECKSUM])
        if zlib.crc32(data) != int.from_bytes(packed[-_CHECKSUM:], "little"):
            raise ValueError("the checksum does not agree")
        return data.decode()
