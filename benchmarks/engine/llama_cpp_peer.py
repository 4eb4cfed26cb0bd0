"""llama.cpp as a peer: the embedded model in float32, its cache kept from prompt to prompt."""

from collections.abc import Callable, Sequence
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import load_file

import psychometrics as pm
from psychometrics._types import TokenIds
from psychometrics.backends.base import Prompt
from psychometrics.backends.find import embedded_file, find_model
from psychometrics.backends.trie import shared_with_previous

MODEL = "smollm2-135m"
GGUF = "float32.gguf"


def write_float32_gguf(path: Path) -> None:
    """Write the cached float32 weights as GGUF, with the vocabulary of the shipped file."""
    shipped = gguf.GGUFReader(embedded_file(MODEL))
    writer = gguf.GGUFWriter(path, "llama")
    for name, field in shipped.fields.items():
        kept = not name.startswith("GGUF.") and name not in (
            "general.architecture", "general.file_type", "general.quantization_version"
        )  # fmt: skip
        if kept:
            kind = field.types[0]
            of = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(name, field.contents(), kind, sub_type=of)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    heads = {
        "q_proj": shipped.get_field("llama.attention.head_count").contents(),
        "k_proj": shipped.get_field("llama.attention.head_count_kv").contents(),
    }
    layers = shipped.get_field("llama.block_count").contents()
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, layers)
    folder = find_model(pm.ModelReference(MODEL)).folder
    for name, tensor in load_file(folder / "model.safetensors").items():
        part = name.split(".")[-2]
        values = _interleaved(tensor, heads[part]) if part in heads else tensor
        writer.add_tensor(names.get_name(name, (".weight",)), values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _interleaved(weight: np.ndarray, n_heads: int) -> np.ndarray:
    """Order the rows of each head as llama.cpp rotates them: pairs that turn together adjoin."""
    rows, columns = weight.shape
    halves = weight.reshape(n_heads, 2, rows // n_heads // 2, columns)
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows, columns))


def llama_cpp(
    prompts: Sequence[Prompt], file: Path, threads: int
) -> tuple[Callable[[], np.ndarray], list[int]]:
    """Score prompts in the order of their tokens; only what the last one did not hold is computed.

    Returns
    -------
    run : callable
        Log-probability of each label, shape (n_prompts, n_options).
    computed : list of int
        Tokens computed, counted while it runs.
    """
    from llama_cpp import Llama

    model = Llama(
        str(file), n_ctx=1024, n_batch=512, n_threads=threads, n_threads_batch=threads,
        verbose=False, type_k=gguf.GGMLQuantizationType.F32, type_v=gguf.GGMLQuantizationType.F32,
    )  # fmt: skip
    computed = [0]
    wanted: dict[TokenIds, set[int]] = {}
    for prompt in prompts:
        for path, *_ in prompt.paths:
            for depth, token in enumerate(path):
                wanted.setdefault(prompt.ids + path[:depth], set()).add(token)

    def read() -> dict[tuple[TokenIds, int], float]:
        found = {}
        nodes = sorted(wanted)
        for node, same in zip(nodes, shared_with_previous(nodes).tolist(), strict=True):
            model.n_tokens = same
            model.eval(node[same:])
            computed[0] += len(node) - same
            raw = np.ctypeslib.as_array(model._ctx.get_logits(), shape=(model.n_vocab(),))
            logits = raw.astype(np.float64)
            total = np.logaddexp.reduce(logits)
            found |= {(node, token): logits[token] - total for token in wanted[node]}
        return found

    def run() -> np.ndarray:
        log_p = read()
        return np.array(
            [
                [
                    sum(log_p[p.ids + path[:d], token] for d, token in enumerate(path))
                    for (path, *_) in p.paths
                ]
                for p in prompts
            ]
        )

    return run, computed
