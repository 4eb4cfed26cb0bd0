"""The plan: counts, cell ids, batches."""

import dataclasses

import psychometrics as pm
from psychometrics.administration.open import open_backends
from psychometrics.administration.plan import make_plan
from psychometrics.backends.trie import n_distinct


def plan_of(instrument, models, design=None, seed=0):
    people = pm.respondents(models)
    return make_plan(instrument, people, design or pm.design(), seed, open_backends(people))


def test_sizes(big_five):
    plan = plan_of(
        big_five, pm.scripted_model(3.0), pm.design(labels=["digits", "letters"], wording=2)
    )
    assert plan.n_rows == plan.n_prompts == 60 * 10 * 2 * 2
    assert sum(len(b) for m in plan.models for b in m.batches) == plan.n_prompts


def test_batches_are_cut_from_the_whole_plan_in_the_order_of_the_tokens(big_five):
    script = pm.scripted_model(3.0)
    plan = plan_of(big_five, script)
    (model,) = plan.models
    assert [p.ids for p in model.prompts] == sorted(p.ids for p in model.prompts)
    held = [n_distinct([p.ids for p in batch]) for batch in model.batches]
    assert len(held) > 3 and min(held[:-1]) >= script.batch_tokens


def test_tokens_are_counted_presented_distinct_and_planned(big_five):
    plan = plan_of(big_five, pm.scripted_model(3.0))
    counts = plan.tokens()
    sequences = [ids for prompt in plan.models[0].prompts for ids in prompt.sequences]
    assert counts.presented == sum(map(len, sequences))
    assert counts.distinct == len({ids[: n + 1] for ids in sequences for n in range(len(ids))})
    repeated = counts.planned - counts.distinct
    assert 0 < repeated < counts.distinct / 16


def test_cells_do_not_depend_on_the_order_of_the_items(big_five):
    turned = dataclasses.replace(big_five, items=big_five.items[::-1])
    one, other = (plan_of(i, pm.scripted_model(3.0)) for i in (big_five, turned))
    keys = [[p.key for p in plan.models[0].prompts] for plan in (one, other)]
    assert keys[0] == keys[1]


def test_two_models_never_share_a_cell(small):
    plan = plan_of(small, [pm.scripted_model(3.0, name="a"), pm.scripted_model(3.1, name="b")])
    assert not set(plan.respondents[0].cells) & set(plan.respondents[1].cells)


def test_same_prompt_twice_is_run_once(small):
    people = pm.respondents(
        pm.scripted_model(3.0), personas={"x": "You are calm.", "y": "You are calm."}
    )
    plan = make_plan(small, people, pm.design(), 0, open_backends(people))
    assert plan.n_rows == 80 and plan.n_prompts == 40


def test_random_orders_follow_the_seed(small):
    design = pm.design(option_order="random(3)")
    keys = [plan_of(small, pm.scripted_model(3.0), design, seed).sha256 for seed in (1, 1, 2)]
    assert keys[0] == keys[1] != keys[2]


def test_number_format_is_part_of_the_cell(smol, small, tmp_path):
    half = pm.respondents(pm.ModelReference("smollm2-135m", dtype="bfloat16"))
    full = pm.respondents(pm.ModelReference("smollm2-135m"))
    plans = [make_plan(small, p, pm.design(), 0, open_backends(p)) for p in (half, full)]
    assert not set(plans[0].respondents[0].cells) & set(plans[1].respondents[0].cells)
