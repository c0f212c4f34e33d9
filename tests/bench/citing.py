"""Right and wrong entries of bibliographies, made of papers of a catalogue.

The right ones are written as the services and programs write them that people have their entries from; the wrong ones
are right ones with one thing made up or taken from another paper, after the taxonomy of HALLMARK, a benchmark of
citations that do not exist (https://github.com/rpatrik96/hallmark), and beyond it. All is drawn with a fixed seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from tracker.catalogue.records import Record
from tracker.export.latex import latex_text
from tracker.identifiers import arxiv_id_of
from tracker.keys import split_name

Fields = dict[str, str]
LONG: Final = {
    "NeurIPS": "Advances in Neural Information Processing Systems",
    "ICML": "International Conference on Machine Learning",
    "ICLR": "International Conference on Learning Representations",
    "CVPR": "Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition",
    "ICCV": "Proceedings of the IEEE/CVF International Conference on Computer Vision",
    "ECCV": "European Conference on Computer Vision",
    "WACV": "IEEE/CVF Winter Conference on Applications of Computer Vision",
    "ACL": "Proceedings of the 58th Annual Meeting of the Association for Computational Linguistics",
    "NAACL": "Proceedings of the Conference of the North American Chapter of the Association for Computational "
    "Linguistics: Human Language Technologies",
    "AAAI": "Proceedings of the AAAI Conference on Artificial Intelligence",
    "IJCAI": "Proceedings of the Thirty-First International Joint Conference on Artificial Intelligence",
    "ICASSP": "ICASSP IEEE International Conference on Acoustics, Speech and Signal Processing (ICASSP)",
    "Interspeech": "Interspeech",
    "AISTATS": "International Conference on Artificial Intelligence and Statistics",
    "ICRA": "International Conference on Robotics and Automation (ICRA)",
    "IROS": "IEEE/RSJ International Conference on Intelligent Robots and Systems",
    "KDD": r"Proceedings of the 26th ACM SIGKDD International Conference on Knowledge Discovery \& Data Mining",
    "WWW": "Proceedings of the Web Conference",
    "SODA": "Proceedings of the Thirtieth Annual ACM-SIAM Symposium on Discrete Algorithms",
    "STOC": "Proceedings of the 51st Annual ACM SIGACT Symposium on Theory of Computing",
    "SIGIR": "Proceedings of the 43rd International ACM SIGIR Conference on Research and Development in Information "
    "Retrieval",
    "ACM MM": "Proceedings of the 28th ACM International Conference on Multimedia",
    "CoRL": "Conference on Robot Learning",
    "COLT": "Conference on Learning Theory",
    "UAI": "Uncertainty in Artificial Intelligence",
    "COLING": "Proceedings of the 28th International Conference on Computational Linguistics",
    "BMVC": "British Machine Vision Conference",
    "RSS": "Robotics: Science and Systems",
    "COLM": "First Conference on Language Modeling",
    "CIKM": r"Proceedings of the 29th ACM International Conference on Information \& Knowledge Management",
    "SIGGRAPH": "ACM SIGGRAPH Conference Proceedings",
    "CHI": "Proceedings of the CHI Conference on Human Factors in Computing Systems",
}
"""Series of the catalogue as Google Scholar, DBLP and publishers write them."""
SHORT: Final = {
    "NeurIPS": "Adv. Neural Inf. Process. Syst.",
    "ICML": "Proc. Int. Conf. Mach. Learn.",
    "ICLR": "Int. Conf. Learn. Represent.",
    "CVPR": "Proc. IEEE Conf. Comput. Vis. Pattern Recognit.",
    "ICCV": "Proc. IEEE Int. Conf. Comput. Vis.",
    "ECCV": "Computer Vision -- ECCV",
    "AAAI": "Proc. AAAI Conf. Artif. Intell.",
    "ACL": "ACL",
    "ICRA": "Proc. IEEE Int. Conf. Robot. Autom.",
}
SERIES: Final = (
    "NeurIPS",
    "ICML",
    "ICLR",
    "AAAI",
    "ACL",
    "CVPR",
    "ECCV",
    "EMNLP",
    "AISTATS",
    "UAI",
    "IJCAI",
    "COLT",
    "KDD",
    "WWW",
    "SIGIR",
)
MADE_UP: Final = (
    (
        "International Conference on",
        "Annual Conference on",
        "Workshop on",
        "Symposium on",
        "Journal of",
        "Transactions on",
        "IEEE International Conference on",
        "ACM Workshop on",
        "International Journal of",
        "European Symposium on",
    ),
    (
        "Advanced",
        "Emerging",
        "Frontier",
        "Scalable",
        "Intelligent",
        "Adaptive",
        "Trustworthy",
        "Cognitive",
        "Efficient",
    ),
    (
        "AI Systems",
        "Neural Computing Paradigms",
        "Machine Learning Innovations",
        "Representation Methods",
        "Deep Learning Research",
        "Language Intelligence",
        "Computation and Reasoning",
        "Autonomous Perception",
    ),
)
_NAMES: Final = (
    "Wei Maria Ahmed Elena Hiroshi Priya Lars Sofia Carlos Amara Viktor Mei Omar Ingrid Kenji Fatima",
    "Kowalski Tanaka Okafor Petrov Santos Bergmann Diallo Yamada Novak Rossi Haddad Larsen Mensah Moreau Castillo Iyer",
)
FIRST, LAST = (names.split() for names in _NAMES)
METHODS: Final = (
    "Contrastive Alignment",
    "Sparse Attention",
    "Meta-Gradients",
    "Score Matching",
    "Latent Diffusion",
    "Prototype Routing",
    "Spectral Normalization",
    "Causal Masking",
    "Variational Distillation",
)
TASKS: Final = (
    "Multi-Hop Retrieval",
    "Federated Vision",
    "Low-Resource Parsing",
    "Offline Control",
    "Molecular Property Prediction",
    "Open-World Segmentation",
    "Dialogue State Tracking",
    "Program Repair",
    "Time Series Forecasting",
)
NEAR_WORDS: Final = {
    "for": "towards",
    "with": "using",
    "using": "with",
    "via": "through",
    "towards": "for",
    "learning": "training",
    "training": "learning",
    "model": "framework",
    "models": "networks",
    "networks": "models",
    "network": "model",
    "efficient": "effective",
    "robust": "reliable",
    "deep": "neural",
    "neural": "deep",
    "large": "big",
    "generation": "synthesis",
    "detection": "recognition",
    "recognition": "detection",
    "estimation": "prediction",
    "prediction": "estimation",
    "analysis": "study",
    "fast": "rapid",
    "improving": "enhancing",
    "new": "novel",
    "in": "for",
    "of": "for",
    "on": "for",
    "from": "with",
}


class Cited(NamedTuple):
    """An entry, and what is known about it."""

    text: str
    is_right: bool
    kind: str
    """Of a right one how it is written, of a wrong one what is wrong with it."""
    key: str
    """Of the paper that it was made of."""
    with_venue: bool
    """Whether the catalogue knows where that appeared."""


class Writer:
    """Writes entries for papers; the same seed writes the same."""

    def __init__(self, papers: Sequence[Record], seed: int) -> None:
        self.papers = papers
        self.random = random.Random(seed)
        self.with_venue = [one for one in papers if one.venue]

    def right(self, paper: Record, form: str) -> Cited:
        """An entry that is right, in one of `FORMS`."""
        return Cited(self._text(FORMS[form](self, paper)), True, form, paper.key, bool(paper.venue))

    def wrong(self, paper: Record, kind: str) -> Cited:
        """An entry that is wrong in one of `KINDS`; its other fields are as a right one's."""
        forms = [form for form in FORMS if form not in ("and others", "no subtitle") and is_fit(paper, form)]
        if kind in {"arxiv id of another", "digit of an arxiv id", "hybrid fabrication"}:
            forms = [
                form
                for form in forms
                if form in {"scholar preprint", "arxiv", "dblp corr", "zotero", "mendeley"}
            ]
        fields = FORMS[self.random.choice(forms)](self, paper)
        return Cited(self._text(KINDS[kind](self, paper, fields)), False, kind, paper.key, bool(paper.venue))

    def _text(self, fields: Fields) -> str:
        kind = fields.pop("type")
        key = f"e{self.random.randrange(10**12)}"
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@{kind}{{{key},\n{lines}}}\n"

    def other(self, paper: Record) -> Record:
        """Another paper."""
        while True:
            found = self.random.choice(self.papers)
            if (
                found.key != paper.key
                and found.title != paper.title
                and not set(found.authors) & set(paper.authors)
            ):
                return found


