"""Changes of single cells, rows and columns, driven by the schemas alone."""

from __future__ import annotations

import random
from copy import deepcopy

from mutation_draft import Cells, Draft, pick

from casepool.contract import CURATED, TABLES, Column
from casepool.files.sheets import key_of

# Columns that name something of the project, by what they name.
CASE_COLUMNS = frozenset({"case_a", "case_b", "same_patient_as", "includes_case"})
REPORT_COLUMNS = frozenset({"report_id", "study_id", "replaces", "citation_key"})
LABELS = frozenset({"patient_label", "stratum"})
NASTY = (
    'a "quoted" word',
    "two\nlines",
    "one; two; three",
    ";",
    "comma, semicolon; and\ttab",
    "=1+1",
    "%s {0} {name} \\ $x$ <b>&amp;</b>",
    "é à œ – … 中文 🙂 \u202e",
    "nan",
    "NA",
    "0",
    "x" * 3000,
    "x" * 200_000,
    "a\u2028b",
)
DATES = ("1900-01-01", "2024-02-29", "2100-12-31", "05/01/2025")
NO_DATES = ("2026-13-01", "2023-02-29", "yesterday", "2026", "0000-00-00", "2026-1-5")
IDS = ("nobody2099", "NA", "2020", "registry_complete", "several_diseases", "overall", "-", "a:b")
NO_IDS = ("a b", "a/b", "é", '"', "x;y")
NO_NUMBERS = ("many", "-1", "1.5.2", "1e400", "nan", "inf", "1,5", "12 000", "1e20", "0x10", "--")


def _spot(draft: Draft, rng: random.Random) -> tuple[str, Cells, Column] | None:
    names = [table.name for table in CURATED if draft.tables[table.name]]
    if not names:
        return None
    name = pick(rng, names)
    row = pick(rng, draft.tables[name])
    return name, row, pick(rng, TABLES[name].columns)


def _set(name: str, row: Cells, column: str, value: str) -> str:
    key = key_of(row, TABLES[name])
    row[column] = value
    shown = repr(value if len(value) < 60 else f"{value[:20]}… ({len(value)} characters)")
    return f"{name} ({key[:80]}): {column} = {shown}"


def legal_cell(draft: Draft, rng: random.Random) -> str:
    """Set a cell to a value that its column takes."""
    spot = _spot(draft, rng)
    if spot is None:
        return "no row"
    name, row, column = spot
    return _set(name, row, column.name, legal_value(draft, name, column, rng))


def legal_value(draft: Draft, name: str, column: Column, rng: random.Random) -> str:
    """Return a value that a column takes: a member, a limit, a date, an id of the project, or nothing."""
    if not column.required and rng.random() < 0.25:
        return ""
    if column.vocabulary:
        return str(pick(rng, column.members))
    if column.kind in {"integer", "number"}:
        return pick(rng, _numbers(column))
    if column.kind == "date":
        return pick(rng, DATES)
    if column.name == "disease":
        return pick(rng, draft.diseases())
    others = [row[column.name] for row in draft.tables[name] if row.get(column.name)]
    others += draft.cases() if column.name in CASE_COLUMNS else []
    others += draft.reports()[:5] if column.name in REPORT_COLUMNS else ["all"] if column.name in LABELS else []
    if column.pattern or column.name in CASE_COLUMNS | REPORT_COLUMNS:
        return pick(rng, others) if others else ""
    return pick(rng, (*NASTY, *others[:6]))


def _numbers(column: Column) -> tuple[str, ...]:
    limits = [f"{limit:g}" for limit in (column.minimum, column.maximum) if limit is not None]
    large = ["1000000", "10000", "9007199254740991"] if column.maximum is None else []
    values = [*limits, *large, "0", "1", "2", "7", "40"]
    if column.kind == "number":
        values += ["0.5", "0,25", "1e-12", "0.999999999999"]
    fits = [value for value in values if _inside(float(value.replace(",", ".")), column)]
    return tuple(fits)


def _inside(value: float, column: Column) -> bool:
    low = column.minimum is None or value >= column.minimum
    return low and (column.maximum is None or value <= column.maximum)


def illegal_cell(draft: Draft, rng: random.Random) -> str:
    """Set a cell to a value that its column refuses."""
    spot = _spot(draft, rng)
    if spot is None:
        return "no row"
    name, row, column = spot
    return _set(name, row, column.name, _illegal_value(column, rng))


def _illegal_value(column: Column, rng: random.Random) -> str:
    if column.required and rng.random() < 0.3:
        return ""
    if column.vocabulary:
        return pick(rng, ("maybe", "oui", "YES", "0", "complete;partial"))
    if column.kind in {"integer", "number"}:
        beyond = [] if column.maximum is None else [f"{column.maximum + 1:g}"]
        return pick(rng, (*NO_NUMBERS, *beyond))
    return pick(rng, NO_DATES if column.kind == "date" else (*NO_IDS, "", "x\x00y"))


