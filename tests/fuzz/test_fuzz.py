"""A short run of the fuzzer; `python -m tests.fuzz 100000` makes a long one."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import mutate
from tests.fuzz.trial import MUTATIONS, SHIPPED, Mutation, trial


@pytest.mark.parametrize("mutation", MUTATIONS, ids=["text", "tree"])
@given(seed=st.integers(0, 2**64))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_file_loads_or_is_refused(mutation: Mutation, seed: int) -> None:
    assert trial(Random(seed), mutation) in ("refused", "walked", "no mutation")


def test_the_fuzzer_both_breaks_the_file_and_spares_it() -> None:
    found = {trial(Random(seed), MUTATIONS[0]) for seed in range(40)}
    assert found == {"refused", "walked"}


def test_the_same_seed_makes_the_same_file() -> None:
    for mutation in MUTATIONS:
        assert mutation(Random(7), SHIPPED) == mutation(Random(7), SHIPPED)
        assert mutation(Random(7), SHIPPED) != SHIPPED
    assert mutate.text(Random(1), "a: b") != mutate.text(Random(2), "a: b")
