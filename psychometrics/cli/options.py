"""Options that several commands share."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from psychometrics._types import LabelSet, SystemRole
from psychometrics.designs.design import Design, design
from psychometrics.errors import DesignError
from psychometrics.respondent.reference import EngineName, ModelReference, Quantization
from psychometrics.respondent.respondents import Respondents, respondents


@Parameter(name="*")
@dataclass(frozen=True)
class WhoOptions:
    """Who answers."""

    model: Annotated[list[str], Parameter(negative="")]
    "Embedded model, hub id, folder or GGUF file; give it several times for several models."

    persona: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    "A persona as ID=TEXT; give it several times for several."

    system_role: SystemRole = "fold"
    "Where a template has no system role: fold the persona into the user's turn, or stop."

    revision: str | None = None
    "Branch, tag or commit of a hub id."

    device: str = "auto"
    "auto, cpu, cuda, cuda:1, mps."

    dtype: str = "auto"
    "auto, float32, bfloat16, float16."

    batch_size: int | None = None
    "Sequences computed side by side; by default what suits engine and device."

    engine: EngineName = "auto"
    "tree (each distinct token once), padded (every architecture), or auto."

    window: int = 512
    "Tokens of each row that the tree computes at once."

    quantization: Quantization | None = None
    "Round the weights to 8bit or 4bit as they are read; needs the extra 'quantized'."

    trust_remote_code: Annotated[bool, Parameter(negative="")] = False
    "Let code that comes with the model run on this machine."

    def respondents(self) -> Respondents:
        """Build the respondents."""
        references = [
            ModelReference(
                name,
                self.revision,
                self.device,
                self.dtype,
                self.batch_size,
                self.trust_remote_code,
                self.engine,
                self.window,
                self.quantization,
            )
            for name in self.model
        ]
        wrong = [text for text in self.persona if "=" not in text]
        if wrong:
            raise DesignError(f"--persona {wrong[0]!r} has no '='.", "Write --persona id='text'.")
        pairs = [text.split("=", 1) for text in self.persona]
        personas = {name: text for name, text in pairs}
        if len(personas) < len(pairs):
            raise DesignError("A persona id stands twice.", "Give each --persona its own id.")
        return respondents(references, personas=personas or None, system_role=self.system_role)


@Parameter(name="*")
@dataclass(frozen=True)
class DesignOptions:
    """How the items are presented."""

    option_order: str = "balanced"
    "as_written, reversed, balanced, latin, paired, all, random(n), random(n, seed)."

    labels: Annotated[tuple[LabelSet, ...], Parameter(negative="")] = ("letters",)
    "digits, letters, text; give it several times to cross them."

    wording: Annotated[tuple[str, ...], Parameter(negative="")] = ("1",)
    "The first n wordings, or names of wordings."

    seed: int = 0
    "For random orders that name no seed."

    def design(self) -> Design:
        """Build the design."""
        count = len(self.wording) == 1 and self.wording[0].isdigit()
        return design(
            option_order=self.option_order,
            labels=tuple(self.labels),
            wording=int(self.wording[0]) if count else tuple(self.wording),
        )


DEFAULT_DESIGN = DesignOptions()
