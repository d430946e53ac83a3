"""Figures in every form that French, English and German give them: a sentence a class, with all that is offered of it."""

from __future__ import annotations

import pytest

from openproposals.factcheck import documents
from openproposals.reading import candidates

FORMS = [
    ("de", "Stellen sind nur mit einer Person besetzt, nicht nur mit großer, nur mit einer neuen Idee.", ["einer"]),
    ("de", "Ein Schlüssel von 1:3 (eine Fachkraft auf drei Kinder).", ["1:3", "eine", "drei"]),
    ("en", "A ratio of one teacher for three pupils (1:3) in any one year.", ["one", "three", "1:3", "one"]),
    ("fr", "Il faut au minimum une salle et seulement une entrée, pas seulement une porte.", ["une", "une"]),
    ("de", "Der Bund zahlte zwei Mrd. Euro, drei Mio. Menschen, vier m weit.", ["zwei Mrd.", "drei Mio.", "vier"]),
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
        ["half", "an hour", "two and a half", "one and a half times"],
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
    ("en", "Pay was 71p, £1, 5 cents, 40p a mile, 3d no.", ["71p", "£1", "5", "40p"]),
    ("en", "A ratio of 3:1, 50/50, 2 to 1, 1:200, 24/7 no.", ["3:1", "50/50", "2 to 1", "1:200", "24/7"]),
    ("en", "It is open two days a week, once a year, twice a month, thrice.", ["two", "once", "twice", "thrice"]),
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
        ["12 000", "3,4 M€", "5 Mds€", "1,5", "10 k€", "12 M", "3,2 milliards"],
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
        ["Trente-cinq pour cent", "cent", "mille", "un million", "un milliard", "une douzaine"],
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
        ["12.000", "3,4 Mio.", "5 Mrd.", "1,5", "10 T€", "12 Tsd.", "3,2 Milliarden"],
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
    ("en", "Rents rose by a third, a further 5%, another 200 homes, an additional 30.", ["a third", "5%", "200", "30"]),
    (
        "en",
        "On two occasions both parties, neither of the two; several hundred people, a few thousand.",
        ["two", "two", "hundred", "thousand"],
    ),
    (
        "en",
        "In three of the 12 cases, 24 hours a day, 7 days a week; aged 16–24, 65 and over, under-25s.",
        ["three of the 12", "24", "7", "16–24", "65", "25"],
    ),
    (
        "en",
        "One hundred and twenty-five homes; a quarter of a million; two-and-a-half years; one-and-a-half.",
        ["One hundred and twenty-five", "a quarter", "million", "two-and-a-half", "one-and-a-half"],
    ),
    (
        "en",
        "Section 4(2) and Article 12; on 3 May 2021; at 10.30 am; 0.5 percentage points; −2.3%; 3,400m².",
        ["2", "0.5 percentage points", "−2.3%", "3,400"],
    ),
    (
        "en",
        "The 30-odd schools; 20-something; £2m-a-year cost; 5-year-olds; the over-65s; 1st place; 10th floor.",
        ["30", "20", "£2m", "5", "65", "1st", "10th"],
    ),
    (
        "en",
        "Nine months into 2021, the 1990s, '90s; 2,019 pupils in 2019; $1 trillion; €500,000; CHF 3 million.",
        ["Nine", "2,019", "$1 trillion", "€500,000", "CHF 3 million"],
    ),
    (
        "en",
        "It is five times higher, 50% more, half as many, a tenfold rise, ten times as likely, 1.5x.",
        ["five times", "50%", "half", "tenfold", "ten times", "1.5x"],
    ),
    (
        "en",
        "Eleven countries; sixty-two MPs; fourteen days; twelve-month period; thirty minutes; ninety per cent.",
        ["Eleven", "sixty-two", "fourteen", "twelve", "thirty", "ninety per cent"],
    ),
    (
        "en",
        "The score is 7/10, 3.5/5, 4 out of 10; 2 in every 5; one in every ten; 8 of 12.",
        ["7/10", "3.5/5", "4 out of 10", "2 in every 5", "one in every ten", "8 of 12"],
    ),
    (
        "en",
        "1,000–2,000 homes; 10-15%; from 10 to 15; 10 to 15 per cent; between £5bn and £6bn; 5m–6m.",
        ["1,000–2,000", "10-15%", "10 to 15", "10 to 15 per cent", "£5bn", "£6bn", "5", "6m."],
    ),
    (
        "en",
        "Figures: 12.5 million; 0.7% of GDP; 150,000+; <5%; >10; c. 40; approx. 300; circa 70.",
        ["12.5 million", "0.7%", "150,000+", "<5%", ">10", "c. 40", "300", "circa 70"],
    ),
    (
        "fr",
        "Plusieurs centaines de gens, quelques milliers, une poignée, une trentaine d'élus, les deux tiers.",
        ["centaines", "milliers", "une trentaine", "deux tiers"],
    ),
    (
        "fr",
        "Trois cents lits, deux mille postes, vingt et un, quatre-vingts, quatre-vingt-dix-neuf, soixante et onze.",
        ["Trois cents", "deux mille", "vingt et un", "quatre-vingts", "quatre-vingt-dix-neuf", "soixante et onze"],
    ),
    (
        "fr",
        "Le 3 mai 2021, à 10 h 30, article 12 ; 0,5 point, -2,3 %, 3 400 m², 12,5 millions, 150 000+.",
        ["0,5 point", "-2,3 %", "3 400", "12,5 millions", "150 000+"],
    ),
    (
        "fr",
        "Les 16-24 ans, les plus de 65 ans, les moins de 25 ans, 24 h/24, 7j/7, 35 heures, la semaine de quatre jours.",
        ["16-24", "plus de 65", "moins de 25", "24", "24", "7", "35", "quatre"],
    ),
    (
        "fr",
        "Hausse de 10 à 15 %, entre 5 et 6 Md€, de 3 à 4 millions, 10-15 %, 1 000 à 2 000 places.",
        ["10 à 15 %", "5 et 6 Md€", "3 à 4 millions", "10-15 %", "1 000 à 2 000"],
    ),
    (
        "fr",
        "1 sur 5, 2 femmes sur 3, trois enfants sur dix, 3 des 12 cas, note de 7/10, 1/3 des voix, les 2/3.",
        ["1 sur 5", "2 femmes sur 3", "trois enfants sur dix", "3 des 12", "7/10", "1/3", "2/3"],
    ),
    (
        "fr",
        "Cinq fois plus, deux fois moins, 10 fois plus, la moitié moins, le double, le triple, le quart.",
        ["Cinq fois", "deux fois", "10 fois", "la moitié", "double", "triple", "le quart"],
    ),
    (
        "fr",
        "1er rang, 2ème place, 2e place, le XXIe siècle, 5 000 euros, 5.000 €, 5 k€, 1,5 M€, 300 €/mois.",
        ["1er", "2ème", "2e", "5 000", "5.000 €", "5 k€", "1,5 M€", "300 €"],
    ),
    (
        "fr",
        "Une hausse d'un point, d'un pour cent, un million, un tiers, un quart, un enfant sur cinq, zéro.",
        ["un point", "un pour cent", "un million", "un tiers", "un quart", "un enfant sur cinq", "zéro"],
    ),
    (
        "fr",
        "En 2019, 2 019 élèves ; les années 1990 ; huit ans après ; une année ; deux ans ; dix-huit mois.",
        ["2 019", "huit", "une", "deux", "dix-huit"],
    ),
    (
        "de",
        "Mehrere Hundert Menschen, einige Tausend, ein paar Dutzend, rund ein Dutzend, beide Seiten.",
        ["Hundert", "Tausend", "Dutzend", "rund ein Dutzend"],
    ),
    (
        "de",
        "Dreihundert Betten, zweitausend, einundzwanzig, neunundneunzig, zweieinhalb, zweihundertfünfzig.",
        ["Dreihundert", "zweitausend", "einundzwanzig", "neunundneunzig", "zweieinhalb", "zweihundertfünfzig"],
    ),
    (
        "de",
        "Am 3. Mai 2021 um 10.30 Uhr, Artikel 12; 0,5 Prozentpunkte, -2,3 %, 3.400 m², 12,5 Millionen, 150.000.",
        ["0,5 Prozentpunkte", "-2,3 %", "3.400", "12,5 Millionen", "150.000"],
    ),
    (
        "de",
        "Die 16- bis 24-Jährigen, über 65-Jährige, unter 25-Jährige, 24 Stunden, 35-Stunden-Woche, 4-Tage-Woche.",
        ["16- bis 24", "über 65", "unter 25", "24", "35", "4"],
    ),
    (
        "de",
        "Anstieg um 10 bis 15 Prozent, zwischen 5 und 6 Mrd. Euro, von 3 auf 4 Millionen, 10–15 %, 1.000 bis 2.000.",
        ["10 bis 15 Prozent", "5 und 6 Mrd.", "3", "4 Millionen", "10–15 %", "1.000 bis 2.000"],
    ),
    (
        "de",
        "Eines von fünf Kindern, zwei von drei Frauen, drei der zwölf Fälle, 1/3 der Stimmen, zwei Drittel.",
        ["Eines von fünf", "zwei von drei", "drei der zwölf", "1/3", "zwei Drittel"],
    ),
    (
        "de",
        "Fünfmal mehr, zweimal so hoch, 10-mal, das Doppelte, das Dreifache, die Hälfte, ein Viertel.",
        ["Fünfmal", "zweimal", "10-mal", "Doppelte", "Dreifache", "die Hälfte", "ein Viertel"],
    ),
    (
        "de",
        "1. Platz, zweiter Rang, das 21. Jahrhundert, 5.000 Euro, 5 Tsd. Euro, 1,5 Mio. €, 300 €/Monat.",
        ["zweiter", "5.000", "5 Tsd.", "1,5 Mio. €", "300 €"],
    ),
    (
        "de",
        "Um einen Prozentpunkt, ein Prozent, eine Million, jedes fünfte Kind, jeder zehnte, null.",
        ["einen Prozentpunkt", "ein Prozent", "eine Million", "jedes fünfte", "jeder zehnte", "null"],
    ),
    (
        "de",
        "Im Jahr 2019 2.019 Schüler; die 1990er Jahre; acht Jahre später; zwei Jahre; achtzehn Monate; drei Viertel.",
        ["2.019", "acht", "zwei", "achtzehn", "drei Viertel"],
    ),
    (
        "de",
        "Zwei-Klassen-Medizin, Drei-Gänge-Menü, Zweidrittelmehrheit, Fünftagewoche, Einviertel, Dreijahresplan.",
        ["Zwei", "Drei", "Zweidrittelmehrheit", "Fünftagewoche", "Einviertel", "Dreijahresplan"],
    ),
    (
        "en",
        "Fares fell to 25c a ride, 8p per litre, 60¢, from 5p to 12p; the figure 35c, section 4c to begin.",
        ["25c", "8p", "60¢", "5p to 12p"],
    ),
    ("en", "A levy of 5p-10p; £17m p.a. and 12p.", ["5p-10p", "£17m", "12p"]),
    ("fr", "Un ticket à 30 cts, 15 ct, 25c€ et 40 centimes.", ["30", "15", "25c€", "40"]),
    ("de", "Der Preis stieg um 3 ct, 25ct und 40 Cent je Stück.", ["3", "25ct", "40"]),
    (
        "en",
        "Loads of 1500-2000 kg, 1800-2000 km, in 2008-2009, from 1800 to 2000 km.",
        ["1500-2000", "1800-2000", "1800 to 2000"],
    ),
    ("fr", "Des charges de 1500-2000 kg, de 1800 à 2000 km, en 2008-2009 l'Union.", ["1500-2000", "1800 à 2000"]),
    (
        "de",
        "Lasten von 1500-2000 kg, von 1800 bis 2000 km, 2008-2009, von 2010 bis 2020 nichts.",
        ["1500-2000", "1800 bis 2000"],
    ),
    (
        "en",
        "Less than 1.8 square metres, 12 square feet, 3.9 square meters, 5 cubic metres; 12 Square Lane.",
        ["Less than 1.8", "12", "3.9", "5"],
    ),
    (
        "en",
        "It stays below one, or in the vicinity of one; a ratio of one, equal to one.",
        ["below one", "one", "one", "one"],
    ),
    (
        "en",
        "From zero to one. No one is the one, close to none of another, and it was to one side, of this one.",
        ["zero", "one"],
    ),
    (
        "fr",
        "Un taux proche de un, proche d'un, égal à un, inférieur à un ; un autre proche d'un ami.",
        ["un", "un", "un", "inférieur à un"],
    ),
    (
        "de",
        "Ein Wert nahe eins, gleich eins, unter eins; von null auf eins; null und nichtig.",
        ["eins", "eins", "unter eins", "null", "eins"],
    ),
    (
        "en",
        "Free for under 12s, over 65s, the under-5s, top 10s, 16s and over, 12s or younger, the 1990s, pre-1990s.",
        ["under 12", "over 65", "5", "10", "16", "12"],
    ),
    (
        "fr",
        "Gratuit pour les moins de 12 ans, les plus de 65 ans, les 6-11 ans et les moins de six ans.",
        ["moins de 12", "plus de 65", "6-11", "moins de six"],
    ),
    (
        "de",
        "Frei für unter 12-Jährige, über 60-Jährige, die 6- bis 11-Jährigen, unter Zwölfjährige.",
        ["unter 12", "über 60", "6- bis 11", "unter Zwölfjährige"],
    ),
    (
        "en",
        "About two\nthirds agree, three-\nquarters say, one \nfifth left. Twenty-\nfour towns.",
        ["About two\nthirds", "three-\nquarters", "one \nfifth", "Twenty-\nfour"],
    ),
    (
        "fr",
        "Environ deux\ntiers le disent, trois-\nquarts aussi, un \ncinquième part.",
        ["Environ deux\ntiers", "trois-\nquarts", "un \ncinquième"],
    ),
    (
        "de",
        "Rund zwei\nDrittel, drei \nViertel, das 9,3-\nfache, das 4-\n fache, zehn-\nfach.",
        ["Rund zwei\nDrittel", "drei \nViertel", "9,3-\nfache", "4-\n fache", "zehn-\nfach"],
    ),
    (
        "en",
        "It came in first place, ranked first; in the first place, first they came; the first and second rank.",
        ["first", "first", "first", "second"],
    ),
    (
        "fr",
        "Au premier et au deuxième rang, à la première place, le premier jour, au premier rang desquels la dette.",
        ["premier", "deuxième", "première"],
    ),
    (
        "de",
        "Auf dem ersten Platz, im ersten Rang, am ersten Tag, auf dem ersten und zweiten Platz.",
        ["ersten", "ersten", "ersten", "zweiten"],
    ),
    (
        "en",
        "It meets once a week, twice a day, once per year, once every two years; at once, once the law is made.",
        ["once", "twice", "once", "once", "two"],
    ),
    (
        "fr",
        "Une fois par an, deux fois par an, une fois que, une fois tous les deux ans, trois fois par jour.",
        ["Une", "deux fois", "une", "deux", "trois fois"],
    ),
    (
        "de",
        "Einmal in der Stunde, zweimal im Jahr, einmal täglich, noch einmal, auf einmal, einmal mehr, mindestens einmal im Monat.",
        ["Einmal", "zweimal", "einmal", "mindestens einmal"],
    ),
    ("en", "The points: 1) a law. 2) a text, 3) means; 4) more. It takes (up to 5) days.", ["up to 5"]),
    ("fr", "Les points sont : 1) la loi, 2) le texte. 3) les moyens ; 4) le reste (dont 7).", ["7"]),
    ("de", "Die Punkte: 1) das Gesetz, 2) der Text. 3) die Mittel; 4) der Rest (etwa 7) bleibt.", ["etwa 7"]),
    (
        "de",
        "Urteil - 8 A 47/17 -, BVerwG 4 CN 2.07 und 4 CN 1.11, Vorlage FB61/957/12, MU-52-29211/1/305; 4 GW 12.",
        ["4", "12"],
    ),
    ("de", "Kontoinhaber, IBAN: DE04 7016 9465 0000 4630 94; 30 Euro.", ["30"]),
    ("de", "Türkenstraße 52/54, Kolberger Str. 506, Marktplatz 7; in der Hauptstraße 200 Bäume.", ["7", "200"]),
    ("en", "Second, rents rise. Third, 12 homes; the second, the third largest.", ["12", "second", "third"]),
    (
        "de",
        "Figure 7, Appendix 10, Nr 4, spätestens 2030, bis zu einer Lösung, bis zu einem Meter, bis zu einer Woche.",
        ["bis zu einem", "bis zu einer"],
    ),
    ("en", "Smith (2020b) and Jones (2019a); 1500g, 1500m and 1500k of it.", ["1500", "1500", "1500k"]),
    (
        "en",
        "| 9509439 | A street |\n| 9483637 | A square |\n\n| 1 | Ann |\n| 2 | Ben |\n\n| 12 | homes |\n| 40 | trees |\n\n| 200000 | people |",
        ["12", "40", "200000"],
    ),
    (
        "en",
        "A hundredfold, sixfold, in their 30s, in his 40s, 5,000sq ft, 10pc, 5 p.c., 50:50, 80:20, 10:30.",
        ["hundredfold", "sixfold", "30", "40", "5,000", "10pc", "5 p.c.", "50:50", "80:20"],
    ),
    ("en", "Open from 6 to 9 pm, 8 to 10.30 a.m.; from 6 to 9 weeks, 8-12 hours.", ["6 to 9", "8-12"]),
    ("fr", "Ouvert de 8 à 12 heures précises ; 60:40, de 8 à 12 heures par jour.", ["60:40", "8 à 12"]),
    (
        "de",
        "Platz 3, Ü60, 50:50, 10:30, von 6 bis 21 Uhr, 8-12 Uhr, 8 bis 12 Stunden, Radweg 5 km.",
        ["3", "60", "50:50", "8 bis 12", "5"],
    ),
    (
        "en",
        "It takes one to three years, one or two homes, between one and three towns; one by one, one and two.",
        ["one to three", "one or two", "one and three", "two"],
    ),
    (
        "fr",
        "Il faut un à trois ans, un ou deux logements, entre un et trois, une à deux fois par an ; y regarder à deux fois.",
        ["un à trois", "un ou deux", "un et trois", "une à deux fois"],
    ),
    (
        "de",
        "Es dauert ein bis drei Jahre, eine oder zwei Wohnungen, zwischen einem und drei; ein und derselbe.",
        ["ein bis drei", "eine oder zwei", "einem und drei"],
    ),
    ("en", "A 1-in-5 chance, 3-to-1 odds, a 1.5C limit, 0.5ppt, a Type 2C home.", ["1-in-5", "3-to-1", "1.5", "0.5"]),
    (
        "fr",
        "La semaine de 35h, à 8h, classée première, arrivé premier ; 3,5 M d’habitants.",
        ["35", "première", "premier", "3,5 M"],
    ),
    (
        "en",
        "In principle 12 towns agree; the measures (30 in all), its targets (12 towns), goals (17).",
        ["12", "30", "12", "17"],
    ),
    ("fr", "En principe 12 communes, les mesures (30 au total), cette action (12 communes).", ["12", "30", "12"]),
    (
        "de",
        "Im Prinzip 12 Städte, im Grundsatz 300 Euro, in erster Linie 12 Städte, die Maßnahmen (30).",
        ["12", "300", "12", "30"],
    ),
]


