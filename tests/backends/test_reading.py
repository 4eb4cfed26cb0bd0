"""Which rows have to be read for a set of labels."""

from hypothesis import given
from hypothesis import strategies as st

from psychometrics.backends.reading import readings

paths = st.sets(
    st.lists(st.integers(0, 3), min_size=1, max_size=4).map(tuple), min_size=1, max_size=8
)


@given(paths)
def test_every_inner_node_is_read_exactly_once(paths):
    read = [reading.appended[:depth] for reading in readings(paths) for depth in reading.depths]
    wanted = {path[:depth] for path in paths for depth in range(len(path))}
    assert len(read) == len(set(read)) and set(read) == wanted


@given(paths)
def test_no_sequence_is_run_for_nothing(paths):
    found = readings(paths)
    assert all(reading.depths for reading in found)
    assert not any(
        a is not b and b.appended[: len(a.appended)] == a.appended for a in found for b in found
    )


def test_labels_of_one_token_need_the_prompt_alone():
    (only,) = readings([(1,), (2,), (3,)])
    assert only.appended == () and only.depths == (0,)
