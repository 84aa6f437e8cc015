"""Rows of a table as plain data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from casepool.rows import rows_of


def test_rows_are_those_of_pandas_with_plain_values_and_none_for_an_empty_cell():
    """Of every type that a table of the contract has, and of objects."""
    columns = {"n": pd.array([1, None], dtype="Int64"), "x": pd.array([0.5, None], dtype="Float64")}
    columns |= {"text": pd.array(["a", None], dtype="string"), "any": np.array([np.int64(3), pd.NA], dtype=object)}
    frame = pd.DataFrame(columns | {"plain": [True, False]})
    assert rows_of(frame) == frame.to_dict("records")
    assert [type(value) for value in rows_of(frame)[0].values()] == [int, float, str, int, bool]
    assert list(rows_of(frame)[1].values()) == [None, None, None, None, False]
