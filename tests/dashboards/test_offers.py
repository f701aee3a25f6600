"""Which stances are offered first: those that can matter in a situation, each with words that one would say."""

from __future__ import annotations

from dashboards.therapies.offers import OFFERS, SAYS, offered
from dashboards.therapies.stances import OWN_WAY
from dashboards.therapies.therapy import Situation


def test_a_limit_is_offered_when_it_is_tested_and_tension_when_there_is_some() -> None:
    calm, tested = Situation(1, False, 0.0), Situation(1, True, 0.0)
    tense = [
        Situation(2, False, 0.0, "withdrawal", True),
        Situation(2, False, 0.0, tension=0.3),
        Situation(2, False, 0.2),
    ]
    assert not set("hbp") & set(offered(calm))
    assert set("hb") <= set(offered(tested))
    assert all(set("ap") <= set(offered(one)) for one in tense)
    assert all(not set("hb") & set(offered(one)) for one in tense)
    assert set("hbap") <= set(offered(Situation(2, True, 0.0, tension=0.3)))


def test_a_stance_keeps_its_place_and_not_too_many_are_offered() -> None:
    for letters in OFFERS.values():
        assert 4 <= len(letters) <= 6
        assert letters[0] == "l"
    offers = {"calm": "lcao", "tested": "lchbo", "tense": "lcapo", "both": "lhbap"}
    for situation, letters in OFFERS.items():
        assert "".join(one for one in letters if one in "lchbapo") == offers[situation]


def test_every_stance_that_is_offered_has_words_that_one_would_say() -> None:
    assert set("".join(OFFERS.values())) <= {*SAYS, OWN_WAY.letter}
    assert OWN_WAY.letter not in SAYS
    assert all(words[0] == "“" and words[-1] == "”" for words in SAYS.values())
    assert len(set(SAYS.values())) == len(SAYS)
