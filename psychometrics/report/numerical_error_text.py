"""What the report says of the arithmetic behind the answers."""

from psychometrics.analysis.estimate import Estimate
from psychometrics.errors import ResponsesError
from psychometrics.report.text import small
from psychometrics.responses import Responses


def numerical_error_text(responses: Responses) -> str:
    """Say how far the answers are from those of the same prompts scored exactly.

    Parameters
    ----------
    responses : Responses
    """
    try:
        error = responses.numerical_error()
    except ResponsesError:
        return "Not measured: none of these prompts was scored a second time."
    n = error.log_p.n
    prompts = "1 prompt was" if n == 1 else f"{n} prompts were"
    flips = "none" if error.flips == 0 else str(error.flips)
    return (
        f"{prompts} scored again, one at a time ({'; '.join(error.reference_numerics)}). The "
        f"standard deviation of the difference is {_small(error.log_p)} nats for the "
        f"log-probability of an option and {_small(error.expected)} points of the response scale "
        f"for an answer; the largest difference is {small(error.largest)} nats. The most probable "
        f"option differs in {flips} of them."
    )


def _small(estimate: Estimate) -> str:
    low, high = small(estimate.ci_low), small(estimate.ci_high)
    return f"{small(estimate.value)} [{low}, {high}]"
