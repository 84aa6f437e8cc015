"""Changes of several cells that belong together: decisions, counts, identity, lists, the protocol."""

from __future__ import annotations

import random

from mutation_draft import Cells, Draft, pick

READ = {"basis": "abstract", "source_locator": "Abstract", "reader": "reader_one", "date": "2026-01-31"}
REASONS = ("review", "other", "disease_not_eligible", "under_18", "duplicate_publication", "no_patient")
COUNTS = ("n_treated", "n_evaluable", "n_complete", "n_partial", "n_response", "n_none", "n_female")


def flip_decision(draft: Draft, rng: random.Random) -> str:
    """Change what a report or a record is decided as, and nothing else."""
    name = pick(rng, ("reports", "screening"))
    if not draft.tables[name]:
        return "no row"
    row = pick(rng, draft.tables[name])
    decision = pick(rng, ("include", "exclude", "awaiting"))
    reason = pick(rng, REASONS) if decision == "exclude" else ""
    row |= {"decision": decision, "exclusion_reason": reason}
    return f"{name}: {next(iter(row.values()))} {decision} {reason}"


def exclude_report(draft: Draft, rng: random.Random) -> str:
    """Give a report another decision, in the screening too."""
    if not draft.reports():
        return "no report"
    report = pick(rng, draft.reports())
    decision = pick(rng, ("exclude", "exclude", "awaiting"))
    reason = pick(rng, REASONS) if decision == "exclude" else ""
    draft.decide(report, decision, reason)
    return f"{report} {decision} {reason}"


def exclude_all(draft: Draft, rng: random.Random) -> str:
    """Exclude every report, in the screening too."""
    reason = pick(rng, ("review", "other", "duplicate_publication"))
    for report in draft.reports():
        draft.decide(report, "exclude", reason)
    return f"every report excluded as {reason}"


def rename_report(draft: Draft, rng: random.Random) -> str:
    """Give a report another id in every table; its record keeps its name."""
    if not draft.reports():
        return "no report"
    old = pick(rng, draft.reports())
    new = pick(rng, ("registry_complete", "registry_selective", "registry", "NA", "2020", "-", "overall", "r" * 400))
    for name in ("reports", "patients", "cohorts", "appraisal", "cumulative_incidences", "retraction_overrides"):
        for row in draft.tables[name]:
            row["report_id"] = new if row["report_id"] == old else row["report_id"]
    for name, columns in _NAMING.items():
        for row in draft.tables[name]:
            for column in columns:
                row[column] = _renamed(row[column], old, new)
    if old in draft.records:
        draft.records = draft.records | {new: draft.records[old]}
    return f"{old} is now {new[:40]}"


_NAMING = {
    "identity_decisions": ("case_a", "case_b"),
    "patients": ("same_patient_as",),
    "cohorts": ("includes_case",),
    "reading_list": ("replaces",),
}


def _renamed(cell: str, old: str, new: str) -> str:
    parts = [part.strip() for part in cell.split(";")]
    return "; ".join(f"{new}{part[len(old) :]}" if part.split("/")[0] == old else part for part in parts)


def clash_labels(draft: Draft, rng: random.Random) -> str:
    """Give a patient and a stratum of one report the same label."""
    if not draft.tables["cohorts"] or not draft.tables["patients"]:
        return "no patient or no stratum"
    cohort, patient = pick(rng, draft.tables["cohorts"]), pick(rng, draft.tables["patients"])
    draft.tables["patients"].append(patient | {key: cohort[key] for key in ("report_id", "disease")})
    draft.tables["patients"][-1] |= {"patient_label": cohort["stratum"], "same_patient_as": ""}
    draft.tables["patients"][-1]["disease_as_reported"] = cohort["disease_as_reported"]
    return f"a patient {cohort['report_id']}/{cohort['stratum']} beside the stratum"


def _name_disease(draft: Draft, row: Cells, disease: str) -> None:
    terms = [term["term"] for term in draft.tables["disease_terms"] if term.get("disease") == disease]
    row |= {"disease": disease, "disease_as_reported": terms[0] if terms else row["disease_as_reported"]}


def change_disease(draft: Draft, rng: random.Random) -> str:
    """Give all cases of a report another disease, in words too."""
    if not draft.reports():
        return "no report"
    report, disease = pick(rng, draft.reports()), pick(rng, draft.diseases())
    for _, row in draft.case_rows():
        if row["report_id"] == report:
            _name_disease(draft, row, disease)
    return f"{report} is about {disease}"


