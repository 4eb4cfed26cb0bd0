"""Scripted respondents: true scores, biases and noise that are known."""

import functools
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from scipy import optimize, special

from psychometrics._types import FloatArray, TokenIds
from psychometrics.backends.base import Presentation, Prompt, PromptScore
from psychometrics.backends.completion import Completion, TextRequest
from psychometrics.errors import DesignError
from psychometrics.respondent.reference import ModelReference


@dataclass(frozen=True)
class ScriptedModel:
    """A simulated respondent whose true scores are known; build it with :func:`scripted_model`."""

    name: str
    true_scores: Mapping[str, float] | float
    position_bias: tuple[float, ...] = ()
    pick_first: float = 0.0
    noise: float = 0.0
    option_mass: float = 1.0
    seed: int = 0
    reference: ModelReference = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reference", ModelReference(self.name))

    @property
    def identity(self) -> Mapping[str, str | None]:
        """The script itself, hashed."""
        script = {k: v for k, v in asdict(self).items() if k != "reference"}
        digest = hashlib.sha256(json.dumps(script, sort_keys=True).encode()).hexdigest()
        return {
            "engine": "scripted",
            "reads": "presentation",
            "weights": digest,
            "tokenizer": "utf-8 bytes",
            "dtype": "float64",
        }

    @property
    def environment(self) -> Mapping[str, str]:
        """Versions that the arithmetic depends on."""
        return {"device": "cpu", "numpy": np.__version__}

    @property
    def has_chat_template(self) -> bool:
        """A script reads plain text."""
        return False

    @property
    def bos(self) -> int | None:
        """Nothing is put first."""
        return None

    @property
    def special_tokens(self) -> tuple[str, ...]:
        """A script has none."""
        return ()

    @property
    def context_length(self) -> int | None:
        """No limit."""
        return None

    @property
    def batch_tokens(self) -> int:
        """Distinct bytes that are journalled together."""
        return 16384

    @property
    def batch_requests(self) -> int:
        """A script writes no text; raises DesignError."""
        raise self._no_text()

    @property
    def engine(self) -> None:
        """A script needs none."""

    @property
    def tokens_computed(self) -> int:
        """None."""
        return 0

    def render_chat(self, messages: Sequence[Mapping[str, str]]) -> str:
        """Join the messages; never asked for, as there is no template."""
        return "\n\n".join(message["content"] for message in messages)

    def encode(self, texts: Sequence[str]) -> list[TokenIds]:
        """One token a byte of UTF-8."""
        return [tuple(text.encode()) for text in texts]

    def decode(self, ids: Sequence[int]) -> str:
        """Text of the bytes."""
        return bytes(ids).decode(errors="replace")

    def load(self) -> None:
        """Nothing to load."""

    def unload(self) -> None:
        """Nothing to let go of."""

    def score(self, prompts: Sequence[Prompt]) -> list[PromptScore]:
        """Answer each prompt from the script."""
        return [self._answer(prompt) for prompt in prompts]

    def score_exactly(self, prompts: Sequence[Prompt]) -> list[PromptScore]:
        """Answer each prompt from the script: the same again."""
        return self.score(prompts)

    def write(self, requests: Sequence[TextRequest]) -> list[Completion]:
        """A script answers items, not in words.

        Raises
        ------
        DesignError
            Always.
        """
        raise self._no_text()

    def _no_text(self) -> DesignError:
        return DesignError(
            f"{self.name} is a script: it answers items by their options and writes no text.",
            "Ask a model: pm.respondents('smollm2-135m').",
        )

    def option_probabilities(self, presentation: Presentation, key: str = "") -> FloatArray:
        """Probability of each option, canonical order, shape (n_options,), summing to the mass.

        Binomial weights, tilted so that the expected value is the true score; the bias of each
        position and the noise are added to the logits; then the habit of picking the first option
        takes its share.
        """
        low, high = presentation.values[0], presentation.values[-1]
        score = self._true_score(presentation)
        if not low <= score <= high:
            raise DesignError(
                f"The script of {self.name} has the true score {score:g}, off the response scale "
                f"({low:g} to {high:g}).",
                "Give true scores on the response scale.",
            )
        k = len(presentation.values)
        target = score if presentation.item.key > 0 else low + high - score
        log_p = _tilted(presentation.values, target).copy()
        order = np.array(presentation.order)
        bias = np.zeros(k)
        bias[: min(k, len(self.position_bias))] = self.position_bias[:k]
        log_p[order] += bias
        digest = hashlib.sha256(f"{self.seed} {key}".encode()).digest()
        log_p += self.noise * np.random.default_rng(list(digest)).standard_normal(k)
        p: FloatArray = np.exp(log_p - np.logaddexp.reduce(log_p))
        p *= 1 - self.pick_first
        p[order[0]] += self.pick_first
        return self.option_mass * p

    def _true_score(self, presentation: Presentation) -> float:
        if not isinstance(self.true_scores, Mapping):
            return self.true_scores
        for name in (presentation.item.id, *presentation.lineage):
            if name in self.true_scores:
                return self.true_scores[name]
        raise DesignError(
            f"The script of {self.name} has no true score for {presentation.lineage[-1]}.",
            f"Give one in true_scores for {' or '.join(presentation.lineage)}.",
        )

    def _answer(self, prompt: Prompt) -> PromptScore:
        p = self.option_probabilities(prompt.presentation, prompt.key)
        ends = [
            (path, p[option] / len(spellings))
            for option, spellings in enumerate(prompt.paths)
            for path in spellings
        ]

        def log_p(path: TokenIds) -> float:
            total = math.fsum(mass for end, mass in ends if end[: len(path)] == path)
            return math.log(total) if total > 0 else -math.inf

        first = sorted({path[:1] for path, _ in ends})
        masses = np.array([math.exp(log_p(token)) for token in first] + [1 - self.option_mass])
        masses = masses[masses > 0]
        top = sorted(((self.decode(t), log_p(t)) for t in first), key=lambda pair: -pair[1])[:5]
        return PromptScore(
            tuple(tuple(log_p(path) for path in spellings) for spellings in prompt.paths),
            float(-(masses * np.log(masses)).sum()),
            tuple(top),
            "scripted float64",
        )


