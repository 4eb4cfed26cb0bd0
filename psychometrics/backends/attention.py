"""What a model's attention says of itself, as far as a tree mask needs it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PretrainedConfig

_TAKE_A_MASK = ("sdpa", "eager")
_LAYER_TYPES = {"full_attention", "sliding_attention"}


@dataclass(frozen=True, slots=True)
class Attention:
    """How a model attends.

    Parameters
    ----------
    implementation : str
        ``sdpa``, ``eager``, …; ``no`` where the model has none.
    sliding : int or None
        Tokens that sliding-window layers see, the present one included.
    by_layer_type : bool
        Whether full and sliding layers are mixed, each with its own mask.
    obstacle : str or None
        Why it cannot take a tree mask.
    """

    implementation: str
    sliding: int | None
    by_layer_type: bool
    obstacle: str | None


def attention_of(config: "PretrainedConfig") -> Attention:
    """Read a model's configuration.

    Parameters
    ----------
    config : PretrainedConfig

    Returns
    -------
    Attention
    """
    config = config.get_text_config()
    implementation = getattr(config, "_attn_implementation", None) or "no"
    types = set(getattr(config, "layer_types", None) or ())
    window = getattr(config, "sliding_window", None)
    if types:
        sliding = window if "sliding_attention" in types else None
    else:
        sliding = window if getattr(config, "use_sliding_window", True) else None
    obstacle = None
    if implementation not in _TAKE_A_MASK:
        obstacle = f"{implementation} attention takes no tree mask"
    elif types - _LAYER_TYPES:
        obstacle = f"layers of type {', '.join(sorted(types - _LAYER_TYPES))} take no tree mask"
    return Attention(implementation, sliding, len(types) > 1, obstacle)