def is_fit(paper: Record, form: str) -> bool:
    """Whether a paper can be cited in this form."""
    if form in VENUE_FORMS:
        return bool(paper.venue)
    if form == "no subtitle":
        return ": " in paper.title and len(paper.title.split(": ")[0]) > 3
    if form == "journal with doi":
        return bool(paper.doi) and paper.doi.startswith("10.1103/physrev")
    if form == "venue not known":
        return not paper.venue and bool(paper.categories) and paper.categories[0] in LIKELY_SERIES
    return True


# --- how right ones are written -------------------------------------------------------------------


def _year(paper: Record) -> int:
    assert paper.year, "the id of arXiv tells it"
    return paper.year


def _venue(paper: Record) -> tuple[str, str]:
    found = re.fullmatch(r"(.*?) ?((?:19|20)\d\d)?", paper.venue)
    assert found
    return found[1], found[2] or str(_year(paper))


def _people(paper: Record, style: str) -> str:
    names = []
    for author in paper.authors:
        name = split_name(author)
        family, given = latex_text(name.family), latex_text(name.given)
        initials = " ".join(f"{word[0]}." for word in re.split(r"[\s-]+", name.given) if word)
        written = {
            "first last": f"{given} {family}".strip(),
            "last, first": f"{family}, {given}" if given else family,
            "last, f.": f"{family}, {latex_text(initials)}" if initials else family,
            "f. last": f"{latex_text(initials)} {family}".strip(),
            "utf-8": author,
        }[style]
        names.append(f"{{{latex_text(author)}}}" if name.is_organisation else written)
    return " and ".join(names)


