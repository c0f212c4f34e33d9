"""What a command takes: time on the clock, time of the processor, memory of it and of the processes it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

BETWEEN_S = 0.5
"""Between two looks at the memory."""


class Cost(NamedTuple):
    """What a command took."""

    wall_s: float
    cpu_s: float
    """Of all its processes."""
    memory_mb: float
    """The most at one time of all its processes, what they share counted once; with the parts of files that are
    mapped. Where the system does not tell, of the largest process."""
    own_mb: float
    """The most of memory that is no part of a file, so that the system cannot take it back; 0 if it is not known."""


class Failed(Exception):
    """A command ended with an error; the text is the last of what it said."""


def watched(
    command: Sequence[str | Path],
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
) -> Cost:
    """Run a command to its end, its output thrown away or written to `output`.

    Raises:
        Failed: it ended with an error.
    """
    start = time.perf_counter()
    run = subprocess.Popen(
        list(map(str, command)),
        stdout=output or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    most = own = 0.0
    said = b""
    assert run.stderr
    os.set_blocking(run.stderr.fileno(), False)
    while True:
        said = (said + (run.stderr.read() or b""))[-4000:]
        ended, status, used = os.wait4(run.pid, os.WNOHANG)
        if ended:
            break
        now = [_memory_mb(process) for process in _family(run.pid)]
        most = max(most, sum(pair[0] for pair in now))
        own = max(own, sum(pair[1] for pair in now))
        time.sleep(BETWEEN_S)
    wall = time.perf_counter() - start
    said += run.stderr.read() or b""
    run.stderr.close()
    run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines()
        raise Failed(lines[-1] if lines else f"ended with {run.returncode}")
    in_kb = 1024 if sys.platform != "darwin" else 1024**2
    return Cost(wall, used.ru_utime + used.ru_stime, most or used.ru_maxrss / in_kb, own)


def _family(process: int) -> Iterator[int]:
    """A process and those it started, and so on."""
    yield process
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        children = [child for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:  # it has ended, or the system has no such files
        return
    for child in children:
        yield from _family(int(child))


def _memory_mb(process: int) -> tuple[float, float]:
    """The part of memory that a process takes, and what of it is no part of a file."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return 0.0, 0.0
    in_kb = {line.partition(":")[0]: int(line.split()[1]) for line in lines}
    return in_kb["Pss"] / 1024, in_kb.get("Pss_Anon", 0) / 1024
