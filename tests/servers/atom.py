"""arXiv's answers, byte for byte in the shape of the real ones (as recorded in April 2026). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from tests.servers.facts import Facts


def feed(
    entries: Sequence[str], *, total: int | None = None, size: int = 100, start: int = 0, query: str = ""
) -> str:
    """A page of results. `total` differs from the number of entries only where a test wants it so."""
    count = len(entries) if total is None else total
    return (
        f"{_head('https://arxiv.org/api/qFNnN3Zc8bA02fouemuGZq2J4Tg', f'arXiv Query: {query}')}"
        f"  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>\n"
        f"  <opensearch:totalResults>{count}</opensearch:totalResults>\n"
        f"  <opensearch:startIndex>{start}</opensearch:startIndex>\n"
        f"{''.join(entries)}</feed>\n"
    )


def error_feed(reason: str) -> str:
    """What arXiv says of a question it cannot answer: a feed with one entry."""
    address = f"https://arxiv.org/api/errors#{reason.replace(' ', '_')}"
    return (
        f"{_head('https://arxiv.org/', 'arXiv Search Results')}"
        "  <opensearch:itemsPerPage>1</opensearch:itemsPerPage>\n"
        "  <opensearch:totalResults>1</opensearch:totalResults>\n"
        "  <opensearch:startIndex>0</opensearch:startIndex>\n"
        f"  <entry>\n    <id>{escape(address)}</id>\n    <title>Error</title>\n"
        "    <updated>2026-04-12T22:59:06Z</updated>\n"
        f'    <link href={quoteattr(address)} rel="alternate" type="text/html"/>\n'
        f"    <summary>{escape(reason)}</summary>\n"
        "    <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n</feed>\n"
    )


def entry(paper: Facts, version: int | None = None) -> str:
    """One record, of the latest version unless another is asked for."""
    number = version or paper.version
    name = f"{paper.id}v{number}"
    optional = {"comment": paper.comment, "journal_ref": paper.journal_ref, "doi": paper.doi}
    lines = [
        f"<id>http://arxiv.org/abs/{name}</id>",
        f"<title>{escape(paper.title)}</title>",
        f"<updated>{paper.updated or paper.date}T08:18:33Z</updated>",
        f'<link href="https://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>',
        f'<link href="https://arxiv.org/pdf/{name}" rel="related" type="application/pdf" title="pdf"/>',
        f"<summary>  No abstract of {escape(paper.id)} is kept here.\n</summary>",
        *(
            f'<category term="{term}" scheme="http://arxiv.org/schemas/atom"/>'
            for term in sorted(paper.categories)
        ),
        f"<published>{paper.date}T08:18:33Z</published>",
        *(f"<arxiv:{tag}>{escape(value)}</arxiv:{tag}>" for tag, value in optional.items() if value),
        f'<arxiv:primary_category term="{paper.categories[0]}"/>',
        *(f"<author>\n      <name>{escape(author)}</name>\n    </author>" for author in paper.authors),
    ]
    return _entry(lines)


def _entry(lines: Iterable[str]) -> str:
    return "  <entry>\n" + "".join(f"    {line}\n" for line in lines) + "  </entry>\n"


def _head(address: str, title: str) -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <id>{escape(address)}</id>\n  <title>{escape(title)}</title>\n"
        "  <updated>2026-04-12T22:09:36Z</updated>\n"
    )
