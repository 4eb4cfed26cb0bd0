"""The command line, as a user types it."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from tiny import save_tiny

import psychometrics as pm
from psychometrics.cli.main import main


@pytest.fixture
def run(capfd):
    """Run a command; return exit code, output and errors."""

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capfd.readouterr()
        return ended.value.code, out, err

    return call


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return str(save_tiny(tmp_path_factory.mktemp("tiny")))


def test_inventories_list(run):
    code, out, _ = run("inventories", "list")
    assert code == 0
    rows = {
        "ipip-neo-300": "300", "ipip-neo-120": "120", "ipip-neo-60": "60", "ipip-50": "50",
        "mini-ipip": "20", "ipip-hexaco-240": "240", "bfi-44": "44", "bfi-2": "60", "bfi-10": "10",
        "tipi": "10", "sd3": "27", "dirty-dozen": "12", "oejts": "32", "jungian-32": "32",
        "trait": "8,000", "trait-scenarios": "160", "big-five-60": "60", "dark-triad-27": "27",
        "self-regulation-21": "21",
    }  # fmt: skip
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert set(rows) == set(pm.list_instruments())
    for name, n in rows.items():
        assert n in lines[name].split(), name
    assert "not installed" in lines["bfi-44"] and "shipped" in lines["big-five-60"]


def test_inventories_show_of_a_published_one(run):
    code, out, _ = run("inventories", "show", "sd3")
    assert code == 0
    for part in ("10.1177/1073191113514105", "web respondents", "inventories install sd3 --from",
                 "machiavellianism 0.86", "not installed", "delroypaulhus"):  # fmt: skip
        assert part in out


def test_inventories_install_shows_the_terms(run, tmp_path, shared, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    file = shared / "inventories" / "oejts" / "oejts_questions.json"
    code, out, _ = run("inventories", "install", "oejts", "--from", str(file))
    assert code == 0 and "32 items of oejts (en) installed" in out
    assert "CC BY-NC-SA 4.0" in out and "no commercial purpose" in out
    code, out, _ = run("inventories", "list")
    assert "installed" in next(line for line in out.splitlines() if " oejts " in line)


def test_inventories_install_of_unknown_text(run, tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("1. I am a line of nobody's form.\n", encoding="utf-8")
    code, _, err = run("inventories", "install", "bfi-44", "--from", str(file))
    assert code == 1 and "mine.txt" in err and "nobody's form" in err and "Mend:" in err


def test_inventories_check_of_answers(run, tmp_path, rng):
    import pandas as pd

    ids = [item.id for item in pm.load_instrument("sd3").items]
    file = tmp_path / "people.csv"
    pd.DataFrame(rng.integers(0, 6, (50, 27)), columns=ids).to_csv(file, index=False)
    code, out, _ = run("inventories", "check", "sd3", "--answers", str(file))
    assert code == 1 and "offered labels" in out and "is not offered" in " ".join(out.split())
    code, out, _ = run("inventories", "check", "sd3", "--answers", str(file), "--missing", "0")
    assert "is not offered" not in out


def test_inventories_show(run):
    code, out, _ = run("inventories", "show", "big-five-60")
    assert (
        code == 0 and "bf60-60" in out and "1 Strongly disagree" in out and "norms     none" in out
    )


def test_inventories_check(run, definition):
    code, out, _ = run("inventories", "check", "big-five-60")
    assert code == 0 and "Passes." in out
    text = definition.read_text(encoding="utf-8").replace("key = -1", "key = 1", 6)
    definition.write_text(text, encoding="utf-8")
    code, out, _ = run("inventories", "check", str(definition))
    assert code == 1 and "balanced keying" in out


def test_administer_writes_everything(run, tiny, tmp_path):
    out_folder = tmp_path / "run"
    arguments = [
        "administer",
        "--model",
        tiny,
        "--inventory",
        "big-five-60",
        "--out",
        str(out_folder),
    ]
    code, out, err = run(*arguments, "--option-order", "reversed", "--min-mass", "0")
    assert code == 0, err
    assert "Extraversion" in out and "report.html" in out
    assert {"scores.csv", "report.html", "responses.parquet"} <= {
        p.name for p in out_folder.iterdir()
    }
    code, out, _ = run("report", str(out_folder))
    assert code == 0 and "Extraversion" in out


def test_json_is_json_and_quiet_is_quiet(run, tiny, tmp_path):
    arguments = [
        "administer",
        "--model",
        tiny,
        "--inventory",
        "big-five-60",
        "--out",
        str(tmp_path),
    ]
    arguments += ["--option-order", "reversed", "--min-mass", "0", "--quiet"]
    assert run(*arguments) == (0, "", "")
    code, out, err = run(*arguments, "--json")
    assert code == 0 and err == ""
    assert json.loads(out)


def test_preview(run, tiny):
    code, out, _ = run("preview", "--model", tiny, "--inventory", "big-five-60", "--cell", "3")
    assert code == 0
    assert "600 cells" in out and "<|im_start|>assistant" in out and "bf60-01" in out


def test_several_models_personas_and_label_sets(run, tiny, tmp_path):
    other = str(save_tiny(tmp_path / "other", "gpt2"))
    code, out, _ = run(
        "preview", "--model", tiny, "--model", other, "--persona", "a=You are a.", "--persona",
        "b=You are b.", "--labels", "digits", "--labels", "letters", "--wording", "3",
        "--inventory", "big-five-60", "--option-order", "as_written",
    )  # fmt: skip
    assert code == 0 and f"{2 * 2 * 60 * 2 * 3:,} cells" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--model", "nobody", "--inventory", "big-five-60"], "No model is called 'nobody'"),
        (["--model", "TINY", "--inventory", "big-six"], "No instrument is called 'big-six'"),
        (
            [
                "--model",
                "TINY",
                "--inventory",
                "big-five-60",
                "--labels",
                "text",
                "--wording",
                "curt",
            ],
            "'curt'",
        ),
        (["--model", "TINY", "--inventory", "big-five-60", "--persona", "shy"], "has no '='"),
    ],
)
def test_errors_name_cause_and_mend_on_the_error_stream(run, tiny, tmp_path, arguments, told):
    arguments = [tiny if a == "TINY" else a for a in arguments]
    code, out, err = run("administer", *arguments, "--out", str(tmp_path / "x"))
    assert code == 1 and out == "" and told in err and "Mend:" in err


def test_misunderstood_command(run):
    code, out, err = run("administer", "--modell", "x")
    assert code == 2 and "--modell" in out + err


def test_doctor(run, smol):
    code, out, _ = run("doctor")
    assert code == 0, out
    for part in ("torch", "device", "cpu", "smollm2-135m", "ours alone"):
        assert part in out


def test_doctor_sees_another_distribution_with_our_import_name(run, monkeypatch):
    owners = {"psychometrics": ["lm-psychometrics", "psychometrics"]}
    monkeypatch.setattr("importlib.metadata.packages_distributions", lambda: owners)
    code, out, _ = run("doctor")
    assert code == 1 and "pip uninstall psychometrics" in out


def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(smol, tmp_path):
    out = tmp_path / "run"
    command = [
        sys.executable,
        "-m",
        "psychometrics.cli.main",
        "administer",
        "--model",
        "smollm2-135m",
    ]
    # Two batches, so that there is work left when the first is in the journal.
    command += ["--inventory", "big-five-60", "--out", str(out), "--option-order", "random(3, 1)"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    journal = out / "journal.log"
    while process.poll() is None and not (journal.exists() and journal.stat().st_size):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "goes on from there" in err and "Traceback" not in err
    before = journal.read_bytes()
    done = subprocess.run([*command, "--quiet"], check=False)
    assert done.returncode == 0 and journal.read_bytes().startswith(
        before[: before.rindex(b"\n") + 1]
    )
