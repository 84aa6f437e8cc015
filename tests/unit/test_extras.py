"""What is optional says which extra brings it."""

from __future__ import annotations

import pytest

from casepool.extras import OPTIONAL, MissingPackageError, missing_package


@pytest.mark.parametrize(("module", "package", "extra"), [(name, *told) for name, told in OPTIONAL.items()])
def test_a_missing_package_is_named_with_its_extra(module, package, extra):
    """Also where a part of it was imported."""
    found = missing_package(ModuleNotFoundError(name=f"{module}.part"))
    assert isinstance(found, MissingPackageError)
    assert package in str(found)
    assert f"pip install 'casepool[{extra}]'" in str(found)


def test_another_missing_module_is_no_matter_of_extras():
    """A fault of the program stays one."""
    assert missing_package(ModuleNotFoundError(name="casepool.nowhere")) is None
    assert missing_package(ModuleNotFoundError()) is None
