r"""Titles for BibTeX: escaped, with acronyms and names protected from styles that change the case.

BibTeX's styles print `Finetuning of Quantized LLMs` as "Finetuning of quantized llms" unless braces hold the
capitals. Only what must keep its capitals gets braces, as small as they can be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import NamedTuple

from tracker.export.latex import Text
from tracker.regex import regex

_LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_WORD = regex(rf"[0-9{_LATIN}]+(?:['’][{_LATIN}]+)*")
_CHUNK = regex(r"\S+")
# Two protected words joined by one of these go into one pair of braces: {R-CNN}, {TCP/IP}, {Q\&A}.
_JOINTS = frozenset("-–/&·.+")

# The names that titles hold most often, besides those that their form shows.
_NAME_WORDS = """
    Abelian Banach Bayes Bayesian Bellman Bernoulli Bessel Boltzmann Boolean Borel Brownian Carlo
    Cartesian Cauchy Chebyshev Coulomb Dirac Dirichlet Einstein Euclidean Euler Fano Fermi Feynman Fisher
    Fourier Frobenius Galois Gauss Gaussian Gaussians Gibbs Gödel Grassmannian Hadamard Hamilton
    Hamiltonian Hausdorff Hebbian Heisenberg Hermite Hermitian Hessian Higgs Hilbert Hopfield Hubble
    Ising Jacobi Jacobian Kalman Kähler Kolmogorov Krylov Kullback Lagrange Lagrangian Langevin Laplace
    Laplacian Lebesgue Legendre Leibler Lindblad Lipschitz Lorentz Lyapunov Mahalanobis Majorana Markov
    Markovian Maxwell Minkowski Monte Nash Navier Nesterov Newton Newtonian Nyström Pareto Pauli Planck
    Poincaré Poisson Potts Rademacher Ramsey Rényi Riccati Riemann Riemannian Schrödinger Shannon Shapley
    Sobolev Stokes Taylor Thompson Turing Wasserstein Weibull Wiener Wigner Zipf African American Arabic
    Asian Bengali Brazilian British Chinese Dutch English European French German Greek Hebrew Hindi
    Indian Indonesian Italian Japanese Korean Latin Persian Polish Portuguese Russian Spanish Swahili
    Swedish Tamil Turkish Ukrainian Urdu Vietnamese Africa America Asia Brazil China Europe Germany India
    Japan Android Facebook Google Java Kubernetes Linux Llama Microsoft Mistral Python Reddit Twitter
    Wikipedia
"""
_NAMES = frozenset(_NAME_WORDS.split())
# With a number behind the hyphen these count something and name nothing: Top-1, Type-2.
_COUNTED_WORDS = """
    Top Type Level Stage Phase Step Task Rank Part Order Class Category Version Degree Tier Grade Layer
    Day
"""
_COUNTED = frozenset(_COUNTED_WORDS.split())
_SMALL_WORDS = """
    with from over into through between under their without using when than that this upon within across
    toward towards beyond what where which does have your them they
"""
_FUNCTION_WORDS = frozenset(_SMALL_WORDS.split())


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    is_first: bool
    """The title's first word, or the first behind a colon: BibTeX leaves its capital alone."""
    before: str
    """The character in front, "" at the start."""
    after: str
    """What follows, at most two characters."""


def latex_title(title: str, aliases: Collection[str] = ()) -> str:
    r"""The title as the value of a BibTeX field, without the enclosing braces.

    `aliases`: short names of the paper, which tell that "Llama" in "The Llama 3 Herd of Models" is a name.

    >>> latex_title("QLoRA: Efficient Finetuning of Quantized LLMs")
    '{QLoRA}: Efficient Finetuning of Quantized {LLM}s'
    """
    text = Text(title)
    pieces, done = [], 0
    for start, end in _protected(text.plain, aliases):
        while end < len(text.plain) and unicodedata.combining(text.plain[end]):
            end += 1  # a mark belongs to the letter before it
        pieces += [text.latex(done, start), "{", text.latex(start, end), "}"]
        done = end
    return "".join((*pieces, text.latex(done)))


