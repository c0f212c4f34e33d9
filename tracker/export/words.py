"""The fixed words of a page and the ways of counting and joining, in English and Chinese. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LANGUAGES = ("en", "zh")
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Reading list",
        "order": "Reading order",
        "topics": "Topics",
        "also": "Also mentioned",
        "also_elsewhere": "Also mentioned, on other topics",
        "nothing": "No papers were found.",
        "no_title": "title not known yet",
        "no_authors": "authors not known yet",
        "no_year": "year not known yet",
        "withdrawn": "withdrawn",
        "check": "check this one: {confidence} sure",
        "mentioned": "Mentioned in",
        "as": ", as ",
        "colon": ": ",
        "stdin": "standard input",
    },
    "zh": {
        "title": "阅读清单",
        "order": "阅读顺序",
        "topics": "主题",
        "also": "另外提到",
        "also_elsewhere": "另外提到的其他主题",
        "nothing": "没有找到论文。",
        "no_title": "标题暂缺",
        "no_authors": "作者暂缺",
        "no_year": "年份暂缺",
        "withdrawn": "已撤稿",
        "check": "请核对：把握 {confidence}",
        "mentioned": "出处",
        "as": "，写作",
        "colon": "：",
        "stdin": "标准输入",
    },
}
_AUTHORS_IN_FULL = 4
_AUTHORS_OF_MANY = 3
_LINES = 4
_DOCUMENTS = 3


def join_authors(authors: Sequence[str], is_complete: bool, language: str) -> str:
    """The authors on one line: up to four in full, of more the first three; "" where none is known."""
    if not authors:
        return ""
    is_short = len(authors) <= _AUTHORS_IN_FULL
    shown = list(authors if is_short else authors[:_AUTHORS_OF_MANY])
    if is_complete and is_short:
        if language == "zh" or len(shown) == 1:
            return ", ".join(shown)
        return f"{', '.join(shown[:-1])} and {shown[-1]}"
    if language == "zh":
        return f"{', '.join(shown)} 等" + (f" {len(authors)} 人" if is_complete else "")
    others = len(authors) - len(shown)
    return f"{', '.join(shown)} and " + (f"{others} others" if is_complete else "others")


def join_lines(document: str, lines: Sequence[int], language: str) -> str:
    """A document and the lines of it: "notes.txt, lines 3, 14, 15, 92 and 6 more"."""
    shown = ", ".join(map(str, lines[:_LINES]))
    more = len(lines) - _LINES
    if language == "zh":
        rest = f" 等 {len(lines)} 行" if more > 0 else " 行"
        return f"{document} 第 {shown}{rest}"
    rest = f" and {more} more" if more > 0 else ""
    return f"{document}, {'line' if len(lines) == 1 else 'lines'} {shown}{rest}"


def join_documents(documents: Sequence[str], language: str) -> str:
    """The first three of several documents, or of places as `join_lines` gives them, and how many more."""
    shown, more = documents[:_DOCUMENTS], len(documents) - _DOCUMENTS
    if language == "zh":
        return "；".join(shown) + (f"；以及另外 {more} 份文档" if more > 0 else "")
    noun = "document" if more == 1 else "documents"
    return "; ".join(shown) + (f"; and {more} more {noun}" if more > 0 else "")


def summary(papers: int, topics: int, passing: int, documents: Sequence[str], language: str) -> str:
    """One sentence on what the page holds."""
    if language == "zh":
        also = f"，另有 {passing} 篇顺带提到" if passing else ""
        source = "、".join(documents) if len(documents) <= _DOCUMENTS else f"{len(documents)} 份文档"
        return f"{papers} 篇论文，{topics} 个主题{also}。来自 {source}。"
    of = f"{papers} {'paper' if papers == 1 else 'papers'} on {topics} {'topic' if topics == 1 else 'topics'}"
    also = f", and {passing} more named in passing" if passing else ""
    source = " and ".join((", ".join(documents[:-1]), documents[-1]) if documents[1:] else documents)
    return f"{of}{also}. From {source if len(documents) <= _DOCUMENTS else f'{len(documents)} documents'}."
