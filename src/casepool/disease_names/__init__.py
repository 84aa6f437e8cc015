"""Which disease a name means: spelling folded, whole words, and a question where a name is not certain."""

from casepool.disease_names.folding import fold
from casepool.disease_names.recognition import DiseaseNames, Recognised
from casepool.disease_names.terms import kind_of, sides

__all__ = ["DiseaseNames", "Recognised", "fold", "kind_of", "sides"]