def _protected(plain: str, aliases: Collection[str]) -> Iterator[tuple[int, int]]:
    """The spans that must keep their capitals, in order, apart from each other."""
    words = list(_words(plain))
    if _is_shouted(words):
        return
    numbered = {found[1] for alias in aliases if (found := re.match(r"([A-Z][a-z]+)[ -]?\d", alias))}
    keeps_names = _is_sentence_case(words)
    for chunk in _CHUNK.finditer(plain):
        start, end = chunk.span()
        within = [word for word in words if start <= word.start < end]
        spans = [span for word in within if (span := _capitals(word, numbered, keeps_names))]
        name = chunk[0].strip(",;:.!?()[]\"'“”‘’")
        is_head = start == 0 and chunk[0].endswith(":") and "-" in name
        is_name = is_head and any(word.text[0].isupper() for word in within[1:])
        if is_name or (spans and name in aliases):
            first = start + chunk[0].index(name)
            yield first, first + len(name)
        else:
            yield from _joined(spans, plain)


def _words(plain: str) -> Iterator[_Word]:
    for found in _WORD.finditer(plain):
        start, end = found.span()
        before = plain[max(0, start - 2) : start]
        yield _Word(found[0], start, end, start == 0 or before == ": ", before[-1:], plain[end : end + 2])


def _joined(spans: list[tuple[int, int]], plain: str) -> Iterator[tuple[int, int]]:
    """The spans, those that one joint parts made one."""
    current: tuple[int, int] | None = None
    for span in spans:
        if current and plain[current[1] : span[0]] in _JOINTS:
            current = (current[0], span[1])
            continue
        if current:
            yield current
        current = span
    if current:
        yield current


def _capitals(word: _Word, numbered: Collection[str], keeps_names: bool) -> tuple[int, int] | None:
    """The part of the word to protect, None where it is an ordinary word."""
    text = re.sub(r"(?<=.)['’]s$", "", word.text)
    if plural := re.fullmatch(r"(.*[A-Z].*[A-Z0-9])s", text):
        text = plural[1]
    letters = [c for c in text if c.isalpha()]
    capitals = sum(map(str.isupper, letters))
    if capitals == 0:
        return None
    has_digits = any(map(str.isdigit, text))
    is_shaped = capitals > 1 or has_digits or not text[0].isupper() or re.match(r"I['’]", text) is not None
    is_letter = len(letters) == 1 and not _is_article(word)
    if is_shaped or is_letter or (not word.is_first and _is_name(text, word.after, numbered, keeps_names)):
        return _without_digits(text, word.start)
    return None


def _without_digits(text: str, start: int) -> tuple[int, int]:
    """The span of the word without the digits at its ends: 3{D}, {T}5, 8x7{B}.

    They need no braces, and pandoc prints what stands in "{7B}" as "7b".
    """
    front = re.match(r"[0-9a-z]*[0-9](?=[A-Z])", text)
    return start + (front.end() if front else 0), start + len(text.rstrip("0123456789"))


def _is_article(word: _Word) -> bool:
    """Whether it is the "A" of "A Survey", with a blank behind it, and not that of "A*" or "Vitamin A"."""
    return word.text == "A" and word.before in " \"'“‘(" and len(word.after) == 2 and word.after[0] == " "


def _is_name(text: str, after: str, numbered: Collection[str], keeps_names: bool) -> bool:
    if keeps_names or text in _NAMES:
        return True
    if re.match(r"-\d", after):
        return text not in _COUNTED
    return text in numbered and re.match(r" \d", after) is not None


def _is_shouted(words: list[_Word]) -> bool:
    """Whether the whole title is in capitals, so that they tell nothing."""
    letters = "".join(word.text for word in words)
    return len(words) > 3 and letters.upper() == letters


def _is_sentence_case(words: list[_Word]) -> bool:
    """Whether ordinary words stand in lower case, so that a capital inside the title marks a name."""
    ordinary = [word for word in words if not word.is_first and len(word.text) > 3 and word.text.isalpha()]
    lower = sum(word.text.islower() and word.text not in _FUNCTION_WORDS for word in ordinary)
    capital = sum(word.text.istitle() for word in ordinary)
    return lower >= max(2, capital)
