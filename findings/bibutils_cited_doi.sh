#!/usr/bin/env bash
# bibutils 7.2 (med2xml): a PubMed record gets the DOI of a publication that it cites.
#
# Guess: the DOI of a PubMed record is its own (ELocationID, or the ids of PubmedData itself). Where the record
#   has none, none is told.
# Behaviour: med2xml takes every ArticleId inside PubmedData, those in the reference list too. A record without
#   a DOI leaves with the DOI of its first reference; a record with one leaves with the cited DOI in front of
#   its own.
# Seen: two different case reports, one without a DOI, both citing 10.1000/cited: both leave as doi
#   10.1000/cited.
# Why it matters: PubMed delivers reference lists, and case reports of one drug cite the same trial. Any merging
#   of records by DOI then takes two reports for one, and patients vanish from the pool.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 "$work"
apt-get download -qq bibutils=7.2-2 libbibutils8=7.2-2 2> apt.txt || {
  cat apt.txt
  echo "CANNOT RUN: Debian's bibutils 7.2-2 is not to be had here."
  exit 3
}
for package in ./*.deb; do dpkg-deb -x "$package" "$work"; done
libraries=$(dirname "$(find "$work/usr/lib" -name 'libbibutils.so*' | head -1)")
export LD_LIBRARY_PATH=$libraries
article() { # pmid, title, its own article ids
  cat <<XML
<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">$1</PMID>
<Article PubModel="Print"><Journal>
<JournalIssue CitedMedium="Print"><Volume>5</Volume><PubDate><Year>2021</Year></PubDate></JournalIssue>
<Title>Journal of Invented Cases</Title></Journal><ArticleTitle>$2</ArticleTitle>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Durand</LastName></Author></AuthorList>
<Language>eng</Language></Article></MedlineCitation><PubmedData><PublicationStatus>ppublish</PublicationStatus>
<ArticleIdList><ArticleId IdType="pubmed">$1</ArticleId>$3</ArticleIdList><ReferenceList><Reference>
<Citation>Invented trial.</Citation><ArticleIdList><ArticleId IdType="doi">10.1000/cited</ArticleId></ArticleIdList>
</Reference></ReferenceList></PubmedData></PubmedArticle>
XML
}
{
  echo '<?xml version="1.0" encoding="UTF-8"?><PubmedArticleSet>'
  article 90000001 "First case." '<ArticleId IdType="doi">10.1000/own</ArticleId>'
  article 90000002 "Second case." ''
  echo '</PubmedArticleSet>'
} > records.xml
usr/bin/med2xml records.xml > records.mods 2> /dev/null
usr/bin/xml2bib records.mods 2> /dev/null > records.bib
seen=$(grep -o '^doi="[^"]*"' records.bib | tr '\n' ' ')
echo "DOIs of the two reports: $seen"
if [ "$seen" != 'doi="10.1000/cited" doi="10.1000/cited" ' ]; then
  echo "CHANGED: med2xml no longer gives a record the DOI of a reference."
  exit 1
fi
echo "Still so: both reports carry the DOI of the trial that they cite."
