"""What the data contract takes from the protocol: the columns, closed sets and words that a study declares.

One process answers one question. `use` puts its protocol in force: the tables of the contract that hold declared
columns, and the labels of declared ids, are those of the protocol in force. Rules of the workflow find it by the
environment variable ``CASEPOOL_PROTOCOL``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from casepool.model.errors import ConfigError

if TYPE_CHECKING:
    from casepool.model.protocol import Covariate, Event, Grade, Named, Outcome, Place, Protocol

PROTOCOL_VARIABLE = "CASEPOOL_PROTOCOL"
_UNTOLD = ("other", "not_reported")
# Where a study's own reasons of exclusion stand among those of every study.
_REASONS_BEFORE = (
    "under_18", "disease_not_eligible", "other_drug", "no_patient", "duplicate_publication", "duplicate_patient",
    "review", "protocol_only",
)  # fmt: skip
_REASONS_AFTER = ("in_vitro_or_animal", "outcome_not_reported", "retracted", "other")
CORE_RESPONSES = ("none", "not_evaluable", "not_reported")


@dataclass(frozen=True)
class Counted:
    """The columns that count an outcome or event, the same in every table of cases and counts.

    Attributes
    ----------
    least, most : patients who surely had it, and those who had it or may have had it; the same column
        where the source leaves no doubt.
    known : patients of whom the source says something about it.
    at_risk : patients who could have had it; those of whom nothing is said are at_risk − known.
    """

    least: str
    most: str
    known: str
    at_risk: str


@dataclass(frozen=True, eq=False)
class Study:
    """A protocol as the contract sees it.

    Attributes
    ----------
    protocol : the protocol that declares it.
    """

    protocol: Protocol

    @cached_property
    def covariates(self) -> tuple[Covariate, ...]:
        """The declared facts that are answered yes or no."""
        return self.protocol.covariates

    @cached_property
    def events(self) -> Mapping[str, Event]:
        """The declared events by id, in their order."""
        return {event.id: event for event in self.protocol.events}

    @property
    def loss(self) -> Event | None:
        """The event that only responders can have, where one is declared."""
        return next((event for event in self.protocol.events if event.among == "responders"), None)

    @property
    def months_to_loss(self) -> str:
        """The column of the months from response to loss; empty where no loss is declared."""
        return "" if self.loss is None else f"time_to_{self.loss.id}_months"

    @cached_property
    def harms(self) -> tuple[Event, ...]:
        """The events that every treated patient can have."""
        return tuple(event for event in self.protocol.events if event.among == "treated")

    @cached_property
    def graded(self) -> tuple[Grade, ...]:
        """The grades of which a source that counts them says the degree."""
        return tuple(grade for grade in self.protocol.responses if not grade.ungraded)

    @cached_property
    def responded(self) -> frozenset[str]:
        """The grades of those who responded: the success of the first outcome."""
        return frozenset(self.protocol.outcomes[0].success)

    @cached_property
    def evaluable(self) -> frozenset[str]:
        """The grades of those whose response is known: the responders and those without response."""
        return frozenset({*(grade.id for grade in self.protocol.responses), "none"})

    @property
    def further_outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes after the first: each counts some of the responders."""
        return self.protocol.outcomes[1:]

    def may_succeed(self, outcome: Outcome) -> frozenset[str]:
        """Return the grades of an outcome's success, and those that leave open whether it is one."""
        return frozenset({*outcome.success, *(grade.id for grade in self.protocol.responses if grade.ungraded)})

    @cached_property
    def counted(self) -> Mapping[str, Counted]:
        """One definition of numerator, denominator and "not known" for every outcome and event."""
        first = self.protocol.outcomes[0].id
        found = {first: Counted("n_response", "n_response", "n_evaluable", "n_treated")}
        for outcome in self.further_outcomes:
            name = f"n_{outcome.column or outcome.id}"
            found[outcome.id] = Counted(name, f"{name}_at_most", "n_evaluable", "n_treated")
        for event in self.protocol.events:
            at_risk = "n_response" if event.among == "responders" else "n_treated"
            name = f"n_{event.id}"
            found[event.id] = Counted(name, f"{name}_at_most", f"{name}_known", at_risk)
        return found

    @cached_property
    def response(self) -> type[StrEnum]:
        """The best responses: declared grades, then none, not evaluable, not reported."""
        return _closed_set("Response", (*_ids(self.protocol.responses), *CORE_RESPONSES))

    @cached_property
    def setting(self) -> type[StrEnum]:
        """What the disease arose on."""
        return _closed_set("Setting", (*_ids(self.protocol.settings), *_UNTOLD))

    @cached_property
    def route(self) -> type[StrEnum]:
        """The routes of administration."""
        return _closed_set("Route", (*_ids(self.protocol.routes), *_UNTOLD))

    @cached_property
    def exclusion_reason(self) -> type[StrEnum]:
        """Why a record, report or case is not in the analysis."""
        return _closed_set(
            "ExclusionReason", (*_REASONS_BEFORE, *_ids(self.protocol.exclusion_reasons), *_REASONS_AFTER)
        )

    def causes(self, event: Event) -> type[StrEnum]:
        """Return the closed set of the causes of an event."""
        return _closed_set(f"{event.id.title()}Cause", tuple(_ids(event.causes)))

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """The declared settings by id."""
        return {place.id: place for place in self.protocol.settings}

    @cached_property
    def named_places(self) -> tuple[Place, ...]:
        """The settings by which a disease is called where all of its patients are of them."""
        return tuple(place for place in self.protocol.settings if place.disease is not None)

    @cached_property
    def declared(self) -> Mapping[str, Named]:
        """Id → every declared member of a closed set."""
        return {one.id: one for one in _members(self.protocol)}

    def label(self, value: str, language: str) -> str | None:
        """Return the label of a declared id; None for any other."""
        found = self.declared.get(value)
        return None if found is None else found.name[language]

    def spellings(self) -> Iterator[tuple[str, str]]:
        """Yield each label and further spelling of the declared ids, and the id."""
        for one in self.declared.values():
            for text in (*one.name.spoken, *one.spellings):
                yield text, one.id


def _members(protocol: Protocol) -> Iterator[Named]:
    yield from (*protocol.responses, *protocol.settings, *protocol.routes, *protocol.exclusion_reasons)
    for event in protocol.events:
        yield from event.causes


def _ids(members: Iterable[Named]) -> Iterator[str]:
    return (one.id for one in members)


def _closed_set(name: str, ids: tuple[str, ...]) -> type[StrEnum]:
    return StrEnum(name, [(one.upper(), one) for one in ids])  # type: ignore[return-value]


_in_force: list[Study] = []


def use(protocol: Protocol) -> Study:
    """Put a protocol in force and return its study; the same protocol again keeps the study it has."""
    if not _in_force or _in_force[0].protocol != protocol:
        _in_force[:] = [Study(protocol)]
    return _in_force[0]


def study() -> Study:
    """Return the study of the protocol in force.

    Raises
    ------
    ConfigError
        If no protocol was put in force, and none is named by the environment.
    """
    found = study_if_any()
    if found is None:
        message = f"no protocol is in force; load one, or name it in {PROTOCOL_VARIABLE}"
        raise ConfigError(message)
    return found


def study_if_any() -> Study | None:
    """Return the study in force, or None outside any project (a table of counts needs no protocol)."""
    if _in_force:  # asked for each label and each column
        return _in_force[0]
    path = os.environ.get(PROTOCOL_VARIABLE)
    if not path or not Path(path).is_file():
        return None
    from casepool.model.protocol import load_protocol

    return use(load_protocol(path))