@functools.lru_cache(maxsize=1024)
def _tilted(values: tuple[float, ...], target: float) -> FloatArray:
    """Log-probabilities, binomial weights times exp(θ·value), whose expected value is the target.

    With equally spaced values this is a binomial distribution; options of equal value get equal
    weights.
    """
    v = np.array(values)
    k = len(v)
    weights = special.gammaln(k) - special.gammaln(np.arange(1, k + 1))
    weights -= special.gammaln(np.arange(k, 0, -1))
    if len(np.unique(v)) < k:
        weights = np.zeros(k)
    reach = 25 / np.diff(np.unique(v)).min()  # at its ends one option holds all but e⁻²⁵

    def log_p(theta: float) -> FloatArray:
        tilted = weights + theta * v
        normal: FloatArray = tilted - np.logaddexp.reduce(tilted)
        return normal

    def excess(theta: float) -> float:
        return float(np.exp(log_p(theta)) @ v) - target

    if excess(-reach) >= 0:
        return log_p(-reach)
    if excess(reach) <= 0:
        return log_p(reach)
    return log_p(optimize.brentq(excess, -reach, reach, xtol=1e-15, rtol=1e-14))


def scripted_model(
    true_scores: Mapping[str, float] | float,
    *,
    name: str = "scripted",
    position_bias: Sequence[float] = (),
    pick_first: float = 0.0,
    noise: float = 0.0,
    option_mass: float = 1.0,
    seed: int = 0,
) -> ScriptedModel:
    """Simulate a respondent with known true scores, order bias and noise.

    Parameters
    ----------
    true_scores : float or mapping of str to float
        Expected value on the response scale in the keyed direction, for all items, by scale,
        or by item.
    name : str
        Name of the respondent.
    position_bias : sequence of float
        Added to the logit of the option shown first, second, …
    pick_first : float
        Share of answers that go to the option shown first whatever it says, 0 to 1.
    noise : float
        Standard deviation of normal noise on the logits, drawn once a cell.
    option_mass : float
        Probability that any offered label is answered, above 0 and at most 1.
    seed : int
        For the noise.

    Returns
    -------
    ScriptedModel
        Accepted wherever a model is.

    Raises
    ------
    DesignError
        A share is out of its range.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.respondents(pm.scripted_model(4.5, position_bias=[1.0]))
    <Respondents: scripted>
    """
    if not 0 <= pick_first <= 1 or not 0 < option_mass <= 1:
        raise DesignError(
            f"pick_first={pick_first} or option_mass={option_mass} is no share.",
            "Give pick_first from 0 to 1, and option_mass above 0 and at most 1.",
        )
    scores = true_scores if isinstance(true_scores, Mapping) else float(true_scores)
    return ScriptedModel(name, scores, tuple(position_bias), pick_first, noise, option_mass, seed)
