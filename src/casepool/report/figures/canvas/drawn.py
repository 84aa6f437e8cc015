"""A figure and the words that belong to it but are not part of the picture."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from casepool.report.figures.canvas.frame import sentence
from casepool.report.figures.canvas.typesetting import line_reach

# Ids of texts that a caption can say: a number follows.
TITLE, NOTE, MARK = "title", "note", "mark"


class Drawn(Figure):
    """A figure of the report.

    Attributes
    ----------
    heading, subheading, remarks : what stands above and below the plot, and in the caption of a figure without them.
    warning : that the data are invented; empty where they are not.
    alt : what the picture shows, in words and numbers, for readers who do not see it.
    """

    heading: str = ""
    subheading: str = ""
    remarks: tuple[str, ...] = ()
    alt: str = ""
    warning: str = ""

    @property
    def caption(self) -> str:
        """The caption of the figure without its title and notes, one sentence or paragraph a line."""
        titles = (sentence(one) for one in (self.heading, self.subheading) if one)
        return "\n".join(one for one in (self.warning, " ".join(titles), *self.remarks) if one)

    def above(self, text: str, depth: float, **look: Any) -> None:
        """Write a line that a caption can say, `depth` inches below the upper edge."""
        self._line(text, depth, TITLE, **look)

    def below(self, text: str, depth: float, **look: Any) -> None:
        """Write a line of the notes, `depth` inches below the upper edge."""
        self._line(text, depth, NOTE, **look)

    def mark(self, text: str, **look: Any) -> None:
        """Write that the data are invented; no variant of a figure loses this line."""
        self.warning = text
        self.text(0.5, 1 - 0.18 / float(self.get_figheight()), text, gid=MARK, ha="center", va="center", **look)

    def bare(self) -> tuple[float, float]:
        """Return the depths in inches between which the figure stands without its title and notes."""
        tall, reach = float(self.get_figheight()), 0.75 / 72  # of a line around its middle, in inches a point
        of = {
            kind: [
                ((1 - one.get_position()[1]) * tall, float(one.get_fontsize()) * reach)
                for one in self.texts
                if str(one.get_gid()).startswith(kind)
            ]
            for kind in (TITLE, NOTE, MARK)
        }
        top = 0.0 if of[MARK] else max((depth + half for depth, half in of[TITLE]), default=0.0)
        return top, min((depth - half for depth, half in of[NOTE]), default=tall)

    def end_of_notes(self) -> float | None:
        """Return the depth in inches at which the notes end, below all else; None where there are none."""
        lines = [one for one in self.texts if str(one.get_gid()).startswith(NOTE)]
        tall, half = float(self.get_figheight()), sum(line_reach("normal")) / 2 / 72
        ends = ((1 - one.get_position()[1]) * tall + half * float(one.get_fontsize()) for one in lines)
        return max(ends, default=None)

    def _line(self, text: str, depth: float, kind: str, **look: Any) -> None:
        across, high = self.get_size_inches()
        gid = f"{kind}_{sum(str(one.get_gid()).startswith(kind) for one in self.texts) + 1}"
        x, y = look.pop("left", 0.0) / float(across), 1 - depth / float(high)
        self.text(x, y, text, gid=gid, va="center", **look)