def reference(draft: Draft, rng: random.Random) -> str:
    """Point a cell that names something to something else, or to nothing."""
    wanted = CASE_COLUMNS | REPORT_COLUMNS | LABELS | {"disease", "record_id"}
    places = [(table.name, name) for table in CURATED for name in table.names if name in wanted]
    name, column = pick(rng, [place for place in places if draft.tables[place[0]]] or places[:1])
    if not draft.tables[name]:
        return "no row"
    if column in CASE_COLUMNS:
        known = [*draft.cases(), *draft.reports()]
    elif column == "disease":
        known = draft.diseases()
    else:
        known = [row[column] for row in draft.tables[name]] + (draft.reports() if column in REPORT_COLUMNS else [])
    value = pick(rng, IDS) if rng.random() < 0.2 or not known else pick(rng, known)
    return _set(name, pick(rng, draft.tables[name]), column, value)


def _any_table(draft: Draft, rng: random.Random) -> str:
    return pick(rng, [table.name for table in CURATED if draft.tables[table.name]] or ["patients"])


def delete_row(draft: Draft, rng: random.Random) -> str:
    """Take a row out."""
    name = _any_table(draft, rng)
    if not draft.tables[name]:
        return "no row"
    row = draft.tables[name].pop(rng.randrange(len(draft.tables[name])))
    return f"{name} without {key_of(row, TABLES[name])[:80]}"


def double_row(draft: Draft, rng: random.Random) -> str:
    """Put a row in again."""
    name = _any_table(draft, rng)
    if not draft.tables[name]:
        return "no row"
    row = pick(rng, draft.tables[name])
    draft.tables[name].append(dict(row))
    return f"{name}: {key_of(row, TABLES[name])[:80]} twice"


def move_row(draft: Draft, rng: random.Random) -> str:
    """Put the rows of a table into another order."""
    name = _any_table(draft, rng)
    rng.shuffle(draft.tables[name])
    return f"{name} in another order"


def add_row(draft: Draft, rng: random.Random) -> str:
    """Add a row like another one under a key of its own, some of its cells changed."""
    name = _any_table(draft, rng)
    if not draft.tables[name]:
        return "no row"
    table = TABLES[name]
    row = deepcopy(pick(rng, draft.tables[name]))
    own = [column for column in table.key if column in LABELS | {"reader", "reviewer", "citation_key", "term"}]
    for column in own:
        row[column] = f"{row[column]}{pick(rng, ('b', '2', '.x'))}"
    for _ in range(rng.randrange(4)):
        column = pick(rng, table.columns)
        if column.name not in table.key:
            row[column.name] = legal_value(draft, name, column, rng)
    draft.tables[name].append(row)
    return f"{name}: another row {key_of(row, table)[:80]}"


def empty_column(draft: Draft, rng: random.Random) -> str:
    """Empty a column that may be empty."""
    name = _any_table(draft, rng)
    free = [one for one in TABLES[name].columns if not one.required]
    if not free:
        return f"{name} has no column that may be empty"
    column = pick(rng, free)
    for row in draft.tables[name]:
        row[column.name] = ""
    return f"{name}: {column.name} empty throughout"


def level_column(draft: Draft, rng: random.Random) -> str:
    """Give all rows of a table the same legal value in a column."""
    name = _any_table(draft, rng)
    column = pick(rng, [one for one in TABLES[name].columns if one.name not in TABLES[name].key])
    value = legal_value(draft, name, column, rng)
    for row in draft.tables[name]:
        row[column.name] = value
    return f"{name}: {column.name} = {value[:40]!r} throughout"


def empty_table(draft: Draft, rng: random.Random) -> str:
    """Leave a table its header only."""
    name = _any_table(draft, rng)
    draft.tables[name] = []
    return f"{name}: header only"


def change_form(draft: Draft, rng: random.Random) -> str:
    """Save a table as another program would."""
    name = _any_table(draft, rng)
    draft.forms[name] = pick(rng, ("semicolons", "byte order mark", "Windows-1252"))
    return f"{name}: {draft.forms[name]}"


def correct(draft: Draft, rng: random.Random) -> str:
    """Correct a cell; four corrections in five name what stands there."""
    spot = _spot(draft, rng)
    if spot is None or spot[0] == "corrections":
        return "nothing to correct"
    name, row, column = spot
    old = row.get(column.name, "") if rng.random() < 0.8 else "what never stood there"
    new = legal_value(draft, name, column, rng)
    told = {"table": name, "key": key_of(row, TABLES[name]), "column": column.name, "old": old, "new": new}
    told |= {"reason": "misprint", "source": "erratum", "reader": "reader_one", "date": "2026-01-31"}
    draft.tables["corrections"].append(told)
    return f"{name} ({told['key'][:80]}): {column.name} from {old[:30]!r} to {new[:30]!r}"
