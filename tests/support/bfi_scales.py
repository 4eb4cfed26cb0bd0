"""The five scales of psychTools::bfi with R's reliability values, where ../shared is present."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference"
SCALES = ("agree", "conscientious", "extraversion", "neuroticism", "openness")
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared is absent")


def reliability(scale: str) -> dict[str, Any]:
    return json.loads((REFERENCE / "reliability.json").read_text())[scale]


def keyed(*scales: str, complete: bool = True) -> np.ndarray:
    """Answers to the items of the scales, reversed where keyed so; complete: to all 25 items."""
    keys = json.loads((REFERENCE / "data_notes.json").read_text())["keys"]
    frame = pd.read_csv(REFERENCE / "data" / "bfi.csv")
    if complete:
        frame = frame.dropna(subset=[key.lstrip("-") for scale in keys.values() for key in scale])
    chosen = [key for scale in scales for key in keys[scale]]
    answers = frame[[key.lstrip("-") for key in chosen]].to_numpy(dtype=float)
    return np.where([key.startswith("-") for key in chosen], 7 - answers, answers)
