"""The small catalogue, made once for all tests that only read it; and both ways to read texts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.catalogue.small import open_built
from tracker.catalogue import Catalogue, compiled


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_built(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module", params=["machine code", "numpy"])
def each_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Texts are read by machine code, then by numpy."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "numpy":
            patch.setattr(compiled, "PASSES", None)
        elif compiled.PASSES is None:
            pytest.skip("there was no C compiler when the package was installed")
        yield
