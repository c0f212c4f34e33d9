"""Regular expressions that are compiled when they are first used.

Python compiles a pattern from its text at each start; one with Chinese characters takes a millisecond. All that the
program has would take a tenth of the time in which a short document is scanned, and no document needs half of them.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, AnyStr, Generic, cast


class _Lazy(Generic[AnyStr]):
    """Has what the compiled pattern has."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = pattern
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> Any:
        """What is asked for and not yet here: found again without a call."""
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(self._compiled, name)
        setattr(self, name, value)
        return value


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern, as `re.compile` gives it; one that is wrong raises `re.error` where it is first used.

    >>> regex(r"(?:19|20)\\d\\d").search("in 2023")[0]
    '2023'
    """
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))
