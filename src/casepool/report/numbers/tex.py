r"""numbers.tex: ``\casepool{NAME}`` prints a number by its name in LaTeX.

No line ends inside a range such as 41–78. A name that is not known is an error that
lists the names beside it; a number that may not be shown prints its words and warns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casepool.report.files import BARE, FIGURES, figure_stem
from casepool.report.tables.latex import latex_escape

_HEAD = r"""% Made by the build; do not edit. \input it in the preamble, then \casepool{NAME} or \casepool[FORM]{NAME}.
% FORM: value (where none is given), interval, both, full, count, events, patients, sources, range.
\expandafter\chardef\csname cp@at\endcsname=\catcode`\@
\makeatletter
\providecommand\casepoolpath{}
\providecommand\casepoolfigure[2][width=\linewidth]{%
  \IfFileExists{\casepoolpath figures/#2.pdf}{\includegraphics[#1]{\casepoolpath figures/#2.pdf}}{%
    \ifcsname cpg@#2\endcsname\includegraphics[#1]{\casepoolpath figures/\csname cpg@#2\endcsname.pdf}%
    \else\PackageError{casepool}{There is no figure '#2'. Known: \casepool@figures}{}\fi}}
\providecommand\casepool{}
\DeclareRobustCommand\casepool[2][value]{%
  \ifcsname cpn@#2@#1\endcsname
    \ifcsname cpw@#2\endcsname\PackageWarning{casepool}{#2 has no value: \csname cpw@#2\endcsname}\fi
    \csname cpn@#2@#1\endcsname
  \else\ifcsname cpn@#2@value\endcsname
    \PackageError{casepool}{#2 has no form '#1' but: \csname cpf@#2\endcsname}{}%
  \else\casepool@unknown{#2}\fi\fi}
\DeclareRobustCommand\casepoolsentence[1]{%
  \ifcsname cps@#1\endcsname\csname cps@#1\endcsname
  \else\PackageError{casepool}{There is no sentence '#1'. Known: \casepool@sentences}{}\fi}
% The names that begin as the unknown one does, one part less at a time.
\def\casepool@unknown#1{\edef\casepool@asked{\detokenize{#1}}\casepool@near#1..\casepool@end}
\def\casepool@near#1.#2.#3\casepool@end{%
  \ifcsname cpk@#1.#2\endcsname\edef\casepool@list{\csname cpk@#1.#2\endcsname}%
  \else\ifcsname cpk@#1\endcsname\edef\casepool@list{\csname cpk@#1\endcsname}%
  \else\edef\casepool@list{\csname cpk@\endcsname}\fi\fi
  \PackageError{casepool}{There is no number '\casepool@asked'. Nearest: \casepool@list}%
    {The names are listed by: casepool explain}}
"""
_RANGE = re.compile(r"[\d,.]*\d--\d[\d,.]*\d|\d--\d")
_FOOT = "\\IfFileExists{\\casepoolpath captions.tex}{\\input{\\casepoolpath captions.tex}}{}\n"
_FOOT += "\\catcode`\\@=\\cp@at\n"  # as it was: a style file that takes this in goes on afterwards


def tex_text(document: Mapping[str, Any]) -> str:
    """Return ``numbers.tex``: one macro, and a control sequence for each form of each number."""
    numbers, sentences = document["numbers"], document["sentences"]
    lines = [f"% {document['warning']}", _HEAD] if document["warning"] else [_HEAD]
    for name, number in numbers.items():
        lines += [f"\\@namedef{{cpn@{name}@{form}}}{{{_words([text])}}}" for form, text in number["forms"].items()]
        lines.append(f"\\@namedef{{cpf@{name}}}{{{', '.join(number['forms'])}}}")
        if number["withheld"]:
            lines.append(f"\\@namedef{{cpw@{name}}}{{{_plain(number['withheld'])}}}")
    lines += [f"\\@namedef{{cpk@{begin}}}{{{', '.join(names)}}}" for begin, names in _beginnings(numbers)]
    for name, texts in sentences.items():
        lines.append(f"\\@namedef{{cps@{name}}}{{{_words(texts)}}}")
    lines.append(f"\\def\\casepool@sentences{{{', '.join(_plain(name) for name in sentences)}}}")
    lines += [f"\\@namedef{{cpg@{name}}}{{{figure_stem(name)}{BARE}}}" for name in FIGURES]
    lines.append(f"\\def\\casepool@figures{{{', '.join(FIGURES)}}}")
    return "\n".join(lines) + "\n" + _FOOT


def sentence_macros(sentences: Mapping[str, Sequence[str]]) -> str:
    """Return further sentences (the words of figures), which ``numbers.tex`` takes in where they lie beside it.

    Parameters
    ----------
    sentences : name → paragraphs.
    """
    defined = (rf"\@namedef{{cps@{name}}}{{{_words(texts)}}}" for name, texts in sentences.items())
    return "\n".join(["% Made by casepool pull; do not edit.", *defined]) + "\n"


def _words(paragraphs: Sequence[str]) -> str:
    """Return paragraphs for LaTeX, in which no line ends inside a range."""
    lines = [line for text in paragraphs for line in text.splitlines()]
    return r"\par ".join(_RANGE.sub(r"\\mbox{\g<0>}", latex_escape(line)) for line in lines)


def _beginnings(numbers: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield the first parts of names with what may follow: the names where they are few, else their next part."""
    found: dict[str, list[str]] = {}
    for name in numbers:
        parts = name.split(".")
        for depth in range(min(len(parts), 3)):
            following = name if depth == 2 else ".".join(parts[: depth + 1]) + (".*" if len(parts) > depth + 1 else "")
            known = found.setdefault(".".join(parts[:depth]), [])
            if _plain(following) not in known:
                known.append(_plain(following))
    yield from sorted(found.items())


def _plain(text: str) -> str:
    """Return a text for the terminal, where a sign that LaTeX reads as a command would be one."""
    return text.replace("_", r"\string_").replace("%", r"\@percentchar ").replace("#", r"\string#")