@pytest.mark.parametrize(("language", "said", "wanted"), FORMS)
def test_figures_are_offered_in_every_form(language: str, said: str, wanted: list[str]) -> None:
    """Fractions, halves, ones that count, multiples, ranks, ratios, ranges, units close to their number, great numbers."""
    found = candidates.read(documents.read("a.txt", said.encode()), "A", language).candidates
    assert [c.words for c in found if c.kind == "figure"] == wanted


NOTES = [
    (
        "de",
        "Für max. 1,75 Grad oder 1,5°(p=67%) sinkt er auf Null, das 9,3-\nfache; 10*35 + 160 = 510 (bzw. 530 = 530). Nr. 5, Heft 12.",
        ["max. 1,75", "1,5", "67%", "Null", "9,3-\nfache", "510", "530"],
    ),
    (
        "de",
        "Es waren 29 Städte und \n22 Länder. Vierundzwanzig\nStädte, Band 4, 102(2).",
        ["29", "22", "Vierundzwanzig"],
    ),
    (
        "en",
        "At most 1.5° or 2 degrees, down to zero; n = 512, thus = 40. No. 5, vol. 12, ch. 3.",
        ["At most 1.5", "2", "zero", "512", "40"],
    ),
    (
        "en",
        "There are 29 donor and \n22 partner states. Twenty-\nfour towns report. The Two Towers, 12.",
        ["29", "22", "Twenty-\nfour"],
    ),
    (
        "fr",
        "Au plus 1,5° ou 2 degrés, ramené à zéro ; soit = 512. N° 5, vol. 12, p. 3.",
        ["Au plus 1,5", "2", "zéro", "512"],
    ),
]


@pytest.mark.parametrize(("language", "said", "wanted"), NOTES)
def test_notes_state_figures(language: str, said: str, wanted: list[str]) -> None:
    """Degrees, results, zero, multiples, counts at the end of a line or in words; no number of a volume or a page."""
    content = f"A.<sup>1</sup>\n\n<sup>1</sup> {said}\n"
    found = candidates.read(documents.read("a.md", content.encode()), "A", language).candidates
    assert [c.words for c in found if c.kind == "figure"] == wanted
