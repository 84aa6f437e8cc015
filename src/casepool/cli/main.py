"""The ``casepool`` command. Exit 0: fine; 1: problems found in data; 2: wrong use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.main import get_command_name

from casepool import __version__, defaults
from casepool.cli.adding import add, correct, tidy
from casepool.cli.desk import desk
from casepool.cli.filling import merge
from casepool.cli.importing import dedupe, import_exports
from casepool.cli.manuscript import diff, explain, pull
from casepool.cli.merging import merge_driver
from casepool.cli.options import FolderOption, Format, FormatOption, Lang, LangOption, protocol_of
from casepool.cli.readings import readings
from casepool.cli.registry import registry
from casepool.cli.screening import screening
from casepool.cli.simulating import simulate
from casepool.extras import MissingPackageError, missing_package
from casepool.model.errors import CasepoolError

app = typer.Typer(
    name="casepool",
    help="Response rates from case reports, corrected for selective reporting.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Model(StrEnum):
    """The pooling models."""

    JOINT = "joint"
    GLMM = "glmm"
    EXACT = "exact"


class FormLang(StrEnum):
    """Language of the forms."""

    EN = "en"
    FR = "fr"
    BOTH = "both"


class Described(StrEnum):
    """What has a JSON schema."""

    CONFIG = "config"
    PROTOCOL = "protocol"
    RESULTS = "results"


def _listed(values: Iterable[float]) -> str:
    return ",".join(f"{value:.15g}" for value in values)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"casepool {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Response rates from case reports, corrected for selective reporting."""


@app.command("init")
def init_project(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist or is empty.")],
    language: Annotated[
        list[Lang] | None,
        typer.Option(help="Language of tables, figures and report, en where none is given; repeat it."),
    ] = None,
) -> None:
    """Lay out a new project that builds at once: a protocol to fill in, empty tables, a README."""
    from casepool.project.layout import lay_out

    for path in lay_out(folder, [one.value for one in language or [Lang.EN]]):
        typer.echo(path)
    typer.echo(f"Next: write {folder / 'config' / 'protocol.yaml'}, then type: casepool build --folder {folder}")


@app.command()
def build(
    options: Annotated[list[str] | None, typer.Argument(help="After --: options and targets of Snakemake.")] = None,
    cores: Annotated[int, typer.Option(min=1, help="Jobs at a time.")] = 1,
    folder: FolderOption = Path(),
) -> None:
    """Build the tables, figures and report of a project: whatever is not up to date."""
    from casepool.project import building

    raise typer.Exit(building.build(folder, cores=cores, options=options or ()))


@app.command()
def check(
    folder: Annotated[
        Path, typer.Argument(help="The project folder (with config/ and data/).", exists=True, file_okay=False)
    ] = Path(),
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
) -> None:
    """Check every curated table, raw file and registry return; show all problems at once."""
    from casepool.checks.data import as_json, check_text
    from casepool.project import loading

    as_data = form is Format.JSON
    report = loading.check(folder, show_returns=not as_data)
    typer.echo(as_json(report, lang.value) if as_data else check_text(report, lang.value))
    raise typer.Exit(1 if report.problems else 0)


