"""The tables of the analysis: characteristics, rates, sensitivity, diagnostics, simulation."""

from __future__ import annotations

from casepool.contract.columns import Table, choice, integer, number, proportion, text
from casepool.model.vocabulary import Autoimmune, FurtherEvidence

CHARACTERISTICS = Table(
    "characteristics",
    ("disease", "item", "level"),
    (
        text("disease", required=True),
        text("item", required=True),
        text("level"),
        integer("n"),
        integer("n_known", required=True),
        number("median", None),
        number("lowest", None),
        number("highest", None),
    ),
)

ALL_SETTINGS = "all"

# n_at_most: patients who had the event or may have had it; lowest, highest: the shares of both counts.
SAFETY = Table(
    "safety",
    ("disease", "setting", "event"),
    (
        text("disease", required=True),
        text("setting", required=True),
        text("event", required=True),
        integer("n_event", required=True),
        integer("n_at_most", required=True),
        integer("n_known", required=True),
        integer("n_at_risk", required=True),
        proportion("proportion"),
        proportion("lowest"),
        proportion("highest"),
        proportion("ci_lower"),
        proportion("ci_upper"),
        text("causes"),
        text("status", required=True),
    ),
)

# The patients of a disease by the origin of their antibodies.
ORIGINS = Table(
    "origins",
    ("disease", "autoimmune"),
    lambda study: (
        text("disease", required=True),
        choice("autoimmune", Autoimmune),
        integer("n_reports", required=True),
        integer("n_treated", required=True),
        integer("n_evaluable", required=True),
        integer("n_response", required=True),
        *(integer(f"n_{place.id}", required=True) for place in study.named_places),
        proportion("proportion"),
        proportion("ci_lower"),
        proportion("ci_upper"),
        text("cases", required=True),
    ),
)

# Patients with a syndrome who are counted under the disease that was treated.
FILED_UNDER = Table(
    "filed_under",
    ("underlying_disease", "disease"),
    (
        text("underlying_disease", required=True),
        text("disease", required=True),
        integer("n_treated", required=True),
        text("cases", required=True),
    ),
)

# What moved the rate of each disease, step by step; a change is the difference from the step before.
STEPS = Table(
    "steps",
    ("outcome", "disease", "position"),
    (
        text("outcome", required=True),
        text("disease", required=True),
        integer("position", required=True),
        text("step", required=True),
        proportion("value"),
        proportion("ci_lower"),
        proportion("ci_upper"),
        number("change", None),
    ),
)

# The rates at reporting ratios taken as known: own and pooled, their means under ``overall``.
RATIO_RATES = Table(
    "ratio_rates",
    ("ratio", "analysis", "disease"),
    (
        number("ratio", 0),
        text("analysis", required=True),
        text("disease", required=True),
        integer("n_response", required=True),
        integer("n_evaluable", required=True),
        proportion("value"),
        proportion("ci_lower"),
        proportion("ci_upper"),
    ),
)

SENSITIVITY = Table(
    "sensitivity",
    ("analysis", "variant", "disease"),
    (
        text("analysis", required=True),
        text("variant", required=True),
        text("disease", required=True),
        number("ratio"),
        number("odds"),
        proportion("clustering"),
        text("prior_of"),
        number("prior_centre"),
        number("prior_sd"),
        integer("n_response", required=True),
        integer("n_evaluable", required=True),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        text("status", required=True),
        text("reason"),
    ),
)

NOT_ESTIMABLE, FLAGGED = "not_estimable", "flagged"

# disease: "all" where a check is not of one disease. compared: what the value stands beside (the probability before the
# data, the probability of the test, the rate with the source, the rate asked for). bits: what a comparison adds to the
# prior of the ratio. Reasons and states: docs/methods.md.
DIAGNOSTICS = Table(
    "diagnostics",
    ("diagnostic", "disease"),
    (
        text("diagnostic", required=True),
        text("disease", required=True),
        text("source"),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        number("compared", None),
        number("bits"),
        integer("n"),
        text("status", required=True),
        text("reason"),
    ),
)

# What further evidence is expected to bring to the own interval of a disease. width: of the interval, as a share;
# excludes: the probability that the interval lies wholly on one side of the threshold; n of lookups: at most those
# that are left.
PLAN = Table(
    "plan",
    ("disease", "evidence", "n"),
    (
        text("disease", required=True),
        choice("evidence", FurtherEvidence),
        integer("n", required=True),
        integer("n_known", required=True),
        proportion("level"),
        proportion("threshold"),
        proportion("width_now"),
        proportion("excludes_now"),
        proportion("width"),
        proportion("excludes"),
        text("status", required=True),
    ),
)

MODERATORS = Table(
    "moderators",
    ("moderator", "level"),
    (
        text("moderator", required=True),
        text("level", required=True),
        integer("n_response", required=True),
        integer("n_evaluable", required=True),
        integer("n_not_told", required=True),
        proportion("proportion"),
        proportion("ci_lower"),
        proportion("ci_upper"),
        proportion("p_exact"),
        text("status", required=True),
        number("odds_ratio"),
        number("or_lower"),
        number("or_upper"),
        text("or_status", required=True),
    ),
)

TIMES = Table(
    "times",
    ("outcome", "time"),
    (
        text("outcome", required=True),
        number("time", 0),
        integer("n_at_risk", required=True),
        integer("n_event", required=True),
        integer("n_total", required=True),
        integer("n_undated", required=True),
        proportion("cumulative"),
        proportion("ci_lower"),
        proportion("ci_upper"),
        text("status", required=True),
    ),
)

# Annex, off by default: conventional tools beside the counts they are no correction for.
SMALL_STUDY = Table(
    "small_study",
    ("outcome", "tool"),
    (
        text("outcome", required=True),
        text("tool", required=True),
        text("measure", required=True),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        proportion("p_value"),
        integer("n_reports", required=True),
        integer("n_single", required=True),
        integer("n_filled"),
        text("status", required=True),
        text("note", required=True),
    ),
)

SIMULATION = Table(
    "simulation",
    ("layout", "ratio", "target", "estimator"),
    (
        text("layout", required=True),
        number("ratio", 0),
        text("target", required=True),
        text("estimator", required=True),
        integer("n_replicates", required=True),
        number("bias", None),
        number("rmse"),
        proportion("coverage"),
        number("width"),
        proportion("estimable"),
    ),
)

# Sums over the estimates of one chunk of replicates; chunks add up to the table `simulation`.
SIMULATION_SUMS = Table(
    "simulation_sums",
    ("layout", "ratio", "chunk", "target", "estimator"),
    (
        text("layout", required=True),
        number("ratio", 0),
        integer("chunk", required=True),
        text("target", required=True),
        text("estimator", required=True),
        integer("n_replicates", required=True),
        integer("n_asked", required=True),
        integer("n_estimates", required=True),
        integer("n_covered", required=True),
        number("error", None),
        number("squared_error"),
        number("width"),
    ),
)
