"""A worked example: how reliable the answers of 64 personas of one small model are, and of people.

python benchmarks/reliability.py [--run FOLDER] [--people bfi.csv]

Administers big-five-60 to 64 made-up personas of the embedded model under 4 option orders, resuming
in FOLDER, and takes people's answers to 25 items from a CSV with columns A1 to O5, answered 1 to 6.
Tables go to benchmarks/paper_tables/reliability.
"""

import argparse
import sys
from pathlib import Path

import psychometrics as pm

sys.path.insert(0, str(Path(__file__).parent / "engine"))

from personas import personas

PLACE = Path(__file__).parent / "paper_tables" / "reliability"
ITEMS = {
    name: [f"{name[0]}{n}" for n in range(1, 6)]
    for name in ("Agreeableness", "Conscientiousness", "Extraversion", "Neuroticism", "Openness")
}
REVERSED = ["A1", "C4", "C5", "E1", "E2", "O2", "O5"]


def of_personas(folder: str) -> None:
    """Reliability among personas, and what their answers depend on."""
    people = pm.respondents("smollm2-135m", personas=personas(64))
    design = pm.design(option_order="random(4, 1)")
    run = pm.administer(pm.load_instrument("big-five-60"), people, design, out=folder)
    responses = run.responses
    domains = [s.name for s in responses.instrument.scales if s.level == "domain"]
    table = pm.item_table(responses)
    alpha, omega = (verb(table, by="scale") for verb in (pm.alpha, pm.omega))
    chosen = [[e for e in found if e.of in domains] for found in (alpha, omega)]
    study = pm.gstudy(responses)
    keep(pm.table(*chosen, title="64 personas: consistency"), "personas-consistency")
    keep(pm.table(study, title="64 personas: generalizability"), "personas-generalizability")
    components = pm.component_table(study["extraversion"], title="64 personas: extraversion")
    keep(components, "personas-components")
    process = pm.response_process(responses.of(next(iter(people)).id))
    keep(pm.table(process, title="Response process of one persona"), "personas-process")
    save(pm.plot.forest(*chosen), "personas-forest")
    save(pm.plot.variance_components(study["extraversion"]), "personas-components")
    for scale, decision in study.decide(0.8).items():
        print(scale, decision)
    responses.cite(PLACE / "personas.bib", alpha, study["extraversion"].to_estimates())


def of_people(file: str) -> None:
    """The same of people, with a second opinion."""
    items = [item for scale in ITEMS.values() for item in scale]
    table = pm.item_table(
        pm.read_items(file), items=items, reverse=REVERSED, limits=(1, 6), scales=ITEMS
    )
    reliability = pm.reliability(table)
    keep(pm.table(reliability, title="People: reliability"), "people-reliability")
    ratios = pm.htmt(table)
    keep(pm.table(ratios, title="People: heterotrait–monotrait ratios"), "people-htmt")
    keep(pm.table(pm.gstudy(table), title="People: G study"), "people-gstudy")
    save(pm.plot.forest(pm.alpha(table, by="scale"), pm.omega(table, by="scale")), "people-forest")
    save(pm.plot.items(pm.item_analysis(table)), "people-items")
    for estimate in (*pm.alpha(table, by="scale"), *pm.icc(table.scale("Neuroticism"))):
        print(pm.second_opinion(estimate))
    print(pm.sentence(reliability[0]))


def keep(table: pm.Table, name: str) -> None:
    """Print a table, and write it as text, Markdown and LaTeX."""
    print(table.to_text(PLACE / f"{name}.txt"), end="\n\n")
    table.to_markdown(PLACE / f"{name}.md")
    table.to_latex(PLACE / f"{name}.tex")


def save(ax: object, name: str) -> None:
    """Write a figure."""
    ax.figure.savefig(PLACE / f"{name}.png", dpi=150)


def main() -> None:
    """Make what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", default="runs/personas-64", help="folder of the run")
    parser.add_argument("--people", help="CSV with people's answers")
    parser.add_argument("--no-personas", action="store_true", help="people alone")
    call = parser.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    if not call.no_personas:
        of_personas(call.run)
    if call.people:
        of_people(call.people)


if __name__ == "__main__":
    main()