@app.command()
def verify(
    folder: Annotated[
        Path, typer.Argument(help="A project folder with its results, built here or received.", exists=True)
    ] = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Prove that results belong to the inputs, configuration and program beside them; name what does not."""
    from casepool.provenance.verifying import verify

    found = verify(folder)
    typer.echo(found.text(lang.value))
    raise typer.Exit(1 if found.problems else 0)


@app.command()
def search(
    folder: Annotated[Path, typer.Argument(help="The project folder.", exists=True, file_okay=False)] = Path(),
    since: Annotated[str, typer.Option(help="Only what was added or changed since this day (YYYY-MM-DD).")] = "",
    lang: LangOption = Lang.EN,
) -> None:
    """Query PubMed and write a new snapshot under data/raw/pubmed; needs a network."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from casepool.model.message import Message, text
    from casepool.project.loading import require_project
    from casepool.search.pubmed.running import as_text, run_search

    require_project(folder)
    columns = (TextColumn(text(Message("records_from_pubmed"), lang.value)), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("search", total=None)
        done = run_search(folder, lambda n, total: bar.update(task, completed=n, total=total), since=since)
    typer.echo(as_text(done, lang.value))


app.command()(desk)
app.command()(add)
app.command()(merge)
app.command()(correct)
app.command()(tidy)
app.command("merge-driver")(merge_driver)
app.command("import")(import_exports)
app.command()(dedupe)
app.command()(simulate)
app.command()(explain)
app.command()(diff)
app.command()(pull)
app.add_typer(screening, name="screening")
app.add_typer(readings, name="readings")
app.add_typer(registry, name="registry")


@app.command("form")
def write_form(
    out: Annotated[Path, typer.Option(help="The folder to write to.", file_okay=False)],
    lang: Annotated[FormLang, typer.Option(help="Language of the forms.")] = FormLang.BOTH,
    folder: FolderOption = Path(),
) -> None:
    """Write the data-collection form: XLSX, DOCX, PDF and REDCap data dictionary."""
    from casepool.registry.form.forms import write_forms
    from casepool.registry.form.texts import LANGUAGES

    languages = [one for one in LANGUAGES if lang in {FormLang.BOTH, one}]
    for path in write_forms(out, protocol_of(folder), languages):
        typer.echo(path)


@app.command("template")
def write_template(
    table: Annotated[str, typer.Argument(help="A curated table, report (all it fills in one file), or registry.")],
    out: Annotated[Path, typer.Option(help="The XLSX file to write.", dir_okay=False)],
    lang: Annotated[Lang, typer.Option("--lang", envvar="CASEPOOL_LANG", help="Language of the lists.")] = Lang.EN,
    folder: FolderOption = Path(),
) -> None:
    """Write a spreadsheet to fill in for a table, with drop-down lists and a help sheet."""
    from casepool.extraction import template
    from casepool.registry.form import forms as form

    if out.suffix.lower() != ".xlsx":
        message = f"--out: found {out}; expected a file name that ends with .xlsx"
        raise typer.BadParameter(message)
    protocol = protocol_of(folder)
    if table == "registry":
        form.write_sheet(out, protocol, lang.value)
    elif table in template.TEMPLATES or table == "report":
        tables = template.OF_A_REPORT if table == "report" else (table,)
        template.write_template(tables, out, protocol, lang.value)
    else:
        message = f"found {table!r}; expected one of report, registry, {', '.join(template.TEMPLATES)}"
        raise typer.BadParameter(message)
    typer.echo(out)


@app.command()
def pool(
    context: typer.Context,
    counts: Annotated[Path, typer.Argument(help="CSV or XLSX of counts; columns depend on the model (see docs).")],
    model: Annotated[Model, typer.Option(help="joint (raw, own, pooled), glmm or exact.")] = Model.JOINT,
    form: FormatOption = Format.TEXT,
    source_sd: Annotated[float, typer.Option(min=0, help="Own: scale of what sources differ by.")] = defaults.SOURCE_SD,
    label_error: Annotated[
        float, typer.Option(min=0, max=0.99, help="Own: probability that a source called complete is not.")
    ] = defaults.LABEL_ERROR,
    registry_sd: Annotated[
        float, typer.Option(min=0, help="Own: SD of the registry's preference for responders.")
    ] = defaults.REGISTRY_SD,
    ratio_sd: Annotated[
        float, typer.Option(min=0, help="Own: scale of what the log ratio differs by between diseases.")
    ] = defaults.RATIO_SD,
    prior_beta: Annotated[str, typer.Option(help="MEAN,SD of the log reporting ratio.")] = _listed(defaults.PRIOR_BETA),
    ratio: Annotated[float | None, typer.Option(min=1e-3, help="Fix the reporting ratio.")] = None,
    no_linkage: Annotated[bool, typer.Option("--no-linkage", help="Leave the registry linkage out.")] = False,
    clustering: Annotated[
        float | None, typer.Option(min=0.0, max=0.99, help="Pooled: correlation within a source; 0.1 with sources.")
    ] = None,
    kappa: Annotated[float, typer.Option(help="Pooled: log odds by which the registry favours responders.")] = 0.0,
    prior_mu: Annotated[str, typer.Option(help="Pooled: MEAN,SD of the average log odds.")] = _listed(
        defaults.PRIOR_MU
    ),
    prior_tau: Annotated[
        float, typer.Option(min=1e-3, help="Pooled: scale of the half-normal prior between diseases.")
    ] = defaults.PRIOR_TAU,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Coverage of the intervals.")] = defaults.LEVEL,
    thresholds: Annotated[str, typer.Option(help="Rates for the probability above, separated by commas.")] = _listed(
        defaults.THRESHOLDS
    ),
    sweep: Annotated[bool, typer.Option("--sweep", help="Pooled: add fixed ratios from 1 to 16.")] = False,
    kappa_sd: Annotated[float | None, typer.Option(min=1e-6, help="Pooled: integrate kappa over this SD.")] = None,
    clustering_prior: Annotated[str | None, typer.Option(help="Pooled: A,B of a Beta prior of it.")] = None,
    ratio_spread: Annotated[
        float | None, typer.Option(min=1e-6, help="Pooled: half-normal SD of the log ratio.")
    ] = None,
    forest: Annotated[
        Path | None, typer.Option(help="Also draw the forest plot: .pdf, .svg or .png; further pages are numbered.")
    ] = None,
    lang: LangOption = Lang.EN,
) -> None:
    """Pool any counts, outside the workflow: raw, own and pooled rates."""
    from casepool.api.models import pool
    from casepool.model.message import text

    choices: dict[str, Any] = {
        "use_linkage": not no_linkage,
        "source_sd": source_sd,
        "label_error": label_error,
        "registry_sd": registry_sd,
        "ratio_sd": ratio_sd,
        "prior_beta": _pair(prior_beta, "--prior-beta"),
        "ratio": ratio,
        "clustering": clustering,
        "kappa": kappa,
        "prior_mu": _pair(prior_mu, "--prior-mu"),
        "prior_tau": prior_tau,
        "level": level,
        "thresholds": _numbers(thresholds, "--thresholds"),
        "sweep": sweep,
        "kappa_sd": kappa_sd,
        "clustering_prior": None if clustering_prior is None else _pair(clustering_prior, "--clustering-prior", "A,B"),
        "ratio_spread": ratio_spread,
    }
    try:
        result = pool(counts, model.value, **_typed(context, choices))
    except CasepoolError as error:
        _fail(text(error.message, lang.value))
    if forest is not None:
        result.save_forest(forest, language=lang.value)
    typer.echo(result.to_json() if form is Format.JSON else result.to_text(lang.value))


@app.command()
def plan(
    source: Annotated[
        Path, typer.Argument(help="The folder of a built project, or counts as pool takes them.", exists=True)
    ] = Path(),
    patients: Annotated[
        list[int] | None, typer.Option(min=1, help="Further patients of a disease; repeat it (5, 10, 20, 40).")
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(min=0.001, max=0.999, help="Rate that an interval should exclude (0.5).")
    ] = None,
    level: Annotated[float | None, typer.Option(min=0.5, max=0.999, help="Coverage of the intervals (0.95).")] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
) -> None:
    """Say which centre to call next: by how much further patients of each disease would shorten its interval."""
    from casepool.api.plan import plan

    found = plan(source, patients=patients, threshold=threshold, level=level)
    typer.echo(found.to_json() if form is Format.JSON else found.text(lang.value))


@app.command("term")
def term(
    name: Annotated[list[str], typer.Argument(help="Names of diseases; one of several words in quotation marks.")],
    folder: FolderOption = Path(),
    lang: LangOption = Lang.EN,
) -> None:
    """Say which disease of the protocol each name means, or that it must be asked (?)."""
    from casepool.checks.disease_names import disease_names, term_line

    names = disease_names(folder, protocol_of(folder))
    found = [names.recognise(one) for one in name]
    for one, meant in zip(name, found, strict=True):
        typer.echo(term_line(one, meant, names.nearest(one), lang.value))
    raise typer.Exit(0 if all(meant.disease for meant in found) else 1)


@app.command()
def schema(what: Annotated[Described, typer.Argument(help="config, protocol or results.")]) -> None:
    """Print the JSON schema of the configuration or the protocol (for an editor), or of results.json."""
    from casepool.report.schemas import schema_text

    typer.echo(schema_text(what.value), nl=False)


def _typed(context: typer.Context, choices: dict[str, Any]) -> dict[str, Any]:
    """Return the choices that were typed; the others keep the value that the model itself has for them."""
    parameter = {"use_linkage": "no_linkage"}
    sources = {name: context.get_parameter_source(parameter.get(name, name)) for name in choices}
    return {name: choices[name] for name, source in sources.items() if source and source.name != "DEFAULT"}


def _numbers(text: str, option: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        message = f"{option}: found {text!r}; expected numbers separated by commas"
        raise typer.BadParameter(message) from error


def _pair(text: str, option: str, names: str = "MEAN,SD") -> tuple[float, float]:
    values = _numbers(text, option)
    if len(values) != 2 or values[1] <= 0:
        message = f"{option}: found {text!r}; expected {names}, the second above 0"
        raise typer.BadParameter(message)
    return values[0], values[1]


# What a command needs beside the core.
_EXTRAS = {
    **dict.fromkeys(("init", "build", "check", "verify", "term", "registry", "simulate"), "workflow"),
    **dict.fromkeys(("add", "correct", "merge", "tidy", "merge-driver"), "workflow"),
    **dict.fromkeys(("explain", "diff", "pull"), "workflow"),
    **dict.fromkeys(("search", "import", "screening", "dedupe"), "search"),
    **dict.fromkeys(("form", "template"), "forms"),
    "desk": "desk",
}


def main() -> None:
    """Run the command; errors of casepool become one message and exit code 1."""
    _leave_others_out(next(iter(sys.argv[1:]), ""))
    try:
        app()
    except CasepoolError as error:
        _fail(error.text(_language()))
    except MissingPackageError as error:
        _fail(str(error))
    except ModuleNotFoundError as error:
        missing = missing_package(error, _EXTRAS.get(next(iter(sys.argv[1:]), "")))
        if missing is None:
            raise
        _fail(str(missing))


def _leave_others_out(name: str) -> None:
    """Forget the other commands where one is named: to make them ready takes a twentieth of a short one."""
    named = [one for one in app.registered_commands if one.callback and get_command_name(one.callback.__name__) == name]
    if named:
        app.registered_commands, app.registered_groups = named, []


def _language() -> str:
    """Return the language that was asked for, of any command: an error that stops one speaks it too."""
    words = [part for word in sys.argv for part in word.split("=", 1)]
    asked = words[words.index("--lang") + 1 :] if "--lang" in words else [os.environ.get("CASEPOOL_LANG", "")]
    return next((one for one in asked[:1] if one in tuple(Lang)), Lang.EN)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise SystemExit(1) from None
