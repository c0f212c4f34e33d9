"""`python -m tests.servers`: the program without the internet. Prints what to set, and each question.

One server for each service, which all know the same papers. A further one is a line in `SERVICES`.
"""

from __future__ import annotations

import argparse
import contextlib
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.servers import oai
from tests.servers.acl_server import AclServer
from tests.servers.arxiv_server import ArxivServer
from tests.servers.crossref_server import CrossrefServer
from tests.servers.dblp_server import DblpServer
from tests.servers.facts import PAPERS_FILE, Facts, read_papers, read_publications
from tests.servers.loopback import Fault, LoopbackServer, Request
from tests.servers.oai import OaiServer
from tests.servers.openalex_server import OpenAlexServer
from tests.servers.openreview_server import OpenReviewServer
from tests.servers.semantic_scholar_server import SemanticScholarServer

SHOWN = 160
"""Characters of a question that are printed."""


def _oai(papers: Mapping[str, Facts], page_size: int, **options: Any) -> OaiServer:
    """Knows the papers as changed in the last seven days."""
    today = datetime.now(UTC).date()
    listed = oai.items(papers.values(), today - timedelta(days=7), per_day=len(papers) // 7 + 1)
    return OaiServer(listed, page_size=page_size, today=today, **options)


Start = Callable[[argparse.Namespace, Mapping[str, Facts], dict[str, Any]], LoopbackServer]
SERVICES: tuple[tuple[type[LoopbackServer], Start], ...] = (
    (ArxivServer, lambda chosen, papers, options: ArxivServer(papers, invents=chosen.invent, **options)),
    (OaiServer, lambda chosen, papers, options: _oai(papers, chosen.page_size, **options)),
    (CrossrefServer, lambda _, papers, options: CrossrefServer(read_publications(papers), **options)),
    (DblpServer, lambda _, papers, options: DblpServer(papers, read_publications(papers), **options)),
    (AclServer, lambda _, papers, options: AclServer(read_publications(papers), **options)),
    (OpenReviewServer, lambda _, papers, options: OpenReviewServer(papers, **options)),
    (SemanticScholarServer, lambda _, papers, options: SemanticScholarServer(papers, **options)),
    (OpenAlexServer, lambda _, papers, options: OpenAlexServer(papers, **options)),
)
"""Each service, and how its server is made of the command line's options, the papers, and what `LoopbackServer`
takes. The first one is meant where `--fault` names no service."""
NAMES = {kind.NAME: kind for kind, _ in SERVICES}


def main() -> int:
    parser = _parser()
    chosen = parser.parse_args()
    try:
        faults = _by_service([*chosen.fault, *(f"oai:{name}" for name in chosen.oai_fault)], chosen)
        always = {name: found[-1] for name, found in _by_service(chosen.always, chosen).items() if found}
    except ValueError as error:
        parser.error(str(error))
    papers = read_papers(chosen.papers)
    with contextlib.ExitStack() as stack:
        servers = []
        for number, (kind, start) in enumerate(SERVICES):
            options = {
                "faults": faults[kind.NAME],
                "always": always.get(kind.NAME),
                "gap_s": chosen.gap,
                "port": chosen.port + number if chosen.port else 0,
                "on_request": _teller(kind.NAME),
            }
            servers.append(stack.enter_context(start(chosen, papers, options)))
        assignments = (f"{name}={shlex.quote(value)}" for s in servers for name, value in _settings(s))
        print("export", *assignments, flush=True)
        print(f"{len(servers)} services know {len(papers)} papers; stop with Ctrl-C", file=sys.stderr)
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)
    return 0


def _parser() -> argparse.ArgumentParser:
    everywhere = set.intersection(*(set(kind.FAULTS) for kind, _ in SERVICES))
    own = [f"{name}: {', '.join(sorted(kind.FAULTS.keys() - everywhere))}" for name, kind in NAMES.items()]
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers",
        description=f"Servers on this machine that answer as the real services do: {', '.join(NAMES)}.",
        epilog=f"Faults: an HTTP status (429, 503, ...); {', '.join(sorted(everywhere))}. Of {'. Of '.join(own)}.",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="of the first service, the others follow; default: any free ones"
    )
    parser.add_argument(
        "--papers", type=Path, default=PAPERS_FILE, help="JSON Lines: id, title, authors, date, ..."
    )
    parser.add_argument(
        "--invent", action="store_true", help="arXiv answers for every possible id, with a made-up title"
    )
    parser.add_argument(
        "--gap", type=float, default=0.2, metavar="S", help="questions sooner than this get 429"
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="[SERVICE:]NAME",
        help=f"of the next question; repeatable; without a service: of {SERVICES[0][0].NAME}",
    )
    parser.add_argument(
        "--always",
        action="append",
        default=[],
        metavar="[SERVICE:]NAME",
        help="of all questions after those; repeatable",
    )
    parser.add_argument(
        "--oai-fault", action="append", default=[], metavar="NAME", help="the same as --fault oai:NAME"
    )
    parser.add_argument("--page-size", type=int, default=5, metavar="N", help="records on a page of OAI-PMH")
    parser.add_argument("--retry-after", metavar="VALUE", help="header sent with 429 and 503")
    return parser


def _by_service(given: list[str], chosen: argparse.Namespace) -> dict[str, list[Fault]]:
    """The faults of each service.

    Raises:
        ValueError: there is no such service, or it has no such fault.
    """
    faults: dict[str, list[Fault]] = {name: [] for name in NAMES}
    for text in given:
        service, _, name = text.rpartition(":")
        kind = NAMES.get(service or SERVICES[0][0].NAME)
        if kind is None:
            raise ValueError(f"no such service: {service}")
        if name not in kind.FAULTS and not name.isdigit():
            raise ValueError(f"no such fault: {name}")
        faults[kind.NAME].append(Fault(name, retry_after=chosen.retry_after))
    return faults


def _settings(server: LoopbackServer) -> Iterator[tuple[str, str]]:
    """The variables that lead the program to a server."""
    values = {"URL": server.url, "DELAY": f"{server.gap_s:g}", "KEY": "any"}
    for what in server.SETTINGS:
        yield f"TRACKER_{server.NAME.upper()}_{what}", values[what]


def _teller(service: str) -> Callable[[Request], None]:
    def tell(request: Request) -> None:
        asked = " ".join(f"{name}={value}" for name, value in request.params.items() if "key" not in name)
        line = f"{service}: {request.answer}: {request.method} {request.path} {asked}"
        print(line if len(line) <= SHOWN else f"{line[:SHOWN]}...", file=sys.stderr, flush=True)

    return tell


if __name__ == "__main__":
    sys.exit(main())
