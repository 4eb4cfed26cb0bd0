"""Every error of the library: what went wrong (cause) and what to do (mend).

::

    PsychometricsError
    ├── InstrumentError            an inventory definition
    │   ├── UnknownInstrumentError
    │   ├── DefinitionError
    │   ├── WordingError
    │   └── NormsError
    ├── DesignError                an impossible or unaffordable design
    ├── ModelError                 a model that cannot be found, read or trusted
    │   ├── ModelNotFoundError
    │   ├── SelfCheckError
    │   ├── ContextLengthError
    │   └── ModelMemoryError
    ├── WorkerError                a process of a run in several
    ├── TemplateError              a prompt that cannot be built as asked
    │   └── LabelBoundaryError
    ├── RunFolderError             the folder that holds a run
    │   ├── RunInUseError
    │   ├── RunMismatchError
    │   ├── JournalError
    │   └── StorageError
    ├── ResponsesError             responses that break their schema
    ├── DataError                  a table from which the coefficient cannot be computed
    │   ├── UnitError              repetitions given as if they were respondents
    │   └── UnknownKeyError        a result that a collection does not hold
    └── DependencyError            a package that is needed and not installed

Warnings are of one kind, :class:`EstimateWarning`.
"""


class EstimateWarning(UserWarning):
    """An estimate that stands at a limit or rests on little; its note says the same."""


class PsychometricsError(Exception):
    """Base of all errors: a cause and the step that mends it.

    Parameters
    ----------
    cause : str
        What is wrong, naming the file, item, field or value.
    mend : str
        What the reader can do about it.

    Examples
    --------
    >>> from psychometrics.errors import DesignError
    >>> error = DesignError("720 orders of 6 options are too many.", "Use option_order='balanced'.")
    >>> print(error)
    720 orders of 6 options are too many.
    Mend: Use option_order='balanced'.
    """

    def __init__(self, cause: str, mend: str) -> None:
        super().__init__(f"{cause}\nMend: {mend}")
        self.cause = cause
        self.mend = mend

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.cause, self.mend)


class InstrumentError(PsychometricsError):
    """An inventory definition cannot be used."""


class UnknownInstrumentError(InstrumentError):
    """No inventory of that name is installed."""


class DefinitionError(InstrumentError):
    """A definition file breaks the format; names the file, the item and the field."""


class WordingError(InstrumentError):
    """The wording of an inventory is not there, cannot be had, or is not the one that is known."""


class NormsError(InstrumentError):
    """An inventory has no norms, or none of that name, for what is asked."""


class DesignError(PsychometricsError):
    """A design asks for conditions that do not exist or cannot be afforded."""


class ModelError(PsychometricsError):
    """A model cannot be used."""


class ModelNotFoundError(ModelError):
    """No model of that name was found; lists what was tried."""


class SelfCheckError(ModelError):
    """Batched scoring disagrees with one prompt at a time."""


class ContextLengthError(ModelError):
    """A prompt is longer than the model's context; nothing is ever cut."""


class ModelMemoryError(ModelError):
    """Out of memory even with one prompt at a time."""


class WorkerError(PsychometricsError):
    """A worker process failed or died."""


class TemplateError(PsychometricsError):
    """A prompt cannot be built as asked."""


class LabelBoundaryError(TemplateError):
    """The tokenizer merges the end of the prompt with every spelling of a label."""


class RunFolderError(PsychometricsError):
    """The folder of a run cannot be used."""


class RunInUseError(RunFolderError):
    """Another process is writing this run."""


class RunMismatchError(RunFolderError):
    """The folder holds a run of a different call; names the difference."""


class JournalError(RunFolderError):
    """A journalled batch was altered or damaged."""


class StorageError(RunFolderError):
    """The disk is full or refuses to write."""


class ResponsesError(PsychometricsError):
    """Responses break their schema or do not fit the instrument."""


class DataError(PsychometricsError, ValueError):
    """A table or an argument cannot be used for what is asked; names column, row or value."""


class UnknownKeyError(DataError, KeyError):
    """A collection of results has none of that name."""

    __str__ = Exception.__str__  # KeyError would print the representation


class UnitError(DataError):
    """Repetitions of one respondent were given as if they were respondents."""


class DependencyError(PsychometricsError):
    """A needed package is not installed; gives the line that installs it."""
