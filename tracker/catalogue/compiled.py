"""The machine code (`passes/`), where it was compiled when the package was installed. Without it numpy or Python does
the same, some times slower: no answer depends on it."""

from __future__ import annotations

from typing import Any

PASSES: Any = None
"""The module; None where there is none."""
try:
    from tracker.catalogue import _passes
except ImportError:  # there was no compiler, or the module is for another Python
    pass
else:
    PASSES = _passes
