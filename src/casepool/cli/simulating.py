"""``casepool simulate``: the estimators where the truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casepool.cli.options import Format, FormatOption
from casepool.stats.simulation.violations import NONE, VIOLATIONS, Violation


def simulate(
    counts: Annotated[
        Path | None,
        typer.Option(help="results/tables/study_counts.csv, or a file for pool --model joint; none: 13 diseases."),
    ] = None,
    ratio: Annotated[list[float], typer.Option(min=1e-3, help="True reporting ratio; may be repeated.")] = [1, 2, 4, 8],  # noqa: B006
    replicates: Annotated[int, typer.Option(min=1, help="Simulated literatures for each ratio.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Root of the random numbers.")] = 1,
    cores: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    clustering: Annotated[float, typer.Option(min=0.0, max=0.99, help="Correlation that the joint model takes.")] = 0.1,
    violation: Annotated[
        str, typer.Option(help=f"What is wrong in the worlds; needs --counts. One of: {', '.join(VIOLATIONS)}.")
    ] = NONE.name,
    registry_patients: Annotated[
        int, typer.Option(min=0, help="Patients of a registry to add in the four largest diseases; needs --counts.")
    ] = 0,
    form: FormatOption = Format.TEXT,
) -> None:
    """Try the estimators where the truth is known: bias, error, coverage and width."""
    from casepool.simulation import run
    from casepool.stats.joint.settings import Settings

    wrong = _violation(violation)
    if counts is None and registry_patients:
        message = "--registry-patients: found no --counts; expected a layout to add them to"
        raise typer.BadParameter(message)
    layout = None if counts is None else run.read_layout(counts)
    if layout and registry_patients:
        layout = layout.with_registry(registry_patients)
    try:
        run.truth_of(layout, ratio[0], wrong)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    settings = Settings(clustering=clustering, thresholds=(), grid="simulation")
    wanted = run.Run(tuple(dict.fromkeys(ratio)), replicates, seed, cores, settings, violation=wrong)
    found = run.run(layout, wanted)
    as_text = found.to_json(orient="records", indent=2) if form is Format.JSON else run.as_text(found)
    typer.echo(as_text)


def _violation(name: str) -> Violation:
    if name == NONE.name:
        return NONE
    if name not in VIOLATIONS:
        import difflib

        near = difflib.get_close_matches(name, VIOLATIONS, 1, 0.0)[0]
        message = f"--violation: found {name!r}; expected one of {', '.join(VIOLATIONS)}. Did you mean {near!r}?"
        raise typer.BadParameter(message)
    return VIOLATIONS[name]