def _sentence_case(title: str) -> str:
    words = title.split()
    return latex_text(" ".join([words[0].capitalize(), *map(str.lower, words[1:])]))


def _braced(title: str) -> str:
    return " ".join(
        f"{{{word}}}" if sum(map(str.isupper, word)) > 1 else word for word in latex_text(title).split()
    )


def _scholar_preprint(of: Writer, paper: Record) -> Fields:
    return {
        "type": "article",
        "title": _sentence_case(paper.title),
        "author": _people(paper, "last, first"),
        "journal": f"arXiv preprint arXiv:{arxiv_id_of(paper.key)}",
        "year": str(_year(paper)),
    }


def _arxiv(of: Writer, paper: Record) -> Fields:
    arxiv_id = arxiv_id_of(paper.key)
    return {
        "type": "misc",
        "title": latex_text(paper.title),
        "author": _people(paper, "first last"),
        "year": str(_year(paper)),
        "eprint": f"{arxiv_id}",
        "archivePrefix": "arXiv",
        "primaryClass": paper.categories[0] if paper.categories else "",
        "url": f"https://arxiv.org/abs/{arxiv_id}",
    }


def _dblp_corr(of: Writer, paper: Record) -> Fields:
    arxiv_id = arxiv_id_of(paper.key)
    return {
        "type": "article",
        "author": _people(paper, "first last"),
        "title": _braced(paper.title),
        "journal": "CoRR",
        "volume": f"abs/{arxiv_id}",
        "year": str(_year(paper)),
        "url": f"https://doi.org/10.48550/arXiv.{arxiv_id}",
        "doi": f"10.48550/ARXIV.{arxiv_id}",
        "eprinttype": "arXiv",
        "eprint": f"{arxiv_id}",
    }