def single_disease(draft: Draft, rng: random.Random) -> str:
    """Give all cases of the project one disease."""
    disease = pick(rng, draft.diseases())
    for _, row in draft.case_rows():
        _name_disease(draft, row, disease)
    return f"everything is about {disease}"


def cohort_counts(draft: Draft, rng: random.Random) -> str:
    """Change the counts of a stratum, mostly so that they fit each other."""
    if not draft.tables["cohorts"]:
        return "no stratum"
    row = pick(rng, draft.tables["cohorts"])
    name, counts = pick(rng, _COUNTS)
    row |= counts
    if rng.random() < 0.15:
        column = pick(rng, COUNTS)
        row[column] = pick(rng, ("", "0", "1", "50", "1000000"))
        name += f", {column} = {row[column]!r}"
    return f"{row['report_id']}/{row['stratum']}: {name}"


def _set_of(*values: object) -> Cells:
    told = dict.fromkeys([*COUNTS, "n_relapse", "n_death", "n_serious_infection"], "")
    told |= dict.fromkeys(["n_hypogammaglobulinaemia", "n_infusion_reaction"], "")
    return told | {name: str(value) for name, value in zip(COUNTS, values, strict=False)}


_COUNTS = (
    ("nothing told", _set_of()),
    ("nobody treated", _set_of(0, 0, 0, 0, 0, 0, 0) | {"n_relapse": "0", "n_death": "0"}),
    ("nobody evaluable", _set_of(10, 0, "", "", 0, 0)),
    ("treated only", _set_of(12)),
    ("evaluable without responses", _set_of(12, 10)),
    ("grades without responses", _set_of(12, 10, 3, 2, "", 4)),
    ("nobody responds", _set_of(10, 10, 0, 0, 0, 10)),
    ("everybody responds", _set_of(10, 10, 10, 0, 10, 0, 10)),
    ("complete without evaluable", _set_of(10, "", 3)),
    ("more responders than evaluable", _set_of(10, 5, "", "", 6)),
    ("more evaluable than treated", _set_of(4, 5, "", "", 3)),
    ("treated unknown", _set_of("", "", 2, 1, "", 3, 4)),
    ("one treated", _set_of(1, 1, 0, 1, 1, 0, 0)),
    ("a thousand", _set_of(1000, 900, 100, 100, 600, 300)),
    ("ten thousand", _set_of(10_000, 9_000, "", "", 6_000)),
    ("a hundred million", _set_of(100_000_000, 90_000_000, "", "", 60_000_000)),
    ("all harmed", _set_of(9, 9, "", "", 5) | {"n_relapse": "5", "n_death": "9", "n_infusion_reaction": "9"}),
)


def all_responses(draft: Draft, rng: random.Random) -> str:
    """Give everybody the same response: complete, none or not told."""
    response = pick(rng, ("complete", "response_ungraded", "none", "not_reported", "not_evaluable"))
    for row in draft.tables["patients"]:
        row |= {"response": response, "relapse": row["relapse"] if response == "complete" else "not_reported"}
    for row in draft.tables["cohorts"]:
        n = row["n_evaluable"]
        responders = {"complete": n, "response_ungraded": n, "none": "0" if n else ""}.get(response, "")
        row |= {"n_response": responders, "n_complete": "", "n_partial": "", "n_relapse": ""}
        row |= {"n_none": n if response == "none" else "", "n_evaluable": n if responders else ""}
    return f"everybody {response}"


def all_ascertainment(draft: Draft, rng: random.Random) -> str:
    """Make all sources, or one, complete, selective or unclear."""
    kind, answer = pick(rng, (("complete", "yes"), ("selective", "no"), ("unclear", "unclear")))
    rows = draft.tables["appraisal"]
    chosen = rows if rng.random() < 0.6 or not rows else [pick(rng, rows)]
    for row in chosen:
        row |= {"murad_1": answer, "jbi_4": "no", "jbi_5": "no"}
    return f"{kind}: {'all sources' if chosen is rows else chosen[0]['report_id']}"


def double_appraisal(draft: Draft, rng: random.Random) -> str:
    """Take an appraisal out, or let a second reader contradict it."""
    rows = draft.tables["appraisal"]
    if not rows:
        return "no appraisal"
    row = pick(rng, rows)
    if rng.random() < 0.4:
        rows.remove(row)
        return f"{row['report_id']} not appraised"
    rows.append(row | {"reader": "reader_two", "murad_1": pick(rng, ("yes", "no", "unclear", ""))})
    return f"{row['report_id']} appraised twice"


