"""The PRISMA-S appendix: how the literature was searched, told from the raw files and their descriptions."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pandas as pd

from casepool.model.vocabulary import NOT_SEARCHED, Answer, MetBy, Origin, label
from casepool.rows import rows_of
from casepool.search.pubmed.chain import SNAPSHOTS


def search_appendix(
    query: str,
    description: dict[str, Any],
    stages: dict[str, pd.DataFrame],
    snapshot: str,
    language: str,
    *,
    synthetic: bool = False,
) -> str:
    """Return the appendix in ``en`` or ``fr`` as Markdown.

    Parameters
    ----------
    query : the query of the protocol, shown where none was sent.
    description : content of the snapshot's ``search.json``.
    stages : the tables ``sources``, ``merges``, ``search_recall`` and ``search_update``.
    snapshot : date of the snapshot in use.
    synthetic : say that the data are invented.
    """
    import jinja2

    name = f"appendix_{language}.md.j2"
    source = files("casepool.search").joinpath("texts", name).read_text(encoding="utf-8")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701  Markdown, not HTML
    recall, update = stages["search_recall"], rows_of(stages["search_update"])
    known = recall[recall["pmid"].notna()]
    lost = known.loc[known["in_snapshot"] == Answer.NO, "pmid"]
    used = [row for row in rows_of(stages["sources"]) if _is_used(str(row["path"]), snapshot)]
    return environment.from_string(source).render(
        synthetic=synthetic,
        live=description["origin"] == "live",
        searched=description["origin"] != NOT_SEARCHED,
        told=description,
        query=description.get("query") or query,
        since=description.get("since"),
        registers=_listed(used, Origin.REGISTER),
        websites=_listed(used, Origin.WEBSITE),
        dates=sorted({f"{row['accessed_on']} ({row['path']})" for row in used}),
        files=[{**row, "origin": label(str(row["origin"]), language)} for row in used],
        update=update[0] if update else None,
        n_merged=len(stages["merges"]),
        n_known=len(known),
        n_found=len(known) - len(lost),
        lost=[f"PMID {pmid}" for pmid in lost],
        met={str(one): recall.loc[recall["met_by"] == one, "report_id"].tolist() for one in MetBy},
    )


def in_markdown(text: object) -> str:
    """Return a text with every sign escaped that Markdown or HTML would read as more than itself."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", " ".join(str(text).split()))


def _is_used(path: str, snapshot: str) -> bool:
    """Return whether a raw file holds records that the build may use (no description, no later snapshot)."""
    later = path.startswith(SNAPSHOTS) and path.removeprefix(SNAPSHOTS).partition("/")[0] > snapshot
    return not later and not path.endswith(".json")


def _listed(used: list[dict[str, Any]], origin: Origin) -> str:
    told = [f"{in_markdown(row['query_or_release'])} (`{row['path']}`)" for row in used if row["origin"] == origin]
    return "; ".join(told) + "." if told else ""
