"""Running the command line: in this process, which is fast, or in one of its own, where that matters."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from typer.testing import CliRunner

from tracker.cli import app

ENGLISH = """\
# Fine-tuning on one machine

QLoRA (https://arxiv.org/abs/2305.14314v2) trains adapters on a quantised model; LoRA, arXiv:2106.09685, did
not quantise. "Attention Is All You Need" [arXiv:1706.03762] is where it all began.

We use QLoRA throughout.
"""
CHINESE = """\
# 微调笔记

与QLoRA相比（arXiv：2305.14314），全参数微调需要更多显存。参见《Attention Is All You Need》
（https://arxiv.org/abs/1706.03762）。
"""
PAPERS = ["arXiv:2305.14314", "arXiv:2106.09685", "arXiv:1706.03762"]
"""What the English text cites, in its order; the Chinese one cites the first and the last."""


class Ran(NamedTuple):
    """What came of a run."""

    code: int
    out: str
    err: str

    @property
    def is_clear(self) -> bool:
        """Whether standard error holds short lines for people, and nothing of Python's."""
        return "Traceback" not in self.err and all(len(line) < 400 for line in self.err.splitlines())


class Tracker:
    """The command line in a folder with an environment of its own."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = dict(environment)

    def __call__(self, *arguments: str | Path, stdin: bytes | None = None, **environment: str) -> Ran:
        """Runs it in this process."""
        result = CliRunner().invoke(
            app, [str(one) for one in arguments], input=stdin, env={**self.environment, **environment}
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    def start(
        self,
        *arguments: str | Path,
        program: Sequence[str] = ("-m", "tracker"),
        stdout: IO[bytes] | int = subprocess.PIPE,
    ) -> Ran:
        """Runs it in a process of its own."""
        done = subprocess.run(
            [sys.executable, *program, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env={**os.environ, **self.environment, "PYTHONDONTWRITEBYTECODE": ""},
            cwd=self.folder,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())
