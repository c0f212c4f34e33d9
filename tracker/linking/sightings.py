"""What is seen of one mention of a title or name: all that its decision depends on, in plain values.

A document names the same papers again and again, mostly in the same way. Mentions of which the same is seen have
the same features, and so the same decision: a sighting can be looked up. It holds nothing that tells the mention
itself but where that matters (a piece of text that is nearly a title).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from tracker.identifiers import PaperKey
from tracker.linking.called import Called, called_of
from tracker.linking.candidates import Candidate, candidates
from tracker.linking.context import Context
from tracker.linking.longer_titles import Joined, joined_to
from tracker.linking.name_features import Usage, usage_of
from tracker.linking.near_title_features import among_titles
from tracker.linking.speaker_features import NOBODY, Introduced, has_speakers, introduced
from tracker.models import IN_TRANSCRIPT, Mention, MentionKind

_QUOTES: Final = "\"'“”‘’「」『』《》〈〉*_[]()（）【】|:：\n"
_MOST_WORDS: Final = 4
"""More words of a title than these say no more."""


class Options:
    """The candidates of all mentions with the same surface and rows. Two are equal where they are one."""

    __slots__ = ("_called", "candidates")

    def __init__(self, found: Sequence[Candidate]) -> None:
        self.candidates = found
        self._called: list[Called] | None = None

    def called(self, mention: Mention, context: Context) -> list[Called]:
        """What the surface says of each candidate, wherever it stands."""
        if self._called is None:
            self._called = [called_of(mention, one, context) for one in self.candidates]
        return self._called


def options_of(mention: Mention, context: Context) -> Options:
    """The candidates of a mention, those that the reader's library knows behind the others."""
    asked = mention.kind, mention.surface, mention.support, mention.rows, mention.heard
    now = context.kept_for_now(Options)
    options = now.get(asked)
    if options is None:
        found = candidates(
            mention, context.catalogue, context.known, context.short_forms, kept=context.kept_candidates
        )
        found += context.recall.further(mention, found)
        # the same in both passes where the second finds the same
        known = context.kept(Options)
        options = now[asked] = known.setdefault((*asked, *found), Options(found))
    return options


class Said(NamedTuple):
    """What the document says of one candidate of a mention."""

    words_near: float = 0.0
    """How many telling words of its title stand near, in pairs, at most 2."""
    is_organisation_near: bool = False
    is_id_beside: bool = False
    is_id_in_document: bool = False
    """Its identifier stands somewhere else."""
    is_other_id_beside: bool = False
    is_title_beside: bool = False
    is_title_in_document: bool = False
    """Its title stands somewhere else."""
    settled_elsewhere: float = 0.0
    """How surely other mentions denote it."""
    introduced: Introduced = NOBODY


_NOTHING_SAID: Final = Said()


class Sighting(NamedTuple):
    """What is seen of a mention."""

    options: Options
    place: tuple[int, int] | None
    """Where it stands; None where that says nothing more."""
    is_apart: bool
    """Set off from what stands around it: quoted, emphasised, in brackets, alone in its cell."""
    usage: Usage | None
    """How the text uses a name."""
    joined: Joined | None
    """What is joined to a title."""
    listed_with: float
    """How surely a name beside it in an enumeration denotes a paper."""
    among_titles: float
    """How far it is one of a list of titles, where it is nearly one."""
    years_apart: tuple[float, ...]
    """For each candidate, how far its year is from that of the other papers."""
    said: tuple[Said, ...]
    """For each candidate."""


def is_seen_again(mention: Mention, context: Context) -> bool:
    """Whether its sighting is all that the decision on a mention depends on."""
    is_citation = mention.kind in (MentionKind.AUTHOR_YEAR, MentionKind.REFERENCE)
    is_heard = mention.heard or mention.support == IN_TRANSCRIPT
    return not (is_citation or is_heard or context.recall.knows(mention.surface))


