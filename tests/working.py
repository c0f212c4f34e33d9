"""Work for other processes to do: they import it by this name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

_prepared: list[int] = []


def prepare(factor: int) -> None:
    _prepared.append(factor)


def multiply(number: int) -> int:
    """The product with what the process was prepared with; the larger numbers are done first."""
    time.sleep(0.02 * (5 - number % 5))
    return number * _prepared[-1]


def die_at_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return multiply(number)


def die_once(marker: str) -> str:
    """Ends its process the first time that it is asked with this name of a file."""
    if marker and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return marker


def refuse(number: int) -> int:
    raise ValueError(f"no {number}")