def identity(draft: Draft, rng: random.Random) -> str:
    """Decide on a pair, or on a chain of pairs that contradicts itself."""
    cases = draft.cases()
    if not cases:
        return "no case"
    chosen = [pick(rng, cases) for _ in range(3)]
    pairs = [(chosen[0], pick(rng, chosen))]
    if rng.random() < 0.3:
        pairs = [(chosen[0], chosen[1]), (chosen[1], chosen[2]), (chosen[2], chosen[0])]
    told = []
    for a, b in pairs:
        verdict = pick(rng, ("same_patient", "different", "unsure"))
        row = {"case_a": a, "case_b": b, "decision": verdict, "reason": "doubt", "reader": "r", "date": "2026-01-31"}
        draft.tables["identity_decisions"].append(row)
        told.append(f"{a} and {b} {verdict}")
    return ", ".join(told)


def includes_case(draft: Draft, rng: random.Random) -> str:
    """Let a stratum hold cases: itself, its report, each other, others."""
    rows = draft.tables["cohorts"]
    if not rows:
        return "no stratum"
    row, other = pick(rng, rows), pick(rng, rows)
    own, its = (f"{one['report_id']}/{one['stratum']}" for one in (row, other))
    several = "; ".join(sorted({pick(rng, draft.cases()) for _ in range(3)}))
    row["includes_case"] = pick(rng, (own, row["report_id"], its, other["report_id"], several))
    if rng.random() < 0.3:
        other["includes_case"] = own
    return f"{own} holds {row['includes_case']}"


def chain(draft: Draft, rng: random.Random) -> str:
    """Join two cases through a third one, and put them into a stratum that has room for one."""
    patients, cohorts = draft.tables["patients"], draft.tables["cohorts"]
    if len(patients) < 3 or not cohorts:
        return "too few cases"
    row, other = pick(rng, cohorts), pick(rng, cohorts)
    alike = [one for one in patients if one["disease"] == row["disease"]] or patients
    a, x, b = (f"{one['report_id']}/{one['patient_label']}" for one in rng.choices(alike, k=3))
    own, its = (f"{one['report_id']}/{one['stratum']}" for one in (row, other))
    row |= dict(_COUNTS)["one treated"] | {"includes_case": f"{a}; {b}"}
    pairs = [(a, x), (x, b)] if rng.random() < 0.5 or own == its else [(own, its)]
    told = {"decision": "same_patient", "reason": "doubt", "reader": "r", "date": "2026-01-31"}
    draft.tables["identity_decisions"] += [{"case_a": one, "case_b": two} | told for one, two in pairs]
    return f"{own} holds {a} and {b}; {' and '.join(f'{one} = {two}' for one, two in pairs)}"


def same_patient(draft: Draft, rng: random.Random) -> str:
    """Let a patient be another case, itself, or part of a circle."""
    rows = draft.tables["patients"]
    if not rows:
        return "no patient"
    row, other = pick(rng, rows), pick(rng, rows)
    row["same_patient_as"] = pick(rng, draft.cases())
    if rng.random() < 0.4:
        row["same_patient_as"] = f"{other['report_id']}/{other['patient_label']}"
        other["same_patient_as"] = f"{row['report_id']}/{row['patient_label']}"
    return f"{row['report_id']}/{row['patient_label']} is {row['same_patient_as']}"


def reading_list(draft: Draft, rng: random.Random) -> str:
    """Put a publication on the reading list, with counts, a disease and what it replaces."""
    disease = pick(rng, (*draft.diseases(), "gout", "", f"{draft.diseases()[0]}; {draft.diseases()[-1]}", "other"))
    replaces = ["", "", "", "nobody2099", *draft.reports()[:4], "; ".join(draft.reports()[:2])]
    told = {
        "citation_key": pick(rng, ("anon2099", "all", *draft.reports()[:3])),
        "status": pick(rng, ("unidentified", "unverified", "awaiting_full_text")),
        "disease": disease,
        "ascertainment": pick(rng, ("complete", "selective", "unclear", "selective", "whole", "")),
        "n_evaluable": pick(rng, ("", "0", "1", "8", "8", "500")),
        "n_response": pick(rng, ("", "0", "0", "1", "5")),
        "replaces": pick(rng, replaces),
        "study_id": pick(rng, ("", "", *draft.reports()[:2])),
    }
    rows = [row for row in draft.tables["reading_list"] if row["citation_key"] != told["citation_key"]]
    draft.tables["reading_list"] = [*rows, draft.blank("reading_list", **told)]
    return ", ".join(f"{name} {value}" for name, value in told.items() if value)


