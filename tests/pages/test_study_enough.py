"""Enough beds: what a study says of it is what the library found, also of figures kept before."""

from allocator.scenario.answers import EnoughBeds
from api.wire.study_figures import EnoughBedsTold
from api.worker.study_figures import _enough

FOUND = EnoughBeds("first-come", 2, 4, (("a", 1),), 2, False, True, 2, True, 3)


def test_the_wire_says_whether_the_beds_are_enough_as_the_library_does():
    told = _enough(FOUND)
    assert told is not None and told.enough and not told.reached and told.runs == 3


def test_figures_that_were_kept_before_it_was_told_say_it_too():
    told = _enough(FOUND)
    assert told is not None
    old = told.model_dump(exclude={"enough"})
    assert EnoughBedsTold.model_validate(old).enough
    assert not EnoughBedsTold.model_validate({**old, "left": 3}).enough
