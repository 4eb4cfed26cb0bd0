"""The vocabulary of types that several layers share."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

TokenIds = tuple[int, ...]

LabelSet = Literal["digits", "letters", "text"]
Outcome = Literal[
    "chosen", "refused", "off_format", "ambiguous", "truncated", "censored", "low_mass"
]
Average = Literal["mean", "log"]
Statistic = Literal["expected", "modal"]
SystemRole = Literal["fold", "error"]
FinishReason = Literal["end", "stop", "length"]
