"""Why a paper stands where it stands: one sentence in plain words, in English or Chinese. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.identifiers import PaperKey
from tracker.models import Paper
from tracker.reading.cited import Cited
from tracker.reading.foundations import date_key, short_name
from tracker.reading.order import Order, Ranking

_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "stated": "No. {label} in the order of {document}.",
        "section": "What section {label} of {document} is about.",
        "list": "No. {label} in the list on line {line} of {document}.",
        "base": "Read before {names}, which {builds} on it.",
        "follow": "Follows {names}, on which it builds.",
        "beside": "Comes up beside {name} (No. {label}) in {document}.",
        "outside": "Not among the papers that {document} puts in order.",
        "earliest": "The earliest work in this list ({year}).",
        "best_known": "The best known work in this list.",
        "discussed": "Mentioned {times} in {document}.",
        "dated": "By date: first published in {month}.",
        "undated": "Its date is not known.",
        "first_place": "First mentioned in {document}, line {line}.",
        "mentioned": "Mentioned {times}.",
        "passing": "Named in passing.",
        "and": " and ",
        "comma": ", ",
        "more": "{count} others",
    },
    "zh": {
        "stated": "在 {document} 给出的顺序中排第 {label}。",
        "section": "{document} 第 {label} 节的主题。",
        "list": "在 {document} 第 {line} 行起的列表中排第 {label}。",
        "base": "宜先读：{names} 以它为基础。",
        "follow": "接在 {names} 之后：它以其为基础。",
        "beside": "在 {document} 中与 {name}（第 {label}）一同出现。",
        "outside": "不在 {document} 排定顺序的论文之列。",
        "earliest": "本清单中最早的工作（{year} 年）。",
        "best_known": "本清单中最知名的工作。",
        "discussed": "在 {document} 中提到 {times}。",
        "dated": "按日期排列：首次发表于 {month}。",
        "undated": "日期未知。",
        "first_place": "首次提到：{document} 第 {line} 行。",
        "mentioned": "共提到 {times}。",
        "passing": "文中顺带提到。",
        "and": "、",
        "comma": "、",
        "more": "另外 {count} 篇",
    },
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DISCUSSED = 3
"""Mentions from which on a paper is worth saying how often a document names it."""
_NAMED = 2
"""Papers that a sentence names before it counts the rest."""


class Reasons:
    """Writes the reasons of the entries of one set of lists."""

    def __init__(self, ranking: Ranking, order: Order, language: str) -> None:
        self._ranking = ranking
        self._order = order
        self._language = language if language in _SENTENCES else "en"
        self._paper_by_key = {cited.key: cited.paper for cited in ranking.papers}
        self._builders: dict[PaperKey, list[PaperKey]] = {}
        for cited in ranking.papers:
            for base in ranking.bases.get(cited.key, ()):
                self._builders.setdefault(base, []).append(cited.key)

    def for_passing(self, cited: Cited) -> str:
        """The reason of a paper that is only named in passing."""
        return (
            self._say("passing")
            if len(cited.links) == 1
            else self._say("mentioned", times=self._times(cited))
        )

    def for_entry(self, cited: Cited, mates: Sequence[Cited]) -> str:
        """The reason of a paper in a list whose papers, in order, are `mates` (itself among them)."""
        first = cited.places[0]
        if self._order is Order.DOCUMENT:
            return self._say("first_place", document=first.document, line=first.line)
        if self._order is Order.MENTIONS:
            return self._say("mentioned", times=self._times(cited))
        if self._order is Order.DATE:
            return self._dated(cited.paper)
        return self._why_read_here(cited, mates)

    def _why_read_here(self, cited: Cited, mates: Sequence[Cited]) -> str:
        """The strongest of the reasons that the reading order knows."""
        document, standing = self._ranking.standings.get(cited.key, ("", None))
        if standing and standing.is_stated:
            sentence = "list" if standing.list_line else "section" if "." in standing.label else "stated"
            return self._say(sentence, label=standing.label, document=document, line=standing.list_line)
        listed = [mate.key for mate in mates]
        later = listed[listed.index(cited.key) + 1 :]
        earlier = listed[: listed.index(cited.key)]
        if builders := [key for key in later if key in self._builders.get(cited.key, ())]:
            return self._say(
                "base", names=self._names(builders), builds="builds" if len(builders) == 1 else "build"
            )
        if bases := [key for key in earlier if key in self._ranking.bases.get(cited.key, ())]:
            return self._say("follow", names=self._names(bases))
        if standing and standing.beside and standing.beside in self._paper_by_key:
            name = short_name(self._paper_by_key[standing.beside])
            return self._say("beside", name=name, label=standing.label, document=document)
        if standing:
            return self._say("outside", document=document)
        return self._what_stands_out(cited, mates)

    def _what_stands_out(self, cited: Cited, mates: Sequence[Cited]) -> str:
        paper, others = cited.paper, [mate.paper for mate in mates if mate.key != cited.key]
        year = date_key(paper)[0]
        is_first = mates[0].key == cited.key
        if is_first and others and year < min(date_key(other)[0] for other in others):
            return self._say("earliest", year=year)
        if others and paper.cited_in > max(other.cited_in for other in others):
            return self._say("best_known")
        documents = {place.document for place in cited.places}
        if len(cited.links) >= _DISCUSSED and len(documents) == 1:
            return self._say("discussed", times=self._times(cited), document=cited.places[0].document)
        return self._dated(paper)

    def _dated(self, paper: Paper) -> str:
        year, month, _ = date_key(paper)
        if year == 9999:
            return self._say("undated")
        if self._language == "zh":
            return self._say("dated", month=f"{year} 年 {month} 月" if month else f"{year} 年")
        return self._say("dated", month=f"{_MONTHS[month - 1]} {year}" if month else str(year))

    def _times(self, cited: Cited) -> str:
        count = len(cited.links)
        if self._language == "zh":
            return f"{count} 次"
        return "once" if count == 1 else f"{count} times"

    def _names(self, keys: Sequence[PaperKey]) -> str:
        names = [short_name(self._paper_by_key[key]) for key in keys]
        if len(names) > _NAMED + 1:
            names = [*names[:_NAMED], self._say("more", count=len(names) - _NAMED)]
        return self._say("comma").join(names[:-1]) + self._say("and") + names[-1] if names[1:] else names[0]

    def _say(self, sentence: str, **facts: object) -> str:
        return _SENTENCES[self._language][sentence].format(**facts)
