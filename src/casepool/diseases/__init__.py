"""Which disease a name means: spelling folded, whole words, and a question where a name is not certain."""

from casepool.diseases.folding import fold
from casepool.diseases.recognition import DiseaseNames, Recognised
from casepool.diseases.terms import kind_of, sides

__all__ = ["DiseaseNames", "Recognised", "fold", "kind_of", "sides"]
