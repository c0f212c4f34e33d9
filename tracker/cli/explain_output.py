"""The output of `tracker scan --explain`: the ledger of a decision in aligned columns, or as JSON Lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tracker.cli.terminal import escaped, printable, put_lines, table
from tracker.errors import InputError
from tracker.models import Ledger, Weighing
from tracker.regex import regex
from tracker.settings import Settings

_PLACE = regex(r"(\d{1,9})(?::(.*))?", re.DOTALL)


def explain_mentions(
    documents: Sequence[str],
    place: str,
    settings: Settings,
    *,
    min_confidence: float | None = None,
    as_json: bool = False,
) -> None:
    """Print the ledgers of the mentions at a place, "141" or "141:SAM", of the one document.

    Raises:
        InputError: the place or the document cannot be used, or there is no mention.
    """
    from tracker.questions import explain_line

    line, surface = place_named(place, documents)
    ledgers = explain_line(documents[0], settings, line=line, surface=surface, min_confidence=min_confidence)
    if as_json:
        put_lines(json_lines(ledgers))
    for number, ledger in enumerate(() if as_json else ledgers):
        put_lines(["", *ledger_lines(ledger)] if number else ledger_lines(ledger))


def place_named(given: str, documents: Sequence[str]) -> tuple[int, str]:
    """The line and the words that "141" or "141:SAM" names.

    Raises:
        InputError: it names no line, or more than one document is given.
    """
    found = _PLACE.fullmatch(given.strip())
    if not found or len(documents) != 1:
        raise InputError(
            "--explain: name one document, and a line of it with or without a name: --explain 12:SAM"
        )
    return int(found[1]), found[2] or ""


def json_lines(ledgers: Iterable[Ledger]) -> Iterator[str]:
    """One JSON object per mention."""
    for ledger in ledgers:
        yield escaped(ledger.model_dump_json())


def ledger_lines(ledger: Ledger) -> Iterator[str]:
    """How one decision came out: the mention, the outcome and why, each candidate's features and sum."""
    link, mention = ledger.link, ledger.link.mention
    surface = " ".join(mention.surface.split())
    yield printable(f"{mention.document}:{mention.line}  {mention.kind}  “{surface}”")
    if link.paper:
        yield printable(f"linked to {link.paper}  {link.title or '(not in the catalogue)'}")
    else:
        yield "nothing was linked"
    yield printable(f"{_why(ledger)}; role {link.role}, salience {link.salience:.2f}")
    if not ledger.weighings:
        yield from (printable(f"  {one.detail}") for one in link.evidence)
        for other in link.alternatives:
            yield printable(f"  perhaps {other.paper}  {other.title}  ({other.confidence:.2f})")
        return
    for number, one in enumerate(ledger.weighings, 1):
        yield ""
        yield from _weighing_lines(number, one)
    left = max(0.0, 1.0 - sum(one.confidence for one in ledger.weighings))
    yield ""
    yield f"no paper: score 0.000, confidence {left:.3f}"


def _why(ledger: Ledger) -> str:
    """The decision in words."""
    link = ledger.link
    if not ledger.weighings:
        return f"{link.reason}, confidence {link.confidence:.2f}"
    likeliest = ledger.weighings[0]
    lowered = ""
    if link.confidence < likeliest.confidence - 0.001:  # by a conflict with an identifier
        lowered = f"; lowered to {link.confidence:.3f}, for {link.evidence[-1].detail}"
    relation = "at least" if likeliest.confidence >= ledger.accept else "less than"
    return (
        f"{link.reason}: the likeliest paper has confidence {likeliest.confidence:.3f}, "
        f"{relation} the {ledger.accept:.3f} that a link needs{lowered}"
    )


def _weighing_lines(number: int, one: Weighing) -> Iterator[str]:
    year = f" ({one.year})" if one.year else ""
    yield printable(f"{number}. {one.paper}  {one.title or '(not in the catalogue)'}{year}")
    yield printable(f"   {'; '.join(one.evidence)}")
    rows = [("   feature", "value", "weight", "value x weight")]
    rows += [
        (f"   {term.feature}", f"{term.value:7.3f}", f"{term.weight:7.3f}", f"{term.product:7.3f}")
        for term in one.terms
    ]
    rows.append(("   sum", "", "", f"{one.score:7.3f}   confidence {one.confidence:.3f}"))
    yield from table(rows, stretch=0)
