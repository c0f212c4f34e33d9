"""arXiv ids of the new style, like 2305.14314: which numbers of a text are ids, and why.

A number with four or five decimals is an id where an address of arXiv or a label stands before it. Else it
needs another reason, and nothing beside it that speaks of a price, a measurement or a version of something.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING

from tracker.identifiers import ARXIV_LISTING, arxiv_key, parse_arxiv_id
from tracker.mentions.id_context import (
    ARCHIVE_NAMES,
    ARXIV_PATH,
    Core,
    Form,
    begins_clean,
    surface_of,
    token_before,
    version_and_end,
)
from tracker.regex import regex

if TYPE_CHECKING:
    from tracker.mentions.code_points import Landmarks

_BREAK = r"[ \t]{0,3}\r?\n[ \t>]{0,6}"
_DECIMALS = regex(rf"\.(?:[0-9]{{4,5}}|[0-9]{{0,4}}{_BREAK}[0-9]{{1,5}})")
_BROKEN_NUMBER = regex(
    # Only a few digits that are the number of the next entry of a list ("5. Smith") do not belong to it.
    rf"[0-9]{{4}}\.(?:{_BREAK}[0-9]{{4,5}}|[0-9]{{1,4}}{_BREAK}[0-9]{{1,4}}(?![.):、]))(?![0-9])"
)
_STRONG_LABELS = ("arxiv", "ar5iv", "alphaxiv", "eprint", "e-print", "id_list")
_WEAK_LABELS = ("paper", "preprint", "论文", "预印本", "文献")
# Between a label and its number: punctuation, markup, a year, and words that say "number"; no currency sign.
_GAP = regex(
    r"s?(?:<[^<>]{0,120}>|&[a-z]{2,6};|\((?:19|20)[0-9]{2}\)|(?:19|20)[0-9]{2}(?=[,;:]\s)"
    r"|(?:pre-?prints?|e-?prints?|server|org|abs|pdf|ids?|identifier|number|num|no|nr|papers?|link|code|ref)(?![a-z])"
    r"|编号|论文|预印本|文章|链接|地址|号|版|上|的|为|是|如|第|见"
    r"|[^\w$¥￥€£<&]|[_<&]){0,24}"
)
_HYPHENATION = regex(r"-\r?\n\s*")
_CATEGORY = regex(
    rf"\s{{0,2}}\[(?:{ARCHIVE_NAMES}|econ|eess|q-fin|stat)(?:\.[A-Za-z-]{{2,9}})?\]", re.IGNORECASE
)
_TITLE_FOLLOWS = regex(r"\]\s{1,2}[A-Z\"“‘«(\u4e00-\u9fff]")
_UNIT = regex(
    r"%(?![0-9A-Fa-f]{2})|[‰°℃$¥￥€£元万亿美块秒倍]"
    r"|\s?(?:%|USD|EUR|RMB|CNY|dollars?|yuan|[mun]?s|sec|seconds|min|minutes|hours?|[KMGT]i?B|[kKMG]?b|fps|FPS"
    r"|[kMGT]?Hz|[kMGT]?eV|[cmk]?m|k?g|ins|tokens|samples|元|美元|万|亿|秒|倍)(?![A-Za-z.])"
)
_NEXT_IN_LIST = regex(
    r"[\"'`\])}》」]{0,3}\s{0,2}(?:[,;，；、/]|\band\b|\bor\b|以及|[和与及或])\s{0,3}(?:and\s+|和)?[\"'`\[({《「]{0,3}",
    re.IGNORECASE,
)
_ONLY_BEFORE = regex(r"\s*(?:[-*+•>]\s+|[0-9]{1,3}[.)]\s+)?")
_ONLY_AFTER = regex(r"[\s,;，；。]*")
_ONLY_NUMBERS = regex(r"[\s\-+*•]*[0-9][0-9.,eE+\-\s]*")


def find_arxiv_numbers(text: str, marks: Landmarks, today: date, others: list[Core]) -> list[Core]:
    """Ids like 2305.14314 outside of the parts that `others` have read, each with a reason to be one."""
    starts = [core.at for core in others]
    sure = {core.key for core in others}
    taken: list[Core] = []
    doubtful: list[Core] = []
    for stop in _stops(marks):
        found = _DECIMALS.match(text, stop)
        if not found:
            continue
        at = stop - 4
        nearest = bisect_right(starts, at) - 1
        is_taken = nearest >= 0 and at < others[nearest].end
        core = None if is_taken else _read_number(text, at, found.end(), today)
        if core is None:
            continue
        last_ends = [
            last.end for last in (*taken[-1:], *others[max(nearest, 0) : nearest + 1]) if _is_arxiv(last)
        ]
        if core.form is Form.BARE and _continues_list(text, last_ends, core):
            core = core._replace(form=Form.LABEL)
        if core.form is not Form.BARE:
            taken.append(core)
            sure.add(core.key)
        elif _may_be_bare(text, core):
            (taken if _is_bare_id(text, core, today) else doubtful).append(core)
    return taken + [core for core in doubtful if core.key in sure]


def _stops(marks: Landmarks) -> list[int]:
    """The full stops behind numbers of four digits or more."""
    _, ends = marks.numbers(4)
    stops: list[int] = ends[marks.points.take(ends, mode="clip") == ord(".")].tolist()
    return stops


def _is_arxiv(core: Core) -> bool:
    return core.key is not None and core.key.startswith("arXiv:")


def _continues_list(text: str, last_ends: list[int], core: Core) -> bool:
    """Whether only a comma, "and" or the like parts the number from the id before: "arXiv:A, B and C"."""
    end = max(last_ends, default=-100)
    return (
        core.at - end <= 16
        and _NEXT_IN_LIST.fullmatch(text, end, core.at) is not None
        and not _UNIT.match(text, core.end)
    )


def _read_number(text: str, at: int, end: int, today: date) -> Core | None:
    """The possible id at [at, end), with version and ".pdf"; its form is BARE without label and address."""
    if not "01" <= text[at + 2 : at + 4] <= "12" or not begins_clean(text, at):
        return None
    parsed = None if text[end : end + 1].isdecimal() else parse_arxiv_id(text[at:end], today)
    is_broken = parsed is None
    if is_broken:
        broken = _BROKEN_NUMBER.match(text, at)
        parsed = parse_arxiv_id(re.sub(r"[\s>]+", "", broken[0]), today) if broken else None
        end = broken.end() if broken else end
    if parsed is None:
        return None
    token = token_before(text, at)
    path = ARXIV_PATH.search(token)
    if path and ARXIV_LISTING.search(token, path.start()):
        return None
    is_labelled = path is not None or _has_label(text, at, _STRONG_LABELS)
    if is_broken and not (is_labelled and text[max(0, at - 3) : at].rstrip().endswith(("/", ":", "=", "."))):
        return None
    begin, form = surface_of(text, at, token, Form.LABEL) if is_labelled else (at, Form.BARE)
    version, end = version_and_end(text, end)
    return Core(at, end, begin, arxiv_key(parsed[0]), version, form)


def _has_label(text: str, at: int, labels: tuple[str, ...]) -> bool:
    """Whether one of these words stands before `at`, parted from it by nothing that matters."""
    window = _HYPHENATION.sub("", text[max(0, at - 160) : at].lower())
    for label in labels:
        label_at = window.rfind(label)
        before = window[label_at - 1 : label_at]
        is_tail = label.isascii() and before.isascii() and before.isalpha()  # "eprint" in "preprint"
        if label_at >= 0 and not is_tail and _GAP.fullmatch(window, label_at + len(label)):
            return True
    return False


def _may_be_bare(text: str, core: Core) -> bool:
    """Whether nothing beside the number speaks against its being an id."""
    before, after = text[core.at - 1 : core.at], text[core.end : core.end + 2]
    return not (
        (before and before in "$¥￥€£+~≈<^*")
        or (after[:1].isascii() and (after[:1].isalnum() or after[:1] == "_"))
        or (after[:1] in (".", ",") and after[1:].isdecimal())
        or _UNIT.match(text, core.end)
    )


def _is_bare_id(text: str, core: Core, today: date) -> bool:
    """Whether what stands beside an unlabelled number makes it an id."""
    at, end = core.at, core.end
    before = text[at - 1 : at]
    if core.version or text[end - 4 : end].lower() == ".pdf":
        return True
    if before and before in "/_-=":
        return False
    return (
        bool(_CATEGORY.match(text, end))
        or (before == "[" and bool(_TITLE_FOLLOWS.match(text, end)))
        or _has_label(text, at, _WEAK_LABELS)
        or _is_alone_on_its_line(text, core, today)
    )


def _is_alone_on_its_line(text: str, core: Core, today: date) -> bool:
    """Whether the line holds nothing else, and the lines around it are not other numbers.

    Four decimals are common in tables: such a number needs another id above or below, or nothing else at all.
    """
    begin = text.rfind("\n", max(0, core.at - 20), core.at) + 1
    stop = text.find("\n", core.end, core.end + 20)
    stop = stop if stop >= 0 else min(len(text), core.end + 20)
    if not (_ONLY_BEFORE.fullmatch(text, begin, core.at) and _ONLY_AFTER.fullmatch(text, core.end, stop)):
        return False
    above, below = (
        text[max(0, begin - 60) : begin].split("\n")[-2:-1],
        text[stop + 1 : stop + 60].split("\n")[:1],
    )
    numbers = [line for line in above + below if _ONLY_NUMBERS.fullmatch(line)]
    if not all(parse_arxiv_id(_ONLY_BEFORE.sub("", line, count=1).strip(), today) for line in numbers):
        return False
    is_long = core.end - core.at > len("1203.4567")
    return is_long or bool(numbers) or (len(text) < 40 and not (text[:begin] + text[stop:]).strip())
