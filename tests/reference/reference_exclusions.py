"""Numbers of R's files that are not compared, by reason; `*` stands for anything in a path."""

EXCLUSIONS: dict[str, tuple[str, ...]] = {
    "input of the comparison, not a result": (
        "reliability/*/pairwise/k",
        "reliability/*/complete/k",
        "alpha_bootstrap/R",
        "alpha_bootstrap/seed",
        "icc/shrout_fleiss/ratings/*",
        "agreement/cohen_1968/table/*",
        "agreement/cohen_1968/disagreement_weights/*",
        "agreement/counts_3x3/table/*",
        "agreement/fleiss_10x14/counts/*",
        "agreement/krippendorff_4x12/ratings/*",
        "gtheory/brennan3_pxixo/dstudy_from_anova/n_*",
        "misc/spearman_brown/r",
        "misc/spearman_brown/k/*",
        "misc/describe/vars/*",
        "validity/AVE_std/*",
        "validity/latent_cor/*",
        "reliability/*/omega_cfa_1f/std_loadings/*",
    ),
    "seconds that R took": ("alpha_bootstrap/seconds",),
    "1 by definition": tuple(
        f"validity/{part}/values/{i}/{i}" for part in ("htmt", "htmt2") for i in range(5)
    ),
    "diagonal of a matrix of disattenuated correlations: 1 / alpha, no correlation": tuple(
        f"reliability/disattenuated_complete/direct/values/{i}/{i}" for i in range(5)
    ),
    "omega hierarchical and its limit, rotated and group factors: extraction of several factors "
    "with rotation is a later issue": (
        "reliability/*/omega_psych_1f/omega_h",
        "reliability/*/omega_psych_3f_minres_oblimin/omega_h",
        "reliability/*/omega_psych_3f_minres_oblimin/omega_lim",
        "reliability/*/omega_psych_3f_minres_oblimin/group/*",
        "reliability/omega_all25_5f/omega_h",
        "reliability/omega_all25_5f/omega_lim",
        "reliability/omega_all25_5f/group/*",
        *(f"reliability/omega_all25_5f/sl/values/*/{column}" for column in (0, 1, 2, 3, 4, 5, 8)),
    ),
    "three factors of five items are not identified (12 parameters, 10 correlations); minres "
    "refuses them": (
        "reliability/*/omega_psych_3f_minres_oblimin/omega_tot",
        "reliability/*/omega_psych_3f_minres_oblimin/sl/*",
    ),
    "confirmatory factor analysis by maximum likelihood, a later issue; minres estimates "
    "something else": (
        "reliability/*/omega_cfa_1f/omega",
        "reliability/*/omega_cfa_1f/ave",
        "validity/compRelSEM_omega/*",
        "validity/AVE_semTools/*",
        "validity/composite_reliability_std/*",
        *(f"validity/reliability_table/values/{row}/*" for row in (1, 2, 3, 4)),
    ),
    "lambda-5+ of psych, no coefficient of this issue": ("reliability/*/guttman/lambda5p",),
    "KR-21, and KR-20 that mixes divisors n and n - 1: no coefficients of this issue (KR-20 is "
    "raw alpha, which is compared)": (
        "reliability/ability16/kr20_pop_item_var",
        "reliability/ability16/kr21",
    ),
    "average r that psych infers from raw alpha, not one of correlations": (
        "reliability/scoreItems/av_r/*",
    ),
    "basic bootstrap interval: not offered": ("alpha_bootstrap/basic/*",),
    "p of the F test that units do not differ at all: not reported, the interval is": (
        "icc/*/icc/anova/p/*",
        "icc/*/icc/lmer/p/*",
        "icc/*/icc/summary/V3/2",
        "icc/*/icc/summary/V3/3",
        "icc/irr_icc/*/p",
        "icc/irr_icc/3/df2",
        "icc/irr_icc/7/df2",
    ),
    "irr puts ICC(A,k) into the degrees of freedom of ICC(A,1); ours, as psych's, are those of "
    "McGraw and Wong (1996)": (
        "icc/irr_icc/7/lower",
        "icc/irr_icc/7/upper",
    ),
    "psych's variance of weighted kappa is not that of Fleiss, Cohen and Everitt (1969); the delta "
    "method and simulation give ours": (
        "agreement/cohen_1968/var_weighted",
        "agreement/cohen_1968/confid/values/1/0",
        "agreement/cohen_1968/confid/values/1/2",
        "agreement/counts_3x3/confid/values/1/0",
        "agreement/counts_3x3/confid/values/1/2",
    ),
    "irr does not divide coincidences by the number of raters less one if no rating is missing": (
        "agreement/sf_kripp/*",
    ),
    "irr as before, and the script numbered each rater's categories by that rater's own factor": (
        "agreement/fleiss_1971_diagnoses/kripp_nominal",
    ),
    "Conger's exact kappa, Kendall's W and tau: no coefficients of this issue": (
        "agreement/fleiss_1971_diagnoses/exact",
        "agreement/sf_kendall_w*",
        "misc/kendall",
    ),
    "log-likelihood, information criteria and predicted random effects: not returned": (
        "mixed/sleepstudy/*/loglik",
        "mixed/sleepstudy/*/aic",
        "mixed/sleepstudy/*/bic",
        "mixed/sleepstudy/*/ranef/*",
        "mixed/wine_clm/loglik",
    ),
    "Satterthwaite's degrees of freedom and the p value from them: mixed_model gives Wald's": (
        "mixed/sleepstudy/lmertest_satterthwaite/values/?/2",
        "mixed/sleepstudy/lmertest_satterthwaite/values/?/4",
    ),
    "a covariate beside two crossed random factors: mixed_model has one grouping factor, G studies "
    "have no covariates": ("mixed/crossed_bfi_N_first300/*",),
    "lme4 stopped before the optimum: its criterion is above that of the mean squares, which are "
    "exact in these balanced designs; components up to 5e-4 of their value off": (
        "gtheory/brennan4_p_rt/lmer_reml/Person",
        "gtheory/brennan4_p_rt/lmer_reml/Task",
        "gtheory/shrout_lane/components/variance/4",
    ),
    "2.3804 does not follow from the data: the mean square is 192.8 / 81 = 2.38025": (
        "gtheory/brennan4_p_rt/published/Residual",
    ),
    "ordinal mixed model: not in this issue": ("mixed/wine_clmm/*",),
    "asked for signed ratios, semTools 0.5.6 gave the numbers of htmt; scales that correlate "
    "negatively have negative ones": ("validity/htmt_signed/*",),
    "multivariate normality, distances and partial correlations: not in this issue": (
        "misc/mardia/*",
        "misc/mahalanobis_first50/*",
        "misc/partial_cor_A1_A2_given_rest",
    ),
    "median, trimmed mean, deviation from the median, range and shape: not in this issue": tuple(
        f"misc/describe/{column}/*"
        for column in ("median", "trimmed", "mad", "min", "max", "range", "skew", "kurtosis")
    ),
}
