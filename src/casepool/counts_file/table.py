"""A table of counts: columns by name, in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casepool.model.errors import FileError
from casepool.model.message import Message

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RawTable:
    """What was handed in, unchecked: a header, in which a name may stand twice, and its columns."""

    header: tuple[str, ...]
    columns: tuple[tuple[Any, ...], ...]

    @classmethod
    def of(cls, counts: object) -> RawTable:
        """Return a DataFrame or a mapping of columns as a table.

        Raises
        ------
        FileError
            If it is neither, or its columns differ in length.
        """
        if hasattr(counts, "columns") and hasattr(counts, "iloc"):
            columns = [counts.iloc[:, i].tolist() for i in range(len(counts.columns))]
            return cls(tuple(str(name) for name in counts.columns), tuple(map(tuple, columns)))
        if not isinstance(counts, Mapping):
            raise FileError(Message("counts_no_table", found=type(counts).__name__))
        columns = [list(column) for column in counts.values()]
        lengths = {len(column) for column in columns}
        if len(lengths) > 1:
            raise FileError(Message("counts_unequal", found=tuple(str(length) for length in sorted(lengths))))
        return cls(tuple(str(name) for name in counts), tuple(map(tuple, columns)))

    @classmethod
    def of_rows(cls, header: Sequence[str], rows: Sequence[Sequence[str]]) -> RawTable:
        """Return the rows of a file, none longer than the header, as a table."""
        full = [[*row, *[""] * (len(header) - len(row))] for row in rows]
        return cls(tuple(header), tuple(tuple(row[i] for row in full) for i in range(len(header))))

    def __getitem__(self, name: str) -> tuple[Any, ...]:
        return self.columns[self.header.index(name)]


@dataclass(frozen=True)
class Counts:
    """Checked counts: texts without blanks around them, whole numbers.

    Attributes
    ----------
    columns : name → values, all of equal length.
    """

    columns: Mapping[str, tuple[Any, ...]]

    def __getitem__(self, name: str) -> tuple[Any, ...]:
        return self.columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def rows(self, *names: str) -> list[tuple[Any, ...]]:
        """Return the rows of some columns, in order."""
        return list(zip(*(self.columns[name] for name in names), strict=True))

    @property
    def by_source(self) -> bool:
        """Whether there is one row for each source (else one for each disease or study)."""
        return "source" in self.columns

    @property
    def linked(self) -> bool:
        """Whether the publication of registry patients is known."""
        return "registry_response_n" in self.columns

    @property
    def frame(self) -> pd.DataFrame:
        """The counts as a data frame: labels as text, numbers as int64."""
        import pandas as pd

        texts = [name for name, values in self.columns.items() if values and isinstance(values[0], str)]
        return pd.DataFrame(dict(self.columns)).astype(dict.fromkeys(texts, "string"))
