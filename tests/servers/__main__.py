"""`python -m tests.servers`: the program without the internet. Prints what to set, and each question.

Two servers: arXiv's API, and its OAI-PMH service, which knows the same papers as changed in the last days.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.servers import atom, oai
from tests.servers.arxiv_server import FAULTS, ArxivServer, Fault, Request


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers",
        description="Servers on this machine that answer as arXiv's API and its OAI-PMH service do.",
        epilog="Faults of the API: an HTTP status (429, 503, ...) or one of: "
        + ", ".join(sorted(FAULTS))
        + ". Faults of OAI-PMH: those, and: "
        + ", ".join(sorted(set(oai.FAULTS) - set(FAULTS)))
        + ".",
    )
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument(
        "--papers", type=Path, default=atom.PAPERS_FILE, help="JSON Lines: id, title, authors, date, ..."
    )
    parser.add_argument(
        "--invent", action="store_true", help="answer for every possible id, with a made-up title"
    )
    parser.add_argument(
        "--gap", type=float, default=0.2, metavar="S", help="questions sooner than this get 429"
    )
    parser.add_argument(
        "--fault", action="append", default=[], metavar="NAME", help="for the next question; repeatable"
    )
    parser.add_argument("--always", metavar="NAME", help="for all questions after those")
    parser.add_argument(
        "--oai-fault", action="append", default=[], metavar="NAME", help="the same for OAI-PMH; repeatable"
    )
    parser.add_argument("--page-size", type=int, default=5, metavar="N", help="records on a page of OAI-PMH")
    parser.add_argument("--retry-after", metavar="VALUE", help="header sent with 429 and 503")
    options = parser.parse_args()
    wanted = [*options.fault, *([options.always] if options.always else [])]
    if wrong := [name for name in wanted if name not in FAULTS and not name.isdigit()]:
        parser.error(f"no such fault: {', '.join(wrong)}")
    if wrong := [name for name in options.oai_fault if name not in oai.FAULTS and not name.isdigit()]:
        parser.error(f"no such fault of OAI-PMH: {', '.join(wrong)}")

    server = ArxivServer(
        atom.read_papers(options.papers),
        faults=[Fault(name, retry_after=options.retry_after) for name in options.fault],
        always=Fault(options.always, retry_after=options.retry_after) if options.always else None,
        gap_s=options.gap,
        invents=options.invent,
        port=options.port,
        on_request=_show,
    )
    today = datetime.now(UTC).date()
    since = today - timedelta(days=7)
    harvested = oai.OaiServer(
        oai.items(server.papers.values(), since, per_day=len(server.papers) // 7 + 1),
        page_size=options.page_size,
        today=today,
        faults=[Fault(name, retry_after=options.retry_after) for name in options.oai_fault],
        gap_s=options.gap,
        on_request=lambda request: _show_harvest(request, harvested.asked[-1].question),
    )
    with server, harvested:
        print(
            f"export TRACKER_ARXIV_URL={shlex.quote(server.url)} TRACKER_ARXIV_DELAY={options.gap:g}"
            f" TRACKER_OAI_URL={shlex.quote(harvested.url)}",
            flush=True,
        )
        print(
            f"knows {len(server.papers)} papers, changed since {since} for OAI-PMH; stop with Ctrl-C",
            file=sys.stderr,
        )
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


def _show(request: Request) -> None:
    print(
        f"{request.answer}: {len(request.ids)} ids: {','.join(request.ids[:5])}", file=sys.stderr, flush=True
    )


def _show_harvest(request: Request, question: oai.Question) -> None:
    asked = " ".join(f"{name}={value}" for name, value in question.items())
    print(f"{request.answer}: {asked}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