def sighting_of(mention: Mention, options: Options, context: Context) -> Sighting:
    """What is seen of a mention of a title or name."""
    is_name, is_near_title = mention.kind is MentionKind.NAME, mention.is_near_title
    place = (mention.start, mention.end)
    places = context.kept(_Place)
    seen = places.get(place)
    if seen is None:
        seen = places[place] = _Place(mention, context.document.text)
    beside = context.ids_beside(mention)
    now = _now(mention, options, context)
    said = seen.near(mention, options, context)
    if beside or now.are_speakers or now.is_known:
        keys = {found.key for found in beside}
        free = {found.key for found in beside if not context.is_given_to_another(found, mention)}
        said = tuple(
            [
                _said(mention, candidate, context, near, keys, free, now.are_speakers)
                for candidate, near in zip(options.candidates, said, strict=True)
            ]
        )
    return Sighting(
        options,
        place if is_near_title else None,
        seen.is_apart,
        seen.usage,
        seen.joined,
        context.listed_with(mention) if is_name else 0.0,
        among_titles(mention, context) if is_near_title else 0.0,
        now.years_apart,
        said,
    )


class _Now(NamedTuple):
    """What one pass knows of candidates, wherever their surface stands."""

    years_apart: tuple[float, ...]
    is_known: bool
    """The document names one of them by title or identifier, or surely mentions it."""
    are_speakers: bool
    """The document introduces speakers, who may be their authors."""


def _now(mention: Mention, options: Options, context: Context) -> _Now:
    kept = context.kept_for_now(_Now)
    now = kept.get(options)
    if now is None:
        years = tuple(context.years_apart(called.year) for called in options.called(mention, context))
        is_known = any(one.row in context.known or one.row < 0 for one in options.candidates)
        are_speakers = mention.kind is MentionKind.NAME and has_speakers(mention, context)
        now = kept[options] = _Now(years, is_known, are_speakers)
    return now


class _Place:
    """What the second pass sees around a mention as the first one did."""

    __slots__ = ("_near", "_options", "is_apart", "joined", "usage")

    def __init__(self, mention: Mention, text: str) -> None:
        is_name = mention.kind is MentionKind.NAME
        self.is_apart = not mention.is_near_title and _stands_apart(mention, text)
        self.usage = usage_of(mention, text) if is_name else None
        self.joined = (
            joined_to(mention, text)
            if mention.kind is MentionKind.TITLE and not mention.is_near_title
            else None
        )
        self._options: Options | None = None
        self._near: tuple[Said, ...] = ()

    def near(self, mention: Mention, options: Options, context: Context) -> tuple[Said, ...]:
        """What stands near and speaks for each candidate."""
        if self._options is not options:
            called = options.called(mention, context)
            self._near = tuple([_said_near(mention, one, context) for one in called])
            self._options = options
        return self._near


def _said_near(mention: Mention, called: Called, context: Context) -> Said:
    words = context.words_near(mention, called.words) if called.words else 0
    names = called.organisations
    is_near = bool(names) and any(context.near(mention, name) for name in names)
    return Said(min(words, _MOST_WORDS) / 2, is_near) if words or is_near else _NOTHING_SAID


def _said(
    mention: Mention,
    candidate: Candidate,
    context: Context,
    near: Said,
    beside: Collection[PaperKey | None],
    free: Collection[PaperKey | None],
    are_speakers: bool,
) -> Said:
    key, row = candidate.paper.key, candidate.row
    is_name = mention.kind is MentionKind.NAME
    is_titled = row in context.titled and not _is_title_of(mention, row)
    is_title_beside = is_titled and context.title_beside(mention, row)
    is_beside = key in beside
    return Said(
        near.words_near,
        near.is_organisation_near,
        is_beside,
        not is_beside and key in context.ids,
        # a title beside another paper's identifier is a title all the same
        is_name and len(free) == 1 and key not in free,
        is_title_beside,
        is_titled and not is_title_beside,
        context.settled_elsewhere(mention, row) if is_name and row in context.settled else 0.0,
        introduced(mention, row, context) if are_speakers else NOBODY,
    )


def _is_title_of(mention: Mention, row: int) -> bool:
    """Whether a mention is itself a title of a paper, and of no other."""
    return mention.kind is MentionKind.TITLE and not mention.is_near_title and mention.rows == (row,)


def _stands_apart(mention: Mention, text: str) -> bool:
    before = text[max(0, mention.start - 2) : mention.start].strip(" ") or "\n"
    behind = text[mention.end : mention.end + 2].strip(" ") or "\n"
    return before[-1] in _QUOTES and behind[0] in _QUOTES + ".,。，"
