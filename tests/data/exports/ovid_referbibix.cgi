%0 Journal Article
%A Imaginary, Anna B.
%A Li, Wu
%T Inventumab in refractory imaginary anaemia: two SYNTHETIC cases
%J Journal of Invented Haematology
%D 2021 Mar
%V 12
%N 3
%P 101-107
%@ 0000-0019
%R 10.99999/invented.2021.101
%X Two invented patients received an invented drug. Both responded.
%K anemia
invented drug
%G English
%U https://doi.org/10.99999/invented.2021.101
%M 9990000001
%Z Using Smart Source Parsing

%0 Journal Article
%A Étranger, Zoë
%T Loss of response to inventumab: a SYNTHETIC letter
%J Journal of Invented Haematology
%D 2022
%V 13
%N 1
%P e45
%R 10.99999/invented.2022.45
%M 9990000002
