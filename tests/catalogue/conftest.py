"""The small catalogue, made once for all tests that only read it."""

from __future__ import annotations

import pytest

from tests.catalogue.small import open_built
from tracker.catalogue import Catalogue


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_built(tmp_path_factory.mktemp("small"))
