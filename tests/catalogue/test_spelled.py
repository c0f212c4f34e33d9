"""Which of its names a surface may spell: asked for many at once, and the same for each alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.small import NAMES, PAPERS, open_built
from tracker.catalogue import Alias, Catalogue, Origin
from tracker.catalogue.names import SHORTEST_LOWER, WELL_KNOWN

MORE = (
    ("Self", "arXiv:2305.14314", 2),
    ("SELF", "arXiv:2307.09288", 1),
    ("Segment", "arXiv:2307.09288", WELL_KNOWN),
    ("CodeT5", "arXiv:2305.14314", 1),
    ("CodeT5+", "arXiv:2307.09288", 1),
    ("R1", "arXiv:2305.14314", 3),
    ("Wort-Netz", "arXiv:2305.14314", 1),
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_built(tmp_path_factory.mktemp("spelled"), PAPERS, (*NAMES, *MORE))


def may_spell(surface: str, alias: Alias) -> bool:
    """The rule for one surface and one name."""
    if surface.endswith("+") != alias.name.endswith("+"):
        return False
    is_word = bool(alias.origin & Origin.COMMON)
    if surface.islower() and not any(c.isdigit() for c in surface):
        return not is_word and len(surface) >= SHORTEST_LOWER and not any(c.isspace() for c in surface)
    is_known = alias.sources >= WELL_KNOWN or alias.origin & Origin.CURATED
    if is_word and surface != alias.name and not is_known:
        return False
    return len(surface) >= 3 or surface.upper() == alias.name.upper()


SPELLINGS = [name for name, _, _ in (*NAMES, *MORE)]
written = st.sampled_from(SPELLINGS).flatmap(
    lambda name: st.sampled_from(
        [name, name.lower(), name.upper(), name.title(), f"{name}+", " ".join(name), name.replace("-", " ")]
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(written, min_size=1, max_size=8))
def test_a_surface_spells_the_names_that_it_spells_alone(catalogue: Catalogue, words: list[str]) -> None:
    text = " , ".join(words)
    spans = catalogue.spans(text, is_heard=True)[1]
    surfaces = [text[span.start : span.end] + "+" * (text[span.end :][:1] == "+") for span in spans]
    for surface, span, named in zip(surfaces, spans, catalogue.named_at(spans, surfaces), strict=True):
        spelled = [alias for alias in catalogue.aliases(span) if may_spell(surface, alias)]
        rows, sources = (tuple(getattr(one, field) for one in spelled) for field in ("row", "sources"))
        assert named == ((rows, sources) if spelled else ())


def test_nothing_is_asked(catalogue: Catalogue) -> None:
    assert catalogue.named_at(catalogue.spans("")[1], []) == []


@pytest.mark.parametrize(
    ("surface", "papers"),
    [("SELF", 2), ("self", 0), ("CodeT5", 1), ("CodeT5+", 1), ("segment", 0), ("R1", 1)],
)
def test_ordinary_words_and_a_plus(catalogue: Catalogue, surface: str, papers: int) -> None:
    spans = catalogue.spans(surface, is_heard=True)[1]
    found = {
        row for named in catalogue.named_at(spans, [surface] * len(spans)) for row in (named and named.rows)
    }
    assert len(found) == papers
