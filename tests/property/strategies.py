"""Strategies for counts, kept small because every example is a full fit."""

from __future__ import annotations

from hypothesis import settings, strategies as st

# The same examples on every machine, and no time limit: a fit takes a quarter of a second.
FEW = settings(max_examples=10, derandomize=True, deadline=None, database=None)
MANY = settings(max_examples=60, derandomize=True, deadline=None, database=None)


@st.composite
def count_pairs(draw: st.DrawFn, max_n: int = 12, min_n: int = 0) -> tuple[int, int]:
    """Draw (events, n)."""
    n = draw(st.integers(min_n, max_n))
    return draw(st.integers(0, n)), n


@st.composite
def joint_columns(
    draw: st.DrawFn, min_size: int = 1, max_size: int = 5, max_n: int = 12
) -> tuple[list[int], list[int], list[int], list[int]]:
    """Draw the four columns of the joint model."""
    size = draw(st.integers(min_size, max_size))
    rows = [(draw(count_pairs(max_n)), draw(count_pairs(max_n))) for _ in range(size)]
    complete, selective = [row[0] for row in rows], [row[1] for row in rows]
    return (
        [x for x, _ in complete],
        [n for _, n in complete],
        [x for x, _ in selective],
        [n for _, n in selective],
    )
