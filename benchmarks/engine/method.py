"""One method of compare.py, in a process of its own: what it costs, and what it gives."""

import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from llama_cpp_peer import GGUF, llama_cpp
from phases import where_time_goes

import psychometrics as pm
from psychometrics.administration.plan import make_plan
from psychometrics.backends.base import Prompt
from psychometrics.backends.find import find_model
from psychometrics.backends.load_model import open_model
from psychometrics.backends.trie import n_distinct

MODEL = "smollm2-135m"


def workload(labels: str, n_items: int) -> list[Prompt]:
    """Prompts of the first items; each option's label in its first spelling alone."""
    model = open_model(pm.ModelReference(MODEL))
    instrument = pm.load_instrument("big-five-60")
    design = pm.design(option_order="balanced", wording=("plain", "options_first"), labels=labels)
    plan = make_plan(instrument, pm.respondents(model), design, 0, {model.reference: model})
    chosen = {item.id for item in instrument.items[:n_items]}
    return [
        Prompt(p.key, p.ids, tuple(option[:1] for option in p.paths), p.presentation)
        for p in plan.models[0].prompts
        if p.presentation.item.id in chosen
    ]


def ours(engine: str, prompts: Sequence[Prompt]) -> tuple[Callable[[], np.ndarray], object]:
    """Score with an engine of this library; each label's own log-probability, prefixes kept."""
    model = pm.load_model(MODEL, engine=engine)

    def run() -> np.ndarray:
        scores = model.score(prompts)
        return np.array([[option[0] for option in score.path_log_p] for score in scores])

    return run, model


def naive(prompts: Sequence[Prompt]) -> tuple[Callable[[], np.ndarray], list[int]]:
    """One forward pass a prompt; one an option where labels have several tokens."""
    from transformers import AutoModelForCausalLM

    folder = find_model(pm.ModelReference(MODEL)).folder
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    computed = [0]

    def log_p(ids: tuple[int, ...], keep: int) -> torch.Tensor:
        computed[0] += len(ids)
        with torch.inference_mode():
            logits = model(torch.tensor([ids]), logits_to_keep=keep, use_cache=False).logits[0]
        return logits - torch.logsumexp(logits, dim=-1, keepdim=True)

    def score(prompt: Prompt) -> list[float]:
        paths = [option[0] for option in prompt.paths]
        if all(len(path) == 1 for path in paths):
            last = log_p(prompt.ids, 1)[0]
            return [last[path[0]].item() for path in paths]
        found = []
        for path in paths:
            rows = log_p(prompt.ids + path[:-1], len(path))
            found.append(sum(row[t].item() for row, t in zip(rows, path, strict=True)))
        return found

    return lambda: np.array([score(prompt) for prompt in prompts]), computed


def lm_eval(prompts: Sequence[Prompt]) -> Callable[[], np.ndarray]:
    """EleutherAI's harness: hf back end, batches of 16, its cache of one-token labels on."""
    from lm_eval.api.instance import Instance
    from lm_eval.models.huggingface import HFLM
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = find_model(pm.ModelReference(MODEL)).folder
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    harness = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=16, device="cpu")
    pairs = [
        (tokenizer.decode(prompt.ids), tokenizer.decode(option[0]))
        for prompt in prompts
        for option in prompt.paths
    ]
    requests = [
        Instance("loglikelihood", doc={}, arguments=pair, idx=n) for n, pair in enumerate(pairs)
    ]

    def run() -> np.ndarray:
        found = harness.loglikelihood(requests, disable_tqdm=True)
        return np.array([value for value, _ in found]).reshape(len(prompts), -1)

    return run


def floor(seconds_of: int, n_tokens: int) -> float:
    """CPU seconds that the matrix products of the linear layers alone take, in this process."""
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(find_model(pm.ModelReference(MODEL)).folder)
    d, kv = config.hidden_size, config.num_key_value_heads * config.head_dim
    shapes = [(d, d), (d, kv), (d, kv), (d, d), *[(d, config.intermediate_size)] * 2,
              (config.intermediate_size, d)]  # fmt: skip
    layers = [(torch.randn(512, a), torch.randn(b, a)) for a, b in shapes]
    for x, weight in layers:
        torch.nn.functional.linear(x, weight)
    begin = time.process_time()
    for _ in range(seconds_of):
        for _ in range(config.num_hidden_layers):
            for x, weight in layers:
                torch.nn.functional.linear(x, weight)
    return (time.process_time() - begin) / seconds_of / 512 * n_tokens


def peak_mb() -> float:
    """Most memory this program held; getrusage would count its parent's before it began."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024


def main() -> None:
    """Measure and print one line of JSON."""
    method, labels, n_items, threads, out = sys.argv[1:]
    torch.set_num_threads(int(threads))
    prompts = workload(labels, int(n_items))
    sequences = [ids for prompt in prompts for ids in prompt.sequences]
    computed: list[int] | None = None
    model = None
    if method == "lm_eval":
        run = lm_eval(prompts)
    elif method == "naive":
        run, computed = naive(prompts)
    elif method == "llama_cpp":
        run, computed = llama_cpp(prompts, Path(out).with_name(GGUF), int(threads))
    else:
        run, model = ours(method, prompts)
    cpu, wall = time.process_time(), time.perf_counter()
    log_p = run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = peak_mb()
    np.save(out, log_p)
    distinct = n_distinct(sequences)
    tokens = computed[0] if computed else getattr(model, "tokens_computed", None)
    result = {
        "prompts": len(prompts),
        "tokens_presented": sum(len(prompt.ids) for prompt in prompts),
        "tokens_distinct": distinct,
        "tokens_computed": tokens,
        "cpu_s": round(cpu, 2),
        "wall_s": round(wall, 2),
        "prompts_per_cpu_s": round(len(prompts) / cpu, 2),
        "peak_mb": round(peak),
    }
    if method == "tree":
        least = floor(4, distinct)
        result |= {
            "floor_cpu_s": round(least, 2),
            "times_floor": round(cpu / least, 2),
            "where_time_goes": where_time_goes(model._model, run),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
