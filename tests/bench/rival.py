"""The same text for Tracker and for refextract (https://github.com/inspirehep/refextract), side by side.

refextract is installed from the registry into an environment of its own, below the folder for work. It takes any
text for a list of references. Where the shared folder has lines with the ids that stand in them, both are measured
against these; of other text it is told only how many each of them finds.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.speed import recognised_mb_per_s
from tracker.catalogue import Catalogue
from tracker.documents.text import TextReader
from tracker.identifiers import arxiv_id_of
from tracker.linking import link
from tracker.mentions import find_mentions
from tracker.mentions.ids import find_ids

PACKAGE = "refextract"
LINES = 40
"""Of the lines with known ids, in a text."""
INSTALL_S = 600.0


class Sample(NamedTuple):
    """A text, and the arXiv ids in it, where they are known."""

    text: str
    wanted: frozenset[str] | None
    may_be: frozenset[str] = frozenset()


def samples_of(shared: Path, documents: Sequence[Path]) -> list[Sample]:
    """Texts with their ids, or else documents."""
    path = shared / "bench/ids-dev.jsonl"
    if not path.exists():
        return [Sample(one.read_text("utf-8", "replace"), None) for one in documents]
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        Sample(
            "\n".join(row["text"] for row in part) + "\n",
            frozenset(one for row in part for one in row["expected"]),
            frozenset(one for row in part for one in row["optional"]),
        )
        for at in range(0, len(rows), LINES)
        if (part := rows[at : at + LINES])
    ]


def installed(work: Path) -> Path:
    """The interpreter of an environment with refextract, made if it is not there.

    Raises:
        OSError, subprocess.SubprocessError: it cannot be installed.
    """
    folder = work / PACKAGE
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / "ready").exists():
        if uv := shutil.which("uv"):
            _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder])
            _run([uv, "pip", "install", "--quiet", "--python", python, PACKAGE])
        else:
            _run([sys.executable, "-m", "venv", "--clear", folder])
            _run([python, "-m", "pip", "install", "--quiet", PACKAGE])
        (folder / "ready").touch()
    return python


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=INSTALL_S)


def rival_lines(work: Path, samples: Sequence[Sample], catalogue: Catalogue, limit_s: float) -> Iterator[str]:
    """A line for each of the two, then their ratio. refextract stops after `limit_s`; both get the same texts."""
    try:
        answer = subprocess.run(
            [installed(work), Path(__file__).with_name("rival_run.py"), str(limit_s)],
            input=json.dumps([one.text for one in samples]).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        reason = getattr(error, "stderr", None) or str(error).encode()
        yield f"{PACKAGE}: cannot be installed or run: {reason.decode('utf-8', 'replace').strip().splitlines()[-1]}"
        return
    theirs = json.loads(answer)
    samples = samples[: theirs["texts"]]
    megabytes = sum(len(one.text.encode()) for one in samples) / 1e6
    ids = [{key for value in found for key in _arxiv_keys(value)} for found in theirs["found"]]
    yield _told(PACKAGE, theirs["seconds"], megabytes, samples, ids)
    _our_keys("[1] A. Author, arXiv:1706.03762", catalogue)  # opens the catalogue
    start = time.process_time()
    ids = [_our_keys(one.text, catalogue) for one in samples]
    seconds = time.process_time() - start
    samples = [one._replace(may_be=one.may_be | _otherwise_named(one.text, catalogue)) for one in samples]
    yield _told("tracker, links and all", seconds, megabytes, samples, ids)
    fast = recognised_mb_per_s("\n".join(one.text for one in samples), catalogue.path, 3)
    yield (
        f"tracker is {theirs['seconds'] / seconds:.1f} times as fast; where it only finds ids, titles and names "
        f"({fast:.1f} MB/s), {fast * theirs['seconds'] / megabytes:.0f} times"
    )


def _told(
    who: str, seconds: float, megabytes: float, samples: Sequence[Sample], ids: Sequence[set[str]]
) -> str:
    count = sum(map(len, ids))
    line = f"{who}: {seconds:.2f} s for {megabytes:.2f} MB, {megabytes / seconds:.3f} MB/s; {count} arXiv ids"
    known = [
        (one.wanted, one.may_be, found)
        for one, found in zip(samples, ids, strict=True)
        if one.wanted is not None
    ]
    if known:
        wanted = sum(len(one) for one, _, _ in known)
        right = sum(len(one & found) for one, _, found in known)
        wrong = sum(len(found - one - may_be) for one, may_be, found in known)
        line += f", {right} of {wanted} that are there ({right / max(wanted, 1):.3f}), {wrong} that are not"
    return line


def _arxiv_keys(text: str) -> set[str]:
    return {one.key for one in find_ids(text) if one.key and arxiv_id_of(one.key)}


def _otherwise_named(text: str, catalogue: Catalogue) -> set[str]:
    """The arXiv papers that a text names by a DOI or the like."""
    others = (one.key for one in find_ids(text) if not arxiv_id_of(one.key))
    return {catalogue.key_of(key) for key in others}


def _our_keys(text: str, catalogue: Catalogue) -> set[str]:
    """The arXiv ids that a whole scan links."""
    document = TextReader().read("-", text.encode())
    links = link(document, find_mentions(document, catalogue), catalogue)
    return {
        str(one.paper) for one in links if one.mention.kind == "id" and one.paper and arxiv_id_of(one.paper)
    }
