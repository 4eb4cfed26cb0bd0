"""The tree of errors."""

import inspect
import pickle

import pytest

from psychometrics import errors

EVERY = [e for _, e in inspect.getmembers(errors, inspect.isclass)]
ALL = [e for e in EVERY if not issubclass(e, Warning)]


@pytest.mark.parametrize("error", ALL)
def test_every_error_has_cause_and_mend_and_can_cross_processes(error):
    raised = error("It broke.", "Mend it.")
    assert isinstance(raised, errors.PsychometricsError)
    assert str(raised) == "It broke.\nMend: Mend it."
    again = pickle.loads(pickle.dumps(raised))
    assert (again.cause, again.mend) == ("It broke.", "Mend it.")


def test_the_tree_on_the_screen_is_the_tree():
    for error in EVERY:
        assert error.__name__ in errors.__doc__
