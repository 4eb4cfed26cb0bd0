"""Entry point: ``psychometrics …``."""

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

import psychometrics
from psychometrics.cli.administer import administer
from psychometrics.cli.doctor import doctor
from psychometrics.cli.inventories import inventories
from psychometrics.cli.preview import preview
from psychometrics.cli.report import report
from psychometrics.errors import PsychometricsError

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

app = App(
    name="psychometrics",
    help="Measure language models: administer inventories, score them, report them.",
    version=psychometrics.__version__,
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
app.command(administer)
app.command(preview)
app.command(report)
app.command(inventories)
app.command(doctor)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Exit codes: 0 done; 1 an error, told on the error stream with its mend; 2 the command was not
    understood; 130 stopped with Ctrl-C.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.
    """
    try:
        code = app(arguments, exit_on_error=False)
    except CycloptsError:
        sys.exit(USAGE)  # cyclopts has printed what was not understood
    except PsychometricsError as error:
        _tell(f"Error: {error}")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        _tell(
            "Stopped. Batches that were answered are safe: "
            "the same command with the same --out goes on from there."
        )
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(OK)
    sys.exit(code if isinstance(code, int) else OK)


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
