"""Choose the engine of a loaded model by what it computes, not by its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psychometrics.backends.base import EngineChoice, Prompt, PromptScore
from psychometrics.backends.engines import Engine, PaddedEngine, TreeEngine
from psychometrics.backends.self_check import (
    largest_difference,
    refuse_unsound_batches,
    tree_limit,
)
from psychometrics.errors import ModelError, SelfCheckError

ENGINES = ("auto", "tree", "padded")
Score = Callable[[Engine, Sequence[Prompt]], list[PromptScore]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Engines to choose from.

    Parameters
    ----------
    padded, single : PaddedEngine
        ``single`` takes one sequence at a time.
    tree : TreeEngine or None
        With small windows, so that the check needs several.
    obstacle : str or None
        Why there is no tree.
    """

    padded: PaddedEngine
    single: PaddedEngine
    tree: TreeEngine | None
    obstacle: str | None


def choose_engine(
    asked: str, candidates: Candidates, prompts: Sequence[Prompt], score: Score, dtype: str
) -> EngineChoice:
    """Compare engines with one prompt at a time on some prompts.

    Parameters
    ----------
    asked : {"auto", "tree", "padded"}
    candidates : Candidates
    prompts : sequence of Prompt
        Of :func:`psychometrics.backends.self_check.check_prompts`.
    score : callable
        Scores prompts with an engine.
    dtype : str
        Number format, which sets the limits.

    Raises
    ------
    SelfCheckError
        Padded batches are unsound, or the tree was asked for and is.
    """
    single = [score(candidates.single, [prompt])[0] for prompt in prompts]
    padded = largest_difference(score(candidates.padded, prompts), single)
    refuse_unsound_batches(padded, dtype)
    if asked == "padded":
        return EngineChoice("padded", "asked for", padded)
    difference, obstacle = None, candidates.obstacle
    if candidates.tree is not None:
        try:
            difference = largest_difference(score(candidates.tree, prompts), single)
        except ModelError as error:
            obstacle = error.cause
        except Exception as error:  # whatever a model's own code raises at a mask it cannot take
            obstacle = (
                f"{type(error).__name__}: {str(error).splitlines()[0][:120] if str(error) else ''}"
            )
        else:
            limit = tree_limit(padded, dtype)
            if not difference <= limit:
                obstacle = (
                    f"the tree differs by {difference:.3g} nats from one prompt at a time; "
                    f"{limit:.3g} is allowed"
                )
    if obstacle is None:
        return EngineChoice("tree", "passed the check at load", padded, difference)
    if asked == "tree":
        raise SelfCheckError(
            f"The tree engine cannot serve this model: {obstacle}.", "Use engine='auto'."
        )
    return EngineChoice("padded", obstacle, padded, difference)
