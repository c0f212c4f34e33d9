"""Search as the services do it: by words, with wrong papers among what is found. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tests.servers.facts import Publication
from tracker.keys import fold


def words_of(text: str) -> list[str]:
    """The folded words of a text."""
    return re.findall(r"\w+", fold(text))


def ranked(
    publications: Iterable[Publication], title: str, author: str = ""
) -> list[tuple[float, Publication]]:
    """Those that share words with the question, the most first, each with a score; authors count for less."""
    wanted, names = words_of(title), words_of(author)
    scored = []
    for publication in publications:
        there, people = words_of(publication.title), words_of(" ".join(publication.authors))
        score = 10.0 * _share(wanted, there) + 3.0 * _share(names, people) + _share(there, wanted)
        if score > 1.0:
            scored.append((round(score, 4), publication))
    return sorted(scored, key=lambda one: -one[0])


def all_words(publications: Iterable[Publication], question: str) -> list[Publication]:
    """Those in whose title, authors or venue every word of the question begins a word, as at DBLP."""
    wanted = words_of(question)
    return [p for p in publications if all(_begins(word, _text(p)) for word in wanted)]


def _text(publication: Publication) -> list[str]:
    return words_of(" ".join((publication.title, *publication.authors, publication.short, publication.date)))


def _begins(start: str, words: Sequence[str]) -> bool:
    return any(word.startswith(start) for word in words)


def _share(some: Sequence[str], others: Sequence[str]) -> float:
    return sum(word in others for word in some) / len(some) if some else 0.0