def _zotero(of: Writer, paper: Record) -> Fields:
    arxiv_id = arxiv_id_of(paper.key)
    return {
        "type": "misc",
        "title": _braced(paper.title),
        "author": _people(paper, "last, first"),
        "year": str(_year(paper)),
        "number": f"arXiv:{arxiv_id}",
        "eprint": f"{arxiv_id}",
        "eprinttype": "arxiv",
        "publisher": "arXiv",
        "doi": f"10.48550/arXiv.{arxiv_id}",
    }


def _mendeley(of: Writer, paper: Record) -> Fields:
    arxiv_id = arxiv_id_of(paper.key)
    return {
        "type": "article",
        "arxivId": f"{arxiv_id}",
        "archivePrefix": "arXiv",
        "author": _people(paper, "last, f."),
        "eprint": f"{arxiv_id}",
        "title": f"{{{latex_text(paper.title)}}}",
        "url": f"http://arxiv.org/abs/{arxiv_id}",
        "year": str(_year(paper)),
    }


def _scholar_meeting(of: Writer, paper: Record) -> Fields:
    name, year = _venue(paper)
    return {
        "type": "inproceedings",
        "title": _sentence_case(paper.title),
        "author": _people(paper, "last, first"),
        "booktitle": LONG.get(name, name).lower() if of.random.random() < 0.5 else LONG.get(name, name),
        "pages": "1234--1245",
        "year": year,
    }


def _dblp_meeting(of: Writer, paper: Record) -> Fields:
    name, year = _venue(paper)
    return {
        "type": "inproceedings",
        "author": _people(paper, "first last"),
        "title": _braced(paper.title),
        "booktitle": f"{LONG.get(name, name)}, {{{name}}} {year}, Vienna, Austria, May 4-8, {year}",
        "publisher": "OpenReview.net",
        "year": year,
    }


def _hallmark(of: Writer, paper: Record) -> Fields:
    name, year = _venue(paper)
    return {
        "type": "inproceedings",
        "title": paper.title,
        "author": _people(paper, "utf-8"),
        "year": year,
        "booktitle": name,
        "doi": paper.doi,
    }


def _ieee(of: Writer, paper: Record) -> Fields:
    name, year = _venue(paper)
    return {
        "type": "inproceedings",
        "author": _people(paper, "f. last"),
        "title": _sentence_case(paper.title),
        "booktitle": f"{SHORT.get(name, 'Proc. ' + name)}",
        "year": year,
        "eprint": f"{arxiv_id_of(paper.key)}" if of.random.random() < 0.3 else "",
    }


def _neurips_journal(of: Writer, paper: Record) -> Fields:
    fields = _scholar_meeting(of, paper)
    if paper.venue.startswith("NeurIPS"):
        fields = {**fields, "type": "article", "journal": fields.pop("booktitle"), "volume": "35"}
    return fields


