"""Where the data come from: the rows of ../shared, or moments and counts kept in this folder."""

import functools
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from reference_layout import LAYOUTS

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared" / "reference"
SCALES = ("agree", "conscientious", "extraversion", "neuroticism", "openness")
FILES = (
    "reliability", "alpha_bootstrap", "icc", "agreement", "gtheory", "mixed", "validity", "misc",
)  # fmt: skip
SEED = 20261124
# Numbers of R's that formulas are evaluated at.
GIVEN = (
    *(f"reliability/{scale}/omega_cfa_1f/std_loadings" for scale in SCALES),
    "validity/AVE_std",
    "validity/latent_cor/values",
)
COUNTS = (
    "cohen_1968", "counts_3x3", "fleiss_10x14", "krippendorff_4x12", "fleiss_1971_diagnoses",
    "N1 by N2",
)  # fmt: skip


def keys() -> dict[str, list[str]]:
    """Items of each scale of the bfi; a minus marks those that are reversed."""
    return {
        "agree": ["-A1", "A2", "A3", "A4", "A5"],
        "conscientious": ["C1", "C2", "C3", "-C4", "-C5"],
        "extraversion": ["-E1", "-E2", "E3", "E4", "E5"],
        "neuroticism": ["N1", "N2", "N3", "N4", "N5"],
        "openness": ["O1", "-O2", "O3", "O4", "-O5"],
    }


def items(*scales: str) -> list[str]:
    return [key.lstrip("-") for scale in scales for key in keys()[scale]]


def places(*scales: str) -> list[int]:
    return [items(*SCALES).index(item) for item in items(*scales)]


class Rows:
    """The data as R read them."""

    has_rows = True

    def bfi(self, *, complete: bool) -> np.ndarray:
        """All 25 items, reversed where keyed so; complete: units with all answers."""
        frame = self.frame("bfi")[items(*SCALES)]
        answers = (frame.dropna() if complete else frame).to_numpy(dtype=float)
        flip = [key.startswith("-") for scale in SCALES for key in keys()[scale]]
        return np.where(flip, 7 - answers, answers)

    def scale(self, *scales: str, complete: bool) -> np.ndarray:
        return self.bfi(complete=complete)[:, places(*scales)]

    def ability(self) -> np.ndarray:
        return self.frame("ability16").dropna().to_numpy(dtype=float)

    def table(self, name: str) -> np.ndarray:
        """Observations of a balanced design with an axis a facet."""
        layout = LAYOUTS[name]
        if name == "bfi_neuroticism_first100":
            return self.scale("neuroticism", complete=True)[:100]
        if name == "bfi_neuroticism_pxi_first500":
            return self.scale("neuroticism", complete=True)[:500]
        if name == "shrout_fleiss":
            return self.frame("shrout_fleiss_1979").to_numpy(dtype=float)
        if name == "shrout_lane":
            wide = self.frame("shrout_lane_2012").sort_values(["Person", "Time"])
            return wide[["Item1", "Item2", "Item3"]].to_numpy(float).reshape(layout.shape)
        if name == "brennan3_pxixo":
            long = self.frame("brennan_2001_synthetic3_pxixo")
        else:
            long = self.frame("brennan_2001_synthetic4_p_rt").rename(columns=str.lower)
        long = long.sort_values(list(layout.axes))
        return long["score"].to_numpy(dtype=float).reshape(layout.shape)

    def counts(self, name: str) -> np.ndarray:
        """How many raters chose each category, or units each pair of categories."""
        agreement = reference("agreement")
        if name == "cohen_1968":
            part = agreement["cohen_1968"]
            return np.round(np.array(part["table"]) * part["n"])
        if name == "counts_3x3":
            return np.array(agreement["counts_3x3"]["table"], dtype=float)
        if name == "fleiss_10x14":
            return np.array(agreement["fleiss_10x14"]["counts"], dtype=float)
        if name == "krippendorff_4x12":
            ratings = np.array(agreement["krippendorff_4x12"]["ratings"], dtype=float).T
            return np.stack([(ratings == value).sum(axis=1) for value in range(1, 6)], axis=1)
        if name == "fleiss_1971_diagnoses":
            return np.stack([(self._diagnoses() == c).sum(axis=1) for c in range(5)], axis=1)
        if name == "N1 by N2":
            neurotic = self.scale("neuroticism", complete=True)[:, :2]
            return np.histogramdd(neurotic, bins=[np.arange(0.5, 7)] * 2)[0]
        raise LookupError(name)

    def pairs_of_raters(self) -> np.ndarray:
        """Tables of the 15 pairs of raters of the diagnoses."""
        pairs = itertools.combinations(self._diagnoses().T, 2)
        return np.stack([np.histogram2d(a, b, bins=np.arange(-0.5, 5))[0] for a, b in pairs])

    def given(self, path: str) -> Any:
        """Numbers of R's that a formula of ours is evaluated at."""
        name, *below = path.split("/")
        return functools.reduce(lambda found, key: found[key], below, reference(name))

    def _diagnoses(self) -> np.ndarray:
        frame = self.frame("fleiss_1971_diagnoses")
        return np.searchsorted(np.unique(frame.to_numpy(dtype=str)), frame.to_numpy(dtype=str))

    @functools.cache  # noqa: B019
    def frame(self, name: str) -> pd.DataFrame:
        return pd.read_csv(SHARED / "data" / f"{name}.csv")


class Moments:
    """Simulated data with exactly the moments, sums of squares and counts of R's data."""

    has_rows = False

    def __init__(self) -> None:
        self.kept = json.loads((HERE / "moments.json").read_text(encoding="utf-8"))

    def bfi(self, *, complete: bool) -> np.ndarray:
        return self._drawn("bfi complete" if complete else "bfi pairwise")

    def scale(self, *scales: str, complete: bool) -> np.ndarray:
        return self.bfi(complete=complete)[:, places(*scales)]

    def ability(self) -> np.ndarray:
        return self._drawn("ability16")

    def table(self, name: str) -> np.ndarray:
        kept = self.kept["sums of squares"][name]
        return LAYOUTS[name].simulated(kept["mean"], kept["squares"], SEED)

    def counts(self, name: str) -> np.ndarray:
        kept = self.kept["counts"][name]
        if isinstance(kept, dict):
            return np.repeat(np.array(kept["patterns"], dtype=float), kept["units"], axis=0)
        return np.array(kept, dtype=float)

    def pairs_of_raters(self) -> np.ndarray:
        return np.array(self.kept["counts"]["pairs of raters of the diagnoses"], dtype=float)

    def given(self, path: str) -> Any:
        return self.kept["given"][path]

    @functools.cache  # noqa: B019
    def _drawn(self, name: str) -> np.ndarray:
        kept = self.kept["covariances"][name]
        k = len(kept["mean"])
        covariance = np.zeros((k, k))
        covariance[np.triu_indices(k)] = kept["upper triangle"]
        covariance = covariance + np.triu(covariance, 1).T
        return with_moments(kept["n"], np.array(kept["mean"]), covariance)


def with_moments(n: int, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Normal rows whose means and covariances (divisor n - 1) are exactly these."""
    drawn = np.random.default_rng(SEED).normal(size=(n, len(mean)))
    unit = np.linalg.qr(drawn - drawn.mean(axis=0))[0] * np.sqrt(n - 1)
    return unit @ np.linalg.cholesky(covariance).T + mean


def reference(name: str) -> dict[str, Any]:
    """One of R's files."""
    return json.loads((SHARED / f"{name}.json").read_text(encoding="utf-8"))
