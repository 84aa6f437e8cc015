"""What the report says and shows, section by section, before it becomes a page or a PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from casepool.report import files
from casepool.report.page import answer, checks as prose_checks, correction, facts as prose
from casepool.report.page.behind import Behind, behind
from casepool.report.page.diseases import disease_lines
from casepool.report.page.offers import citation
from casepool.report.page.origin import origin
from casepool.report.page.pictures import Picture
from casepool.report.page.trials import trials
from casepool.report.tables.display import DisplayTable

# Tables by section of the page; those of the annex stand behind a line that opens them.
SECTIONS = (
    ("response", "response"),
    ("patients", "characteristics"),
    ("outcomes", "other_outcomes", "safety"),
    ("steps", "steps"),
    ("what_if", "at_ratios", "what_if"),
    ("sensitivity", "sensitivity", "leave_one_out"),
    ("ratio", "ratio_sweep", "bounds"),
    ("diagnostics", "diagnostics"),
    ("simulation", "simulation"),
    ("all_patients", "characteristics_overall"),
    ("safety", "safety_by_disease"),
    ("more", "moderators", "times"),
    ("included", "included_sources"),
    ("excluded", "excluded_reports", "excluded_cases"),
    ("trials", "registered_trials"),
    ("readings", "extraction_agreement"),
    ("questions", "open_questions"),
)
MAIN = (
    "answer",
    "forest",
    "response",
    "correction",
    "sure",
    "flow",
    "patients",
    "outcomes",
    "unsettled",
    "origin",
    "take",
)
FIGURES_OF = {"ratio": ("ratio_sweep",), "courses": ("swimmer", "prior")}
ANNEX = (
    *(
        "words",
        "behind",
        "steps",
        "what_if",
        "ratio",
        "sensitivity",
        "by_year",
        "size",
        "diagnostics",
        "simulation",
        "identity",
    ),
    *(
        "plan",
        "all_patients",
        "safety",
        "more",
        "courses",
        "included",
        "appraisal",
        "excluded",
        "trials",
        "readings",
        "questions",
    ),
)
_BEHIND_FLOW = ("included", "excluded")
FIGURES = tuple(name for name in files.FIGURES if name != "forest")


@dataclass(frozen=True)
class Part:
    """A part of the annex: sentences, figures by their pages, tables."""

    texts: list[str]
    pictures: Sequence[Picture]
    tables: list[DisplayTable]


@dataclass(frozen=True)
class Content:
    """Everything that the report holds.

    Attributes
    ----------
    facts : the rows that it tells about.
    tables : display tables by key.
    figures : pages of every drawing by its name.
    """

    facts: prose.Facts
    tables: Mapping[str, DisplayTable]
    figures: Mapping[str, Sequence[Picture]]

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of the figures by name, in reading order."""
        found = {name: pages[0].title for name, pages in self.figures.items() if pages}
        return {name: found[name] for name in files.FIGURES if name in found}

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """The sentences by section."""
        return section_texts(self.facts)

    @cached_property
    def question(self) -> list[str]:
        """What was asked."""
        return unbroken(prose.question(self.facts))

    @cached_property
    def words(self) -> list[tuple[str, str]]:
        """What is said of each disease."""
        return [(line.disease, unbroken([line.words])[0]) for line in disease_lines(self.facts)]

    @cached_property
    def qualifying(self) -> list[answer.Fact]:
        """The facts of the first screen."""
        return answer.qualifying_facts(self.facts)

    @cached_property
    def behind(self) -> list[Behind]:
        """What stands behind each disease."""
        return behind(self.facts)

    @property
    def citation(self) -> str:
        """How the report is cited."""
        return citation(self.facts)

    @property
    def sections(self) -> list[str]:
        """The sections before the annex; one without anything to say is left out."""
        return [key for key in MAIN if key != "sure" or self.texts["sure"]]

    def pictures(self, name: str) -> Sequence[Picture]:
        """Return the pages of a figure; none of one that has nothing to show."""
        shown = ("forest", *_drawable(self.facts))
        return self.figures.get(name, ()) if name in shown else ()

    def _annexed(self, key: str) -> Sequence[Picture]:
        """Return the figure of a part of the annex, unless it stands in a section before it."""
        shown = key == "sensitivity" and self.texts["sure"]
        names = FIGURES_OF.get(key, (key,))
        return () if shown else [one for name in names for one in self.pictures(name)]

    def tables_of(self, section: str) -> list[DisplayTable]:
        """Return the tables of a section that have rows."""
        keys = next((keys for name, *keys in SECTIONS if name == section), [])
        return [self.tables[key] for key in keys if key in self.tables and self.tables[key].rows]

    @property
    def flow_lists(self) -> list[DisplayTable]:
        """The lists of the annex that stand behind the boxes of the flow: publications and patients, one by one."""
        return [one for section in _BEHIND_FLOW for one in self.tables_of(section)]

    @cached_property
    def annex(self) -> dict[str, Part]:
        """The parts of the annex that hold anything."""
        parts = {key: Part(self.texts.get(key, []), self._annexed(key), self.tables_of(key)) for key in ANNEX}
        own = {"words": self.words, "behind": self.behind}
        return {key: one for key, one in parts.items() if one.texts or one.pictures or one.tables or own.get(key)}


def section_texts(facts: prose.Facts) -> dict[str, list[str]]:
    """Return the sentences by section of the page."""
    told = {
        "answer": answer.answer(facts),
        "correction": correction.correction(facts),
        "sure": prose_checks.sure(facts),
        "simulation": prose_checks.simulation(facts),
        "diagnostics": prose_checks.diagnostics(facts),
        "unsettled": [*prose.unsettled(facts), *trials(facts)],
        "origin": origin(facts),
        "questions": prose_checks.questions(facts),
        "plan": prose_checks.plan(facts),
    }
    return {section: unbroken(sentences) for section, sentences in told.items()}


def _drawable(facts: prose.Facts) -> list[str]:
    """Return the figures with something to show: no sensitivities where no rate is given, no lists of one kind."""
    rows = facts.sensitivities
    withheld = ("sensitivity", "by_year") if rows is not None and not rows.primary.headlined else ()
    return [name for name in FIGURES if name not in withheld]


def unbroken(sentences: list[str]) -> list[str]:
    """Return the sentences with ranges such as 41–78 that no line may break."""
    return [re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", sentence) for sentence in sentences]