def _others(of: Writer, paper: Record) -> Fields:
    fields = _scholar_preprint(of, paper)
    names = fields["author"].split(" and ")
    return {**fields, "author": " and ".join([*names[: max(1, len(names) // 2)], "others"])}


def _plain(of: Writer, paper: Record) -> Fields:
    year = int(_venue(paper)[1]) if paper.venue and of.random.random() < 0.5 else _year(paper)
    return {"type": "misc", "title": paper.title, "author": _people(paper, "first last"), "year": str(year)}


def _no_subtitle(of: Writer, paper: Record) -> Fields:
    fields = of.random.choice((_scholar_preprint, _arxiv))(of, paper)
    return {**fields, "title": latex_text(paper.title.split(": ")[0])}


def _no_year(of: Writer, paper: Record) -> Fields:
    return {**_scholar_preprint(of, paper), "year": ""}


def _journal_with_doi(of: Writer, paper: Record) -> Fields:
    letter = re.sub(r"10\.1103/physrev", "", paper.doi).split(".")[0]
    names = {"lett": "Physical Review Letters", "": "Phys. Rev."}
    return {
        "type": "article",
        "title": latex_text(paper.title),
        "author": _people(paper, "last, f."),
        "journal": names.get(letter, f"Phys. Rev. {letter.upper()}"),
        "volume": "101",
        "year": str(_year(paper) + of.random.choice((0, 0, 0, 1))),
        "doi": paper.doi,
    }


LIKELY_SERIES: Final = {
    "cs.LG": ("NeurIPS", "ICML", "ICLR", "AISTATS", "AAAI", "KDD"),
    "stat.ML": ("NeurIPS", "ICML", "AISTATS", "UAI"),
    "cs.CV": ("CVPR", "ICCV", "ECCV", "WACV", "BMVC", "AAAI", "NeurIPS"),
    "cs.CL": ("ACL", "EMNLP", "NAACL", "COLING", "AAAI"),
    "cs.RO": ("ICRA", "IROS", "CoRL", "RSS"),
    "cs.IR": ("SIGIR", "CIKM", "WWW", "KDD"),
    "cs.AI": ("AAAI", "IJCAI", "NeurIPS", "ICLR"),
    "cs.SD": ("ICASSP", "Interspeech"),
    "eess.AS": ("ICASSP", "Interspeech"),
    "cs.DS": ("SODA", "STOC", "COLT"),
}
"""Where papers of a category usually appear, for entries whose venue the catalogue does not know."""
HELD: Final = {"ICCV": 1, "ECCV": 0}


def _venue_not_known(of: Writer, paper: Record) -> Fields:
    name = of.random.choice(LIKELY_SERIES[paper.categories[0]])
    year = _year(paper) + of.random.choice((0, 0, 1))
    year += year % 2 != HELD.get(name, year % 2)
    return {
        "type": "inproceedings",
        "title": paper.title,
        "author": _people(paper, "last, first"),
        "booktitle": LONG.get(name, name),
        "year": str(year),
    }


Form = Callable[[Writer, Record], Fields]
FORMS: Final[dict[str, Form]] = {
    "scholar preprint": _scholar_preprint,
    "arxiv": _arxiv,
    "dblp corr": _dblp_corr,
    "zotero": _zotero,
    "mendeley": _mendeley,
    "scholar meeting": _scholar_meeting,
    "dblp meeting": _dblp_meeting,
    "short venue": _hallmark,
    "ieee": _ieee,
    "journal volume": _neurips_journal,
    "and others": _others,
    "plain": _plain,
    "no subtitle": _no_subtitle,
    "no year": _no_year,
    "journal with doi": _journal_with_doi,
    "venue not known": _venue_not_known,
}
VENUE_FORMS: Final = frozenset({"scholar meeting", "dblp meeting", "short venue", "ieee", "journal volume"})


# --- what is wrong ----------------------------------------------------------------------------------


def _with_place(fields: Fields, place: str, year: object = None) -> Fields:
    kept = {
        name: value
        for name, value in fields.items()
        if name
        not in {
            "journal",
            "volume",
            "eprint",
            "archivePrefix",
            "primaryClass",
            "url",
            "number",
            "publisher",
            "eprinttype",
            "arxivId",
        }
        and not (name == "doi" and "48550" in value)
    }
    return {**kept, "type": "inproceedings", "booktitle": place, **({"year": str(year)} if year else {})}


def _fabricated_doi(of: Writer, paper: Record, fields: Fields) -> Fields:
    prefix = of.random.choice(("10.99990", "10.99994", "10.88881", "10.77770", "10.66660", "10.12345"))
    tail = of.random.choice(
        (f"conf/{of.random.randrange(10**7)}", f"{_year(paper)}.{of.random.randrange(10**5):05}")
    )
    return {**fields, "doi": f"{prefix}/{tail}"}


def _doi_of_real_publisher(of: Writer, paper: Record, fields: Fields) -> Fields:
    number = of.random.randrange(10**6, 10**7)
    made = (
        f"10.1109/TXYZ.{_year(paper)}.{number}",
        f"10.1145/{number}.{number + 7}",
        f"10.1016/j.xyz.{_year(paper)}.{number}",
    )
    return {**fields, "doi": of.random.choice(made)}


def _nonexistent_venue(of: Writer, paper: Record, fields: Fields) -> Fields:
    return _with_place(fields, " ".join(of.random.choice(words) for words in MADE_UP))


def _placeholder_authors(of: Writer, paper: Record, fields: Fields) -> Fields:
    made = (
        _made_up_people(of)
        if of.random.random() < 0.5
        else of.random.choice(
            (
                "John Doe and Jane Smith",
                "Author One and Author Two",
                "Doe, John and Doe, Jane",
                "First Author and Second Author",
                "Anonymous",
                "Unknown",
            )
        )
    )
    return {**fields, "author": made}


def _made_up_people(of: Writer) -> str:
    return " and ".join(
        f"{of.random.choice(FIRST)} {of.random.choice(LAST)}" for _ in range(of.random.randint(2, 4))
    )


def _future_date(of: Writer, paper: Record, fields: Fields) -> Fields:
    return {**fields, "year": str(2026 + of.random.randint(4, 10))}


def _chimeric_title(of: Writer, paper: Record, fields: Fields) -> Fields:
    one, other = paper.title.split(), of.other(paper).title.split()
    made = " ".join([*one[: len(one) // 2], *other[len(other) // 2 :]])
    return {**fields, "title": latex_text(made)}


def _fabricated_title(of: Writer, paper: Record, fields: Fields) -> Fields:
    return {**fields, "title": _made_up_title(of)}


def _made_up_title(of: Writer) -> str:
    method, task = of.random.choice(METHODS), of.random.choice(TASKS)
    frames = (
        f"{task} via {method}",
        f"Rethinking {method} for {task}",
        f"Towards Robust {task} with {method}",
        f"When Does {method} Help {task}?",
        f"A Theoretical Analysis of {method} for {task}",
    )
    return of.random.choice(frames)


def _wrong_venue(of: Writer, paper: Record, fields: Fields) -> Fields:
    name = of.random.choice([one for one in SERIES if one != _venue(paper)[0]])
    return _with_place(fields, LONG.get(name, name) if of.random.random() < 0.5 else name)


def _swapped_authors(of: Writer, paper: Record, fields: Fields) -> Fields:
    return {**fields, "author": _people(of.other(paper), "last, first")}


def _mixed_authors(of: Writer, paper: Record, fields: Fields) -> Fields:
    names, others = list(paper.authors), of.other(paper).authors
    at = of.random.randrange(len(names))
    names[at] = others[0]
    return {**fields, "author": _people(paper._replace(authors=tuple(names)), "last, first")}


def _given_names(of: Writer, paper: Record, fields: Fields) -> Fields:
    names = [split_name(author) for author in paper.authors]
    made = [f"{of.random.choice(FIRST)} {name.family}" for name in names]
    return {**fields, "author": _people(paper._replace(authors=tuple(made)), "last, first")}


def _order_of_authors(of: Writer, paper: Record, fields: Fields) -> Fields:
    return {**fields, "author": _people(paper._replace(authors=paper.authors[::-1]), "first last")}


def _title_of_another(of: Writer, paper: Record, fields: Fields) -> Fields:
    return {**fields, "title": latex_text(of.other(paper).title)}


def _digit_of_id(of: Writer, paper: Record, fields: Fields) -> Fields:
    mine = str(arxiv_id_of(paper.key))
    other = mine[:-1] + str((int(mine[-1]) + of.random.randint(1, 9)) % 10)
    return {name: value.replace(mine, other) for name, value in fields.items()}


def _preprint_as_published(of: Writer, paper: Record, fields: Fields) -> Fields:
    name = of.random.choice(SERIES)
    return _with_place(fields, LONG.get(name, name) if of.random.random() < 0.5 else name)


def _hybrid(of: Writer, paper: Record, fields: Fields) -> Fields:
    return {**fields, "author": _made_up_people(of), "title": latex_text(_near_title(of, paper.title, 2))}


def _merged(of: Writer, paper: Record, fields: Fields) -> Fields:
    third = of.random.choice(of.with_venue)
    name, year = _venue(third)
    return {
        **_with_place(fields, LONG.get(name, name), year),
        "author": _people(of.other(paper), "first last"),
    }


def _partial_authors(of: Writer, paper: Record, fields: Fields) -> Fields:
    names = paper.authors
    kept = (names[0], names[-1]) if len(names) > 2 else names[:1]
    return {**fields, "author": _people(paper._replace(authors=kept), "first last")}


def _near_title(of: Writer, title: str, times: int = 1) -> str:
    words = title.split()
    order = list(range(len(words)))
    of.random.shuffle(order)
    done = 0
    for at in order:
        bare = words[at].strip(".,:;?!")
        if done < times and bare.lower() in NEAR_WORDS:
            instead = NEAR_WORDS[bare.lower()]
            words[at] = words[at].replace(bare, instead.capitalize() if bare[0].isupper() else instead)
            done += 1
    if not done:
        at = max(order, key=lambda place: len(words[place]))
        words[at] = words[at][:-1] if words[at].endswith("s") else f"{words[at]}s"
    return " ".join(words)


def _near_miss_title(of: Writer, paper: Record, fields: Fields) -> Fields:
    return {**fields, "title": latex_text(_near_title(of, paper.title))}


def _plausible_fabrication(of: Writer, paper: Record, fields: Fields) -> Fields:
    made = {"type": "inproceedings", "title": _made_up_title(of), "author": _made_up_people(of)}
    return {**made, "booktitle": of.random.choice(SERIES), "year": str(of.random.randint(2018, 2025))}


def _version_mismatch(of: Writer, paper: Record, fields: Fields) -> Fields:
    year = int(_venue(paper)[1]) if paper.venue else _year(paper)
    name = of.random.choice([one for one in SERIES if one != _venue(paper)[0]])
    return _with_place(fields, name, year + of.random.choice((-1, 1)))


def _wrong_year(of: Writer, paper: Record, fields: Fields) -> Fields:
    return {
        **fields,
        "year": str(int(fields.get("year") or _year(paper)) + of.random.choice((-3, -2, -1, 1, 2, 3))),
    }


def _id_of_another(of: Writer, paper: Record, fields: Fields) -> Fields:
    mine, other = str(arxiv_id_of(paper.key)), str(arxiv_id_of(of.other(paper).key))
    return {name: value.replace(mine, other) for name, value in fields.items()}


Kind = Callable[[Writer, Record, Fields], Fields]
KINDS: Final[dict[str, Kind]] = {
    "fabricated doi": _fabricated_doi,
    "doi of a real publisher": _doi_of_real_publisher,
    "nonexistent venue": _nonexistent_venue,
    "placeholder authors": _placeholder_authors,
    "future date": _future_date,
    "chimeric title": _chimeric_title,
    "fabricated title": _fabricated_title,
    "wrong venue": _wrong_venue,
    "swapped authors": _swapped_authors,
    "mixed authors": _mixed_authors,
    "preprint as published": _preprint_as_published,
    "hybrid fabrication": _hybrid,
    "merged citation": _merged,
    "partial author list": _partial_authors,
    "near-miss title": _near_miss_title,
    "plausible fabrication": _plausible_fabrication,
    "version mismatch": _version_mismatch,
    "wrong year": _wrong_year,
    "arxiv id of another": _id_of_another,
    "digit of an arxiv id": _digit_of_id,
    "given names": _given_names,
    "order of authors": _order_of_authors,
    "title of another": _title_of_another,
}


def is_possible(paper: Record, kind: str) -> bool:
    """Whether a paper can be cited wrongly in this way."""
    if kind == "preprint as published":
        return not paper.venue and not paper.doi
    if kind == "partial author list":
        return paper.is_complete and len(paper.authors) > 1
    if kind == "order of authors":
        return paper.is_complete and len(paper.authors) > 2
    if kind in {"mixed authors", "given names", "swapped authors", "placeholder authors", "merged citation"}:
        return paper.is_complete
    return True
