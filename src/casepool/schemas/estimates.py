"""The tables of the analysis: characteristics, rates, sensitivity, diagnostics, simulation."""

from __future__ import annotations

from casepool.schemas.columns import Table, integer, number, proportion, text

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

SAFETY = Table(
    "safety",
    ("disease", "event"),
    (
        text("disease", required=True),
        text("event", required=True),
        integer("n_event", required=True),
        integer("n_known", required=True),
        integer("n_treated", required=True),
        proportion("proportion"),
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
        integer("n_response", required=True),
        integer("n_evaluable", required=True),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        text("status", required=True),
    ),
)

DIAGNOSTICS = Table(
    "diagnostics",
    ("diagnostic",),
    (
        text("diagnostic", required=True),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        integer("n"),
        text("status", required=True),
        text("reason"),
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
        proportion("cumulative"),
        proportion("ci_lower"),
        proportion("ci_upper"),
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

RESULTS = Table(
    "results",
    ("name",),
    (
        text("name", required=True),
        text("outcome", required=True),
        text("disease", required=True),
        text("analysis", required=True),
        text("model", required=True),
        text("measure", required=True),
        number("value", None),
        number("ci_lower", None),
        number("ci_upper", None),
        number("pi_lower", None),
        number("pi_upper", None),
        integer("n_response"),
        integer("n_evaluable"),
        integer("k"),
        text("status", required=True),
        text("reason"),
        text("cases"),
    ),
)
