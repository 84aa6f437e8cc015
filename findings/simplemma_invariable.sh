#!/usr/bin/env bash
# simplemma 2.0.0: is_known() does not know words of French that have one form.
#
# Guess: is_known(word, lang="fr") says whether a word is in the dictionary of the language.
# Behaviour: the dictionary maps forms to other forms. Words that never change (adverbs, nouns in -s, prepositions) are mostly
#   not in it and are answered False, like a misspelling or a surname.
# Seen: chien, maison, malade -> True; toujours, souvent, rapidement, relais, abcès, décès, succès, déjà -> False.
# Why it matters: whoever takes an unknown word for a name, an error or a foreign word finds one in every French sentence
#   ("Toujours en rémission", "Décès"). We hold them in a list of our own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check simplemma==2.0.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import simplemma

changing, constant = "chien maison malade", "toujours souvent rapidement relais abcès décès succès déjà"
known = {word: simplemma.is_known(word, lang="fr") for word in f"{changing} {constant}".split()}
print(known)
if not all(known[word] for word in changing.split()) or any(known[word] for word in constant.split()):
    sys.exit("CHANGED: simplemma knows words with one form, or others no more.")
print("Still so: words of French that never change are unknown.")
PY
