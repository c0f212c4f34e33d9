"""The date that a text gives for itself: text in, date or None out. Dates of other things are left alone."""

from __future__ import annotations

import re
from datetime import date

from tracker.regex import regex

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
DATE = regex(
    rf"""
    (?<!\d)(?P<y>(?:19|20)\d\d)(?:\s?年\s?|[-/.])(?P<m>\d{{1,2}})(?:\s?月\s?|[-/.])(?P<d>\d{{1,2}})(?!\d)
  | \b(?P<m2>{_MONTH})\b\.?\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y2>(?:19|20)\d\d)\b
  | \b(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<m3>{_MONTH})\b\.?,?\s(?P<y3>(?:19|20)\d\d)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A day: 2024-10-27, 2024/7/31, 2024年7月31日, June 3rd, 2023, 3 June 2023; not 03/06/2023 or 3.6.23."""

_LABELS = (
    # What the document says of its first appearance goes before what it says of its last change.
    regex(
        r"发布于|发布时间|发布日期|发表于|发表时间|发布[:：]|published|posted\s(?:on|at)|\bdate\s*:|^日期",
        re.IGNORECASE,
    ),
    regex(r"更新时间|最近更新|最后更新|更新于|修改时间|\bupdated\b|last\smodified", re.IGNORECASE),
)
_ENDS = 2_500
"""Characters at the beginning, from the title on and at the end that are searched for a label."""
_NEAR = 16
"""Characters before a day in which its label ends."""
_FRONT_MATTER = regex(r"---[ \t]*\r?\n(?P<fields>(?:[^\n]*\n){0,60}?)(?:---|\.\.\.)[ \t]*\r?(?:\n|$)")
_FRONT_DATE = regex(
    r"^(?:date|published|pubDate|created)[ \t]*:[ \t]*['\"]?(?P<date>[^\n]{8,40})", re.MULTILINE
)
_HEAD_LINES = 12
_BYLINE = 80
_ENTRIES = tuple("-*•+|>[")
"""How lines begin that list something: their dates are those of what they list."""


def written_date(text: str, content: str | None = None) -> date | None:
    """The day on which `text` says it was written; None where it does not say.

    The first of these that is there: a `date:` in its front matter; a day beside a word such as "发布于" or
    "Published" at its beginning or end; one beside "更新时间" or "Updated"; a short line with a day among the
    first twelve of `content` (the text from its title on, by default the whole of it).

    >>> written_date("编程入门 更新时间:2024-10-27 22:32:17")
    datetime.date(2024, 10, 27)
    >>> written_date("Notes\\n\\nJune 3, 2023\\n\\nToday ...")
    datetime.date(2023, 6, 3)
    """
    if (front := _FRONT_MATTER.match(text)) and (stated := _FRONT_DATE.search(front["fields"])):
        found = DATE.search(stated["date"])
        if found and (day := _day(found)):
            return day
    content = text if content is None else content
    ends = "\n".join((text[:_ENDS], content[:_ENDS], text[-_ENDS:]))
    for label in _LABELS:
        for found in DATE.finditer(ends):
            line_start = ends.rfind("\n", 0, found.start()) + 1
            before = ends[max(line_start, found.start() - _NEAR) : found.start()]
            if label.search(before) and (day := _day(found)):
                return day
    return _byline_date(content)


def _byline_date(content: str) -> date | None:
    """The day in the first short line that holds one, among the first lines."""
    lines = (line.strip() for line in content[:_ENDS].splitlines())
    for line in [line for line in lines if line][:_HEAD_LINES]:
        if (
            len(line) <= _BYLINE
            and not line.startswith(_ENTRIES)
            and (found := DATE.search(line))
            and (day := _day(found))
        ):
            return day
    return None


def _day(found: re.Match[str]) -> date | None:
    """The day of a match; None where there is no such day (31 February)."""
    for suffix in ("", "2", "3"):
        if year := found["y" + suffix]:
            month = found["m" + suffix]
            number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
            try:
                return date(int(year), number, int(found["d" + suffix]))
            except ValueError:
                return None
    return None
