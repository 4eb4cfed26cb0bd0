"""What each average over option orders recovers of a known true score, under two kinds of bias.

python benchmarks/recovery.py
"""

import pandas as pd
from machine import keep

import psychometrics as pm

TRUTHS = (1.5, 3.0, 4.5)
BIASES = {
    "none": {},
    "first option +1.5 logits": {"position_bias": [1.5]},
    "picks the first in 40 %": {"pick_first": 0.4},
}


def recovered(truth: float, bias: dict[str, object]) -> dict[str, float]:
    """Mean domain score by as-written order, and by both averages over the balanced design.

    The items are the forward-keyed half: with balanced keying a bias of the options cancels in the
    scale score and shows in the items alone.
    """
    instrument = pm.load_instrument("big-five-60")
    who = pm.respondents(pm.scripted_model(truth, **bias))
    scores = {}
    for name, order in (("as written", "as_written"), ("balanced", "balanced")):
        run = pm.administer(instrument, who, pm.design(option_order=order), quiet=True)
        wide = run.responses.to_wide()
        forward = [item.id for item in instrument.items if item.key > 0]
        if name == "as written":
            scores["as written, forward items"] = float(wide[forward].mean(axis=None))
        frame = run.responses.score().frame
        domains = frame[(frame["level"] == "domain") & (frame["statistic"] == "expected")]
        for average, rows in domains.groupby("average"):
            if name == "balanced":
                scores[f"balanced, {average}"] = float(rows["score"].mean())
            elif average == "mean":
                scores["as written, scale"] = float(rows["score"].mean())
    return scores


def main() -> None:
    """Print the table and keep it."""
    rows = [
        {"bias": name, "truth": truth} | recovered(truth, bias)
        for name, bias in BIASES.items()
        for truth in TRUTHS
    ]
    table = pd.DataFrame(rows)
    print(table.to_string(index=False, float_format="{:.3f}".format))
    keep("recovery", {"rows": table.round(6).to_dict("records")})


if __name__ == "__main__":
    main()
