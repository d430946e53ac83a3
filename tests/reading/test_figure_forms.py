"""Figures in every form that French, English and German give them: a sentence a class, with all that is offered of it."""

from __future__ import annotations

import pytest

from openproposals.factcheck import documents
from openproposals.reading import candidates

FORMS = [
    (
        "en",
        "The rate is one-fortieth of it, three-quarters agree and two fifths do not; a twentieth left.",
        ["one-fortieth", "three-quarters", "two fifths", "a twentieth"],
    ),
    (
        "en",
        "They spent one one-hundredth of one percent of it, a thousandth part.",
        ["one one-hundredth", "one percent", "a thousandth"],
    ),
    (
        "en",
        "It took half an hour and two and a half years, one and a half times.",
        ["half", "an hour", "two and a half", "a half", "one and a half times", "a half"],
    ),
    (
        "en",
        "It took a year and a half, or half a million people; half a dozen homes.",
        ["a half", "half", "million", "half", "dozen"],
    ),
    (
        "en",
        "It needs about an hour a week, within a month, for a year, after a decade.",
        ["about an hour", "a month", "a year", "a decade"],
    ),
    ("en", "There is one corporate shell and one legislative change, and one member said so.", ["one", "one", "one"]),
    ("en", "Not a single home was built; one town in the north, one mid-sized city.", ["a single", "one", "one"]),
    ("en", "A rent of £60pw, $40k, €1,200pcm, £25pa.", ["£60", "$40k", "€1,200", "£25"]),
    (
        "en",
        "A disk of 570GB, a line of 100Mbps, 365MW of power, 12kWh, 5.5GHz and 300MB.",
        ["570", "100", "365", "12", "5.5", "300"],
    ),
    (
        "en",
        "It costs $60–100M or £3-4bn, €5m to €6m, $1.2–1.5 billion.",
        ["$60–100M", "£3-4bn", "€5m", "€6m", "$1.2–1.5 billion"],
    ),
    ("en", "From 1106 to 1628 people, 1907 firms answered, of 1850 households.", ["1106 to 1628", "1907", "1850"]),
    (
        "en",
        "Tens of thousands marched, hundreds of thousands more, dozens of towns, scores of cases.",
        ["Tens of thousands", "hundreds of thousands", "dozens", "scores of"],
    ),
    ("en", "The top third and the bottom fifth differ; the first quarter of the list.", ["top third", "bottom fifth"]),
    (
        "en",
        "It grew tenfold, twenty-fold, 3x, 2.5 times, twice, four times; it doubled, quadrupled, quintupled.",
        ["tenfold", "twenty-fold", "3x", "2.5 times", "twice", "four times", "doubled", "quadrupled", "quintupled"],
    ),
    (
        "en",
        "Seven in ten, 9 in 10, four out of five, 1 in 250, nine out of ten, one-in-five homes.",
        ["Seven in ten", "9 in 10", "four out of five", "1 in 250", "nine out of ten", "one-in-five"],
    ),
    (
        "en",
        "50+ towns, over 200, some 30, -160 kilotons, +3.5%, ~40, ≥ 12.",
        ["50+", "over 200", "some 30", "-160", "+3.5%", "~40", "≥ 12"],
    ),
    (
        "en",
        "A 20-year plan, a three-year term, a 10 per cent cut, 5–10% rise, a 25-strong team, a two-thirds majority.",
        ["20", "three", "10 per cent", "5–10%", "25", "two-thirds"],
    ),
    ("en", "12,000 homes; 3.4m people; US$5 trillion; 1.5°C; CO2 no.", ["12,000", "3.4", "US$5 trillion", "1.5"]),
    (
        "en",
        "Between 5 and 7 per cent; two or three homes; 15 to 20 years; from zero to 100.",
        ["5 and 7 per cent", "two or three", "15 to 20", "zero to 100"],
    ),
    (
        "en",
        "The second-largest town, the third time, the 21st case, one hundred and fifty people, two hundred thousand.",
        ["second", "third", "21st", "one hundred and fifty", "two hundred thousand"],
    ),
    ("en", "Pay was 71p, £1, 5 cents, 40p a mile, 3d no.", ["71", "£1", "5", "40"]),
    ("en", "A ratio of 3:1, 50/50, 2 to 1, 1:200, 24/7 no.", ["3:1", "50/50", "2 to 1", "1:200", "24/7"]),
    ("en", "It is open two days a week, once a year, twice a month, thrice.", ["two", "twice", "thrice"]),
    (
        "en",
        "Half of 1,000 is 500; the half that stays; halving it; by half.",
        ["Half", "1,000", "500", "half", "halving", "half"],
    ),
    (
        "en",
        "Thirty-five percent, a hundred people, a thousand homes, a million trees, a couple of weeks, a dozen towns.",
        ["Thirty-five percent", "hundred", "thousand", "million", "couple of", "dozen"],
    ),
    (
        "en",
        "The 1,907 firms, 1907 firms of all sizes, about 2000 firms, 1800 workers and 1950 homes.",
        ["1,907", "1907", "about 2000", "1800"],
    ),
    (
        "en",
        "Only one in six, at least one school, one year later, one week, one person.",
        ["Only one in six", "at least one", "one", "one", "one"],
    ),
    (
        "fr",
        "Trois-quarts jugent, les deux tiers partent, un vingtième reste, deux-tiers des voix, quatre cinquièmes.",
        ["Trois-quarts", "deux tiers", "un vingtième", "deux-tiers", "quatre cinquièmes"],
    ),
    (
        "fr",
        "un centième du budget, un millième, le dixième, un cinquième.",
        ["un centième", "un millième", "dixième", "un cinquième"],
    ),
    (
        "fr",
        "2 112 démissions en un mois, pendant un an, en une semaine, d'une heure, une fois par an.",
        ["2 112", "un", "un", "une", "une", "une"],
    ),
    (
        "fr",
        "Deux ans et demi, une demi-heure, une demi-journée, un an et demi, trois heures et demie.",
        ["Deux ans et demi", "une demi", "une demi", "un an et demi", "trois heures et demie"],
    ),
    ("fr", "une seule section, un seul cas, un unique lit.", ["une seule", "un seul", "un unique"]),
    ("fr", "De 1106 à 1628 postes, soit 1907 entreprises et 1850 ménages.", ["1106 à 1628", "1907", "1850"]),
    (
        "fr",
        "Des dizaines de milliers de gens, des centaines de milliers, un millier d'élus, quelques centaines, une dizaine, une vingtaine.",
        ["dizaines de milliers", "centaines de milliers", "un millier", "centaines", "une dizaine", "une vingtaine"],
    ),
    ("fr", "Le premier quart, le dernier tiers, le premier décile.", ["premier quart", "dernier tiers"]),
    (
        "fr",
        "Il a doublé, triplé, quadruplé, quintuplé, décuplé ; trois fois plus, x3, multiplié par 10, divisé par deux, réduit de moitié.",
        ["doublé", "triplé", "quadruplé", "quintuplé", "décuplé", "trois fois", "3", "10", "deux", "moitié"],
    ),
    (
        "fr",
        "Sept sur dix, 9 sur 10, quatre communes sur cinq, un Français sur trois, 1 personne sur 250.",
        ["Sept sur dix", "9 sur 10", "quatre communes sur cinq", "un Français sur trois", "1", "250"],
    ),
    (
        "fr",
        "50 %, plus de 200, quelque 30, -160 kilotonnes, +3,5 %, ~40, ≥ 12, 50+.",
        ["50 %", "plus de 200", "quelque 30", "-160", "+3,5 %", "40", "12", "50+"],
    ),
    (
        "fr",
        "12 000 logements ; 3,4 M€ ; 5 Mds€ ; 1,5 °C ; 10 k€ ; 12 M d'euros ; 3,2 milliards d'euros.",
        ["12 000", "3,4 M€", "5 Mds€", "1,5", "10 k€", "12", "3,2 milliards"],
    ),
    (
        "fr",
        "Entre 5 et 7 %, deux ou trois logements, 15 à 20 ans, de zéro à 100, de l'ordre de 30 %.",
        ["5 et 7 %", "deux ou trois", "15 à 20", "zéro à 100", "de l'ordre de 30 %"],
    ),
    (
        "fr",
        "La deuxième ville, la 3e fois, le 21e cas, cent cinquante personnes, deux cent mille logements, mille deux cents.",
        ["deuxième", "3e", "21e", "cent cinquante", "deux cent mille", "mille deux cents"],
    ),
    ("fr", "Un disque de 570 Go, 100 Mbit/s, 365MW, 12kWh, 300 Mo.", ["570", "100", "365", "12", "300"]),
    (
        "fr",
        "20 ans, vingt-quatre heures, soixante-dix-sept, quatre-vingt-onze, trente et un jours.",
        ["20", "vingt-quatre", "soixante-dix-sept", "quatre-vingt-onze", "trente et un"],
    ),
    (
        "fr",
        "Un ratio de 3 pour 1, 50/50, 3,7 pour 100, 1 pour 1 000.",
        ["3 pour 1", "50/50", "3,7 pour 100", "1 pour 1 000"],
    ),
    (
        "fr",
        "Trente-cinq pour cent, cent lits, mille postes, un million d'arbres, un milliard, une douzaine d'œufs.",
        ["Trente-cinq pour cent", "cent", "cent", "mille", "un million", "un milliard", "une douzaine"],
    ),
    (
        "fr",
        "la moitié des gens, les trois quarts, le quart, un sur deux, une sur trois.",
        ["la moitié", "trois quarts", "le quart", "un sur deux", "une sur trois"],
    ),
    (
        "de",
        "Ein Vierzigstel davon, drei Viertel sagen es, zwei Fünftel, ein Zwanzigstel, zwei Drittel, dreiviertel.",
        ["Ein Vierzigstel", "drei Viertel", "zwei Fünftel", "ein Zwanzigstel", "zwei Drittel", "dreiviertel"],
    ),
    (
        "de",
        "ein Hundertstel, ein Tausendstel, ein Zehntel, neun Zehnteln.",
        ["ein Hundertstel", "ein Tausendstel", "ein Zehntel", "neun Zehnteln"],
    ),
    (
        "de",
        "In einem Monat, seit einem Jahr, binnen einer Woche, eine Stunde pro Tag, nach einem Jahrzehnt.",
        ["einem", "einem", "einer", "eine", "einem"],
    ),
    (
        "de",
        "Anderthalb Jahre, eineinhalb, zweieinhalb Stunden, eine halbe Stunde, ein halbes Jahr, eine halbe Million.",
        ["Anderthalb", "eineinhalb", "zweieinhalb", "eine halbe", "ein halbes", "eine halbe", "Million"],
    ),
    (
        "de",
        "ein einziger Fall, eine einzige Wohnung, nur ein Haus, einzige nein.",
        ["ein einziger", "eine einzige", "nur ein"],
    ),
    ("de", "Von 1106 auf 1628 Stellen, 1907 Firmen, 1850 Haushalte.", ["1106", "1628", "1907", "1850"]),
    (
        "de",
        "Zehntausende Menschen, Hunderttausende, hunderter Millionen, Dutzende Fälle, Tausende, ein paar Hundert.",
        ["Zehntausende", "Hunderttausende", "hunderter Millionen", "Dutzende", "Tausende", "Hundert"],
    ),
    (
        "de",
        "Im ersten Viertel, im letzten Drittel, im obersten Zehntel.",
        ["ersten Viertel", "letzten Drittel", "obersten Zehntel"],
    ),
    (
        "de",
        "Es hat sich verdoppelt, verdreifacht, vervierfacht, verfünffacht, verzehnfacht, siebenmal, zwölffach, um das Dreifache, halbiert, doppelt so viel.",
        [
            "verdoppelt",
            "verdreifacht",
            "vervierfacht",
            "verfünffacht",
            "verzehnfacht",
            "siebenmal",
            "zwölffach",
            "Dreifache",
            "halbiert",
            "doppelt",
        ],
    ),
    (
        "de",
        "Sieben von zehn, 9 von 10, vier von fünf, jeder Dritte, jede fünfte Wohnung, eine von drei.",
        ["Sieben von zehn", "9 von 10", "vier von fünf", "jeder Dritte", "jede fünfte", "eine von drei"],
    ),
    (
        "de",
        "50 Prozent, über 200, rund 30, -160 Kilotonnen, +3,5 %, ~40, ≥ 12, 50+.",
        ["50 Prozent", "über 200", "rund 30", "-160", "+3,5 %", "40", "12", "50+"],
    ),
    (
        "de",
        "12.000 Wohnungen; 3,4 Mio. Menschen; 5 Mrd. Euro; 1,5 °C; 10 T€; 12 Tsd.; 3,2 Milliarden Euro.",
        ["12.000", "3,4 Mio.", "5 Mrd.", "1,5", "10", "12 Tsd.", "3,2 Milliarden"],
    ),
    (
        "de",
        "Zwischen 5 und 7 Prozent, zwei bis drei Wohnungen, 15 bis 20 Jahre, von null auf 100, 30-prozentig, 20-prozentige.",
        ["5 und 7 Prozent", "zwei bis drei", "15 bis 20", "null", "100", "30", "20"],
    ),
    (
        "de",
        "Die zweitgrößte Stadt, die fünftmeisten Stunden, die dritthöchste Quote, die vierte Klasse, der 21. Fall.",
        ["zweitgrößte", "fünftmeisten", "dritthöchste", "vierte", "21"],
    ),
    ("de", "Ein Speicher von 570 GB, 100 Mbit/s, 365MW, 12kWh, 300 MB.", ["570", "100", "365", "12", "300"]),
    (
        "de",
        "Einundzwanzig Tage, zweihunderttausend, hundertfünfzig, fünfundneunzig Prozent, eintausend.",
        ["Einundzwanzig", "zweihunderttausend", "hundertfünfzig", "fünfundneunzig Prozent", "eintausend"],
    ),
    ("de", "Verhältnis 3:1, 50/50, 1 zu 200, 3 zu 1.", ["3:1", "50/50", "1 zu 200", "3 zu 1"]),
    (
        "de",
        "hundert Betten, tausend Stellen, eine Million Bäume, eine Milliarde, ein Dutzend.",
        ["hundert", "tausend", "eine Million", "eine Milliarde", "ein Dutzend"],
    ),
    (
        "de",
        "die Hälfte, zur Hälfte, ein Viertel, jeder zweite, jedes vierte Kind, um ein Drittel.",
        ["die Hälfte", "Hälfte", "ein Viertel", "jeder zweite", "jedes vierte", "ein Drittel"],
    ),
    (
        "de",
        "Das 40-köpfige Team, ein 10-Punkte-Plan, ein dreijähriger Vertrag, die vierköpfige Familie, der achtstündige Tag, zehnjährige Frist.",
        ["40", "10", "dreijähriger", "vierköpfige", "achtstündige", "zehnjährige"],
    ),
    (
        "fr",
        "Un plan de 10 points, un bail de trois ans, un effectif de vingt-cinq, à 100 %, zéro émission.",
        ["10 points", "trois", "vingt-cinq", "100 %", "zéro"],
    ),
]


@pytest.mark.parametrize(("language", "said", "wanted"), FORMS)
def test_figures_are_offered_in_every_form(language: str, said: str, wanted: list[str]) -> None:
    """Fractions, halves, ones that count, multiples, ranks, ratios, ranges, units close to their number, great numbers."""
    found = candidates.read(documents.read("a.txt", said.encode()), "A", language).candidates
    assert [c.words for c in found if c.kind == "figure"] == wanted
