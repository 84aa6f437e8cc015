"""The one judge of ``config/*.yaml``: what is written there becomes a model, or one error with every problem."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from casepool.model.errors import ConfigError
from casepool.model.message import FAST_LOADER

M = TypeVar("M", bound=BaseModel)
_MOST_NODES = 200_000  # a protocol has a few thousand


def read_yaml(path: str | Path) -> object:
    """Return the content of a YAML file; an unreadable file is a ConfigError."""
    try:
        return _parsed(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        message = f"{path}: cannot be read as YAML ({error}). Check the file."
        raise ConfigError(message) from error


def _parsed(text: str) -> object:
    loader = FAST_LOADER(text)
    try:
        root = loader.get_single_node()
        _refuse_repeated(root)
        return loader.construct_document(root) if root else None
    except _RepeatedError:
        raise
    except yaml.YAMLError:
        return yaml.safe_load(text)  # slow, but it shows the line that it refuses


class _RepeatedError(yaml.MarkedYAMLError):
    """What YAML allows and nobody means here: a key twice (the last would win), aliases that make gigabytes."""


def _refuse_repeated(root: yaml.Node | None) -> None:
    waiting, met = [root], 0
    while waiting:
        node = waiting.pop()
        met += 1
        if met > _MOST_NODES:
            raise _RepeatedError(
                problem="its aliases (*) stand for too much", problem_mark=root.start_mark if root else None
            )
        if isinstance(node, yaml.MappingNode):
            values = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            for key in [key for key, _ in node.value if values.count(key.value) > 1][1:]:
                raise _RepeatedError(problem=f"the key {key.value} stands a second time", problem_mark=key.start_mark)
            waiting += [one for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def validate_model(model: type[M], content: object, path: str | Path) -> M:
    """Return `content` as a `model`; all its errors become one ConfigError.

    Parameters
    ----------
    content : plain data, as YAML gives it.
    path : the file it comes from, for the message.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        lines = [_describe(dict(one), model) for one in error.errors()]
        message = "\n".join([f"{path}: {len(lines)} problem(s)", *lines])
        raise ConfigError(message) from error


def _describe(error: dict[str, Any], model: type[BaseModel]) -> str:
    place = tuple(error["loc"])
    name = ".".join(str(part) for part in place)
    if error["type"] == "missing":
        return f"  {name}: missing; expected this key"
    found = f"  {name}: found {error['input']!r}; "
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(place[-1]), _keys_at(model, place[:-1]), 1)
        return f"{found}unknown key" + (f". Did you mean '{near[0]}'?" if near else "")
    return found + str(error["msg"])


def _keys_at(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """Return the keys that are known at a place within a model; numbers in the place count elements of a list."""
    models = {model}
    for part in place:
        if isinstance(part, str):
            fields = [one.model_fields[part].annotation for one in models if part in one.model_fields]
            models = {one for field in fields for one in _models_in(field)}
    return sorted({key for one in models for key in one.model_fields})


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
