"""The question of a project: its protocol, held against the tables of the contract and the languages of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel

from casepool.contract import TABLES
from casepool.model.configuration import Configuration
from casepool.model.errors import ConfigError
from casepool.model.message import Message
from casepool.model.protocol import Bilingual, Language, Protocol, load_protocol
from casepool.model.study import Study


def load_question(configuration: Configuration, root: str | Path = ".") -> Protocol:
    """Return the protocol that a configuration names, judged as a part of its project.

    Parameters
    ----------
    root : the project folder, to which the path of the protocol is relative.

    Raises
    ------
    ConfigError
        With every problem of the file; then with every text that a language of the configuration misses and
        every declared id that is the name of another column.
    """
    path = Path(root) / configuration.protocol
    protocol = load_protocol(path)
    faults = (*_taken(protocol), *_unsaid(protocol, configuration.language))
    if faults:
        raise ConfigError(Message("protocol_does_not_fit", file=str(path), n=len(faults), faults=faults))
    return protocol


def _unsaid(protocol: Protocol, languages: Sequence[Language]) -> Iterator[Message]:
    for place, text in _texts(protocol, ()):
        for language in languages:
            if language not in text.languages:
                yield Message("text_missing", key=".".join((*place, language)))


def _texts(part: object, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Bilingual]]:
    """Yield every text of a part of the protocol with its place: keys, and in a list the id of the member."""
    if isinstance(part, Bilingual):
        yield place, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _texts(getattr(part, name), (*place, name))
    elif isinstance(part, tuple):
        for number, one in enumerate(part):
            yield from _texts(one, (*place, str(getattr(one, "id", number))))


def _taken(protocol: Protocol) -> Iterator[Message]:
    """Yield a fault for each declared id that names a column which the tables have without it."""
    nothing = {"covariates": (), "events": (), "outcomes": protocol.outcomes[:1], "responses": ()}
    bare = Study(protocol.model_copy(update=nothing))
    columns = {column.name for table in TABLES.values() if callable(table.described) for column in table.of(bare)}
    columns |= {name.removeprefix("n_") for name in columns}  # n_ is set before an id that is counted
    for id_ in sorted(columns.intersection(protocol.declared_columns)):
        yield Message("column_of_every_study", id=id_)