def incidence(draft: Draft, rng: random.Random) -> str:
    """Tell a cumulative incidence of a stratum, with limits of all kinds."""
    cases = [f"{row['report_id']}/{row['stratum']}" for row in draft.tables["cohorts"]] or draft.cases()
    case = pick(rng, [*cases, *cases, *draft.cases(), "nobody2099/all"])
    limits = (
        ("0.5", "0.3", "0.7"), ("0.69", "0.52", "0.80"), ("0.5", "0.5", "0.5"), ("0", "0", "0.2"), ("1", "0.8", "1"),
        ("0.5", "0.7", "0.3"), ("0.9", "0.3", "0.7"), ("0.5", "", ""), ("", "0.3", "0.7"), ("0.5", "0.3", ""),
        ("0.999", "0.998", "0.9999"), ("1e-9", "1e-10", "1e-8"), ("0.5", "0.49999999999", "0.50000000001"),
    )  # fmt: skip
    proportion, lower, upper = pick(rng, limits)
    told = {"report_id": case.split("/")[0], "stratum": case.split("/")[-1], "proportion": proportion}
    told |= {"time_months": pick(rng, ("6", "6", "6", "0", "480")), "ci_lower": lower, "ci_upper": upper}
    told |= {"level": pick(rng, ("0.95", "0.95", "0.95", "0.5", "0.999", ""))} | READ
    kept = [row for row in draft.tables["cumulative_incidences"] if row["report_id"] != told["report_id"]]
    draft.tables["cumulative_incidences"] = [*kept, draft.blank("cumulative_incidences", **told)]
    return f"{case}: {proportion!r} ({lower!r} to {upper!r}) at {told['time_months']}, level {told['level']!r}"


def screening(draft: Draft, rng: random.Random) -> str:
    """Let reviewers disagree, settle it, decide out of turn, or take decisions away."""
    rows = draft.tables["screening"]
    if not rows:
        return "no decision"
    row = pick(rng, rows)
    scene = pick(rng, ("conflict", "consensus", "all gone", "record gone", "title only", "awaiting"))
    if scene in {"conflict", "consensus"}:
        reviewer = "consensus" if scene == "consensus" else "reader_late"
        other = ("exclude", "other") if row["decision"] != "exclude" else ("include", "")
        told = row if scene == "consensus" else row | {"decision": other[0], "exclusion_reason": other[1]}
        rows.append(told | {"reviewer": reviewer})
    elif scene == "awaiting":
        rows.append(row | {"reviewer": "reader_late", "decision": "awaiting", "exclusion_reason": ""})
    else:
        gone = {"all gone": rows[:], "record gone": [one for one in rows if one["record_id"] == row["record_id"]]}
        full = [one for one in rows if one["record_id"] == row["record_id"] and one["stage"] == "full_text"]
        draft.tables["screening"] = [one for one in rows if one not in gone.get(scene, full)]
    return f"{scene} on {row['record_id']}"


def protocol(draft: Draft, rng: random.Random) -> str:
    """Ask another question: fewer diseases, other ages, fewer outcomes, invented data."""
    diseases, rules = draft.protocol["diseases"], draft.protocol["eligibility"]
    scene = pick(rng, ("one disease", "one out", "none", "some", "ages", "alloimmune", "outcome", "order", "invented"))
    chosen = pick(rng, diseases)["id"]
    if scene in {"one disease", "one out", "none", "some"}:
        for disease in diseases:
            asked = {"one disease": disease["id"] == chosen, "none": False, "some": rng.random() < 0.5}
            asked["one out"] = bool(disease["eligible"]) and disease["id"] != chosen
            disease["eligible"] = asked[scene]
    elif scene == "ages":
        rules |= {"minimum_age_years": pick(rng, (0, 50, 120)), "count_unknown_age": rng.random() < 0.5}
    elif scene == "alloimmune":
        rules["count_alloimmune"] = not rules["count_alloimmune"]
    elif scene == "outcome":
        draft.protocol["outcomes"] = [pick(rng, draft.protocol["outcomes"])]
    elif scene == "order":
        rng.shuffle(diseases)
    else:
        draft.protocol["synthetic"] = not draft.protocol.get("synthetic")
    return f"{scene} ({chosen})" if "disease" in scene or "out" in scene else scene
