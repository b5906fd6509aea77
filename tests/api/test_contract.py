"""The service is held against its own document: `python -m tests.api.fuzz` asks more."""

import pytest

from tests.api.fuzz import PEOPLE, SYSTEMS, fuzz


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("roles", [PEOPLE, SYSTEMS], ids=["person", "system"])
def test_every_answer_is_as_documented_and_what_is_wrong_is_refused(roles, tmp_path):
    found = fuzz(tmp_path, roles, examples=1, seed=20261102)
    assert found.faults == [], "\n\n".join(found.faults)
    # Enough came through, and enough was turned away, for that to mean something.
    assert found.cases > 3000
    assert found.answers[200] > 50
    assert found.refused() > 2000
