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
        _refuse_repeated(root, set())
        return loader.construct_document(root) if root else None
    except _RepeatedError:
        raise
    except yaml.YAMLError:
        return yaml.safe_load(text)  # slow, but it shows the line that it refuses


class _RepeatedError(yaml.MarkedYAMLError):
    """What YAML allows and nobody means here: a key twice (the last would win), an alias (a few make gigabytes)."""


def _refuse_repeated(node: yaml.Node | None, seen: set[int]) -> None:
    if id(node) in seen:
        raise _RepeatedError(problem="an alias (*) is not used here", problem_mark=node.start_mark if node else None)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = [key for key, _ in node.value if keys.count(key.value) > 1]
        if twice:
            found = f"the key {twice[-1].value} stands a second time"
            raise _RepeatedError(problem=found, problem_mark=twice[-1].start_mark)
    parts = node.value if isinstance(node, yaml.CollectionNode) else ()
    for part in parts:
        for one in part if isinstance(part, tuple) else (part,):
            _refuse_repeated(one, seen)


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
