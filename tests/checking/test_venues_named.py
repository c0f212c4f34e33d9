"""Which series a venue or a DOI names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.checking.venues import read_venue, series_named, venue_of_doi

NAMED = [
    ("Proc. IEEE Conf. Comput. Vis. Pattern Recognit. (CVPR), 2016", "CVPR"),
    ("Proceedings of the IEEE/CVF conference on computer vision and pattern recognition", "CVPR"),
    ("Adv. Neural Inf. Process. Syst.", "NeurIPS"),
    ("Advances in neural information processing systems 30", "NeurIPS"),
    ("NIPS", "NeurIPS"),
    ("Thirty-seventh Conference on Neural Information Processing Systems", "NeurIPS"),
    ("Proceedings of the 37th International Conference on Machine Learning, ICML 2020, Virtual Event", "ICML"),
    ("Proc. Int. Conf. Mach. Learn.", "ICML"),
    ("The Eleventh International Conference on Learning Representations", "ICLR"),
    ("Proceedings of the 2021 Conference of the North American Chapter of the Association for Computational "
     "Linguistics: Human Language Technologies", "NAACL"),
    ("Transactions of the Association for Computational Linguistics", "TACL"),
    ("Machine Learning", "MLJ"),
    ("J. Mach. Learn. Res.", "JMLR"),
    ("IEEE Trans. Pattern Anal. Mach. Intell.", "TPAMI"),
    ("Computer Vision -- ECCV 2020", "ECCV"),
    (r"Proceedings of the 25th ACM SIGKDD international conference on knowledge discovery \& data mining", "KDD"),
    ("interspeech", "Interspeech"),
    ("SIGGRAPH Asia 2022 Conference Papers", "SIGGRAPH Asia"),
    ("CVPR'16", "CVPR"),
    ("Proceedings of Machine Learning Research", "PMLR"),
    ("Proc. VLDB Endow.", "VLDB"),
    ("Neurips", "NeurIPS"),
    ("ACM MM", "ACM MM"),
]  # fmt: skip


@pytest.mark.parametrize(("venue", "name"), NAMED)
def test_every_way_of_writing_a_series(venue: str, name: str) -> None:
    assert read_venue(venue).names == {name}


@pytest.mark.parametrize(
    "venue",
    [
        "",
        "Journal of Explainable Artificial Intelligence",
        "International Conference on Quantum Machine Learning",
        "Pacific Rim Symposium on Neural Information Systems",
        "Journal of Statistical Machine Learning Theory",
        "Nature Communications",
        "Conference on Neural Theorem Proving",
        "Physica A",
    ],
)
def test_what_only_sounds_like_one_is_none(venue: str) -> None:
    assert not read_venue(venue).is_known and not read_venue(venue).is_preprint


@pytest.mark.parametrize(
    "venue", ["arXiv preprint arXiv:2305.14314", "CoRR", "bioRxiv", "arXiv", "OpenReview"]
)
def test_preprints_are_no_venue(venue: str) -> None:
    assert read_venue(venue).is_preprint


def test_the_year_that_a_venue_tells() -> None:
    assert [read_venue(text).year for text in ("ICML 2020", "CVPR '16", "ICML")] == [2020, 2016, None]


@pytest.mark.parametrize(
    ("doi", "text"),
    [
        ("10.1109/CVPR52729.2023.00373", "CVPR 2023"),
        ("10.1109/cvpr.2016.90", "CVPR 2016"),
        ("10.18653/v1/P19-1001", "ACL 2019"),
        ("10.18653/v1/2020.emnlp-main.1", "EMNLP 2020"),
        ("10.24963/ijcai.2019/298", "IJCAI 2019"),
        ("10.1609/AAAI.V37I9.26237", "AAAI"),
    ],
)
def test_the_series_that_a_doi_tells(doi: str, text: str) -> None:
    venue = venue_of_doi(doi)
    assert venue and venue.text == text


def test_a_doi_that_tells_no_series() -> None:
    assert venue_of_doi("10.1145/3292500.3330701") is None


def test_when_series_are_held() -> None:
    iccv, iclr = series_named("ICCV"), series_named("ICLR")
    assert iccv and iclr
    assert (iccv.is_held_in(2021), iccv.is_held_in(2022), iclr.is_held_in(2012)) == (True, False, False)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    read_venue(text)
    venue_of_doi(text)
