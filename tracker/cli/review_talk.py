"""The talk of `tracker review`: a question, an answer on a line of standard input, the next question."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tracker.cli.terminal import escaped, printable, put, put_lines, say
from tracker.identifiers import PaperKey, parse_key
from tracker.questions import Option, Question, Review

CHOICES: Final = (
    "Type a number for that paper, n: none of them, s: skip, q: quit, or another paper's id or URL."
)
QUIT: Final = "q"
SKIP: Final = "s"
NONE: Final = "n"
_BOLD: Final = "\x1b[1m"
_PLAIN: Final = "\x1b[0m"


def json_lines(questions: Iterable[Question]) -> Iterator[str]:
    """One JSON object per question."""
    for question in questions:
        yield escaped(question.model_dump_json())


def talk(review: Review) -> None:
    """Ask until nothing is left, the reader quits, or standard input ends; answers are kept as given."""
    if not review.questions:
        say("tracker: nothing is unsure")
        return
    put_lines([CHOICES])
    answered = skipped = 0
    while questions := review.questions:
        question = questions[0]
        put_lines(_question_lines(question, len(questions)))
        answer = _answer_to(question)
        if answer == QUIT:
            break
        if answer == SKIP:
            review.skip(question)
            skipped += 1
            continue
        paper = None if answer == NONE else PaperKey(answer)
        review.answer(question, paper)
        answered += 1
        put_lines([_kept_line(question, paper, review)])
    say(f"tracker: {answered} answered, {skipped} skipped, {len(review.questions)} left")


def _answer_to(question: Question) -> str:
    """What the reader types: "n", "s", "q" (also where standard input ends), or the key of a paper."""
    while True:
        put("> ")
        line = sys.stdin.buffer.readline()
        if not line:
            put("\n")
            return QUIT
        typed = line.decode("utf-8", "replace").strip()
        if typed.lower() in (QUIT, SKIP, NONE):
            return typed.lower()
        if typed.isascii() and typed.isdigit() and 1 <= int(typed[:4]) <= len(question.options):
            return question.options[int(typed[:4]) - 1].paper
        if key := parse_key(typed):
            return key
        say(f"tracker: “{typed[:80]}” is none of these and no identifier. {CHOICES}")


def _question_lines(question: Question, left: int) -> Iterator[str]:
    yield ""
    where = f"{_shown(question.document)}:{question.line}"
    times = f", {question.mentions} times" if question.mentions > 1 else ""
    state = "linked to 1, but not surely" if question.is_linked else f"not linked: {question.reason}"
    yield printable(f"{where}  {question.kind}{times}, {state}  ({left} left)")
    yield "  " + printable(question.before) + _marked(question) + printable(question.after)
    for number, option in enumerate(question.options, 1):
        yield from _option_lines(number, option)


def _marked(question: Question) -> str:
    """The mention, set off from its sentence."""
    is_bold = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    surface = printable(f"»{question.surface}«")
    return f"{_BOLD}{surface}{_PLAIN}" if is_bold else surface


def _option_lines(number: int, option: Option) -> Iterator[str]:
    year = f" ({option.year})" if option.year else ""
    title = option.title or "(not in the catalogue)"
    yield printable(f"  {number}  {title}{year}  {option.paper}  {option.confidence:.2f}")
    if option.evidence:
        yield printable("     " + "; ".join(option.evidence))


def _kept_line(question: Question, paper: PaperKey | None, review: Review) -> str:
    if paper is None:
        return printable(f"  kept: “{question.surface}” is no paper here")
    return printable(f"  kept: {paper} {review.title_of(paper) or '(not in the catalogue)'}")


def _shown(document: str) -> str:
    """A document's name, from here where it lies below the current folder."""
    path = Path(document)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else document
