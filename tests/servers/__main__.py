"""`python -m tests.servers`: the program without the internet. Prints what to set, and each question."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from pathlib import Path

from tests.servers import atom
from tests.servers.arxiv_server import FAULTS, ArxivServer, Fault, Request


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers",
        description="A server on this machine that answers as arXiv's API does.",
        epilog="Faults: an HTTP status (429, 503, ...) or one of: " + ", ".join(sorted(FAULTS)) + ".",
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
    parser.add_argument("--retry-after", metavar="VALUE", help="header sent with 429 and 503")
    options = parser.parse_args()
    wanted = [*options.fault, *([options.always] if options.always else [])]
    if wrong := [name for name in wanted if name not in FAULTS and not name.isdigit()]:
        parser.error(f"no such fault: {', '.join(wrong)}")

    server = ArxivServer(
        atom.read_papers(options.papers),
        faults=[Fault(name, retry_after=options.retry_after) for name in options.fault],
        always=Fault(options.always, retry_after=options.retry_after) if options.always else None,
        gap_s=options.gap,
        invents=options.invent,
        port=options.port,
        on_request=_show,
    )
    with server:
        print(
            f"export TRACKER_ARXIV_URL={shlex.quote(server.url)} TRACKER_ARXIV_DELAY={options.gap:g}",
            flush=True,
        )
        print(f"knows {len(server.papers)} papers; stop with Ctrl-C", file=sys.stderr)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


def _show(request: Request) -> None:
    print(
        f"{request.answer}: {len(request.ids)} ids: {','.join(request.ids[:5])}", file=sys.stderr, flush=True
    )


if __name__ == "__main__":
    sys.exit(main())
