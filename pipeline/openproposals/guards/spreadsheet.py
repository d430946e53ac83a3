r"""What a spreadsheet would take for a formula, a number, a date or a truth value, and how a text is kept from it.

An apostrophe before the text keeps it a text in Excel and in LibreOffice, which both show it. What else was tried is
worse (docs/decisions/0017-spreadsheets.md). To have the text back, one apostrophe is taken from its beginning: a text
that begins with one gets another, so that none is taken too many.

Patterns are in the syntax of Polars, and linear.
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

from openproposals.guards import characters

# What nobody sees: white space, controls, and what Unicode calls format signs or default ignorable.
_UNSEEN = r"[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]"
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_SIGNS = "=+-@"
# The same in other forms: full-width, small, raised, lowered, doubled: what NFKC makes one of them, or begins with one.
_FORMS = "\u207a\u207c\u208a\u208c\u2a75\u2a76\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
FORMULA = rf"\A{_UNSEEN}*[{re.escape(_SIGNS)}{_FORMS}]"

# The months and days, in French and in English: read with a number as a date.
_DAYS = (
    *("janvier", "janv", "février", "fevrier", "févr", "fevr", "fév", "mars", "avril", "avr", "mai", "juin"),
    *("juillet", "juil", "août", "aout", "septembre", "sept", "octobre", "oct", "novembre", "nov"),
    *("décembre", "decembre", "déc", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    *("lun", "mar", "mer", "jeu", "ven", "sam", "dim"),
    *("january", "jan", "february", "feb", "march", "april", "apr", "may", "june", "jun", "july", "jul"),
    *("august", "aug", "september", "sep", "october", "november", "december", "dec"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
)
# What may follow a digit in what is read as an exponent, a time, a day or an amount.
_UNITS = ("e", "t", "z", "h", "a", "p", "am", "pm", "er", "st", "nd", "rd", "th", "eur", "usd", "gbp", "chf", "f")
_UNIT = rf"\P{{L}}*\p{{N}}[\s\p{{Z}}]*(?:{'|'.join(_UNITS)})"
_DAY = f"(?:{'|'.join(_DAYS)})"
_NO_OTHER_WORD = rf"(?i)\A(?:(?:{_UNIT}|\P{{L}}*{_DAY})(?:{_UNIT}|\P{{L}}+{_DAY})*)?\P{{L}}*\z"
_SAME_AS_A_NUMBER = r"\A(?:0|[1-9][0-9]{0,10})\z"  # shown as it is written; from twelve digits on it is not
_TRUTH = rf"(?i)\A{_UNSEEN}*(?:true|false|vrai|faux){_UNSEEN}*\z"
_ERROR = rf"\A{_UNSEEN}*#[\p{{L}}\p{{N}}/]+[!?]?{_UNSEEN}*\z"
# The errors that spreadsheets write in a cell's place: Excel's in six languages, LibreOffice's and Google's.
_ERRORS = (
    *("null!", "div/0!", "value!", "ref!", "name?", "num!", "n/a", "getting_data", "spill!", "calc!", "field!"),
    *("blocked!", "busy!", "connect!", "unknown!", "python!", "external!", "timeout!", "error!", "circ!"),
    *("nul!", "valeur!", "nom?", "nombre!", "propagation!", "calcul!", "champ!", "bloque!", "bloqué!", "inconnu!"),
    *("bezug!", "wert!", "zahl!", "nv", "überlauf!", "kalk!", "feld!", "blockiert!", "unbekannt!"),
    *("¡nulo!", "¡div/0!", "¡valor!", "¡ref!", "¿nombre?", "¡num!", "¡desbordamiento!", "¡calc!", "nulo!", "valor!"),
    *("nullo!", "valore!", "rif!", "nome?", "n/d", "i/t", "verw!", "waarde!", "naam?", "getal!", "leeg!", "deel/0!"),
)
_SPREADSHEET_ERROR = rf"#(?:{'|'.join(map(re.escape, _ERRORS))})|err:[0-9]{{3}}|#{{4,}}"
AN_ERROR = rf"(?i)\A{characters.UNSEEN}*(?:{_SPREADSHEET_ERROR}){characters.UNSEEN}*\z"
_AN_ERROR = re.compile(f"{characters.UNSEEN}*(?:{_SPREADSHEET_ERROR}){characters.UNSEEN}*", re.IGNORECASE)
_MARK = "'"
_BEGINNING = rf"\A[{_MARK}\t\r\n]"
_NO_TEXT = "|".join(f"(?:{pattern})" for pattern in (FORMULA, _TRUTH, _ERROR, _BEGINNING))


def begins_formula(text: str) -> bool:
    r"""Whether a spreadsheet takes the text for a formula, also in NFKC and without invisible signs.

    The same as FORMULA, for one text.

    >>> begins_formula("=1+1"), begins_formula("\u200b ＝1+1"), begins_formula("1=1")
    (True, True, False)
    """
    seen = next((c for c in text if not _is_unseen(c)), "")
    return unicodedata.normalize("NFKC", seen)[:1] in tuple(_SIGNS)


def is_error(text: str) -> bool:
    """Whether a text is the error that a spreadsheet writes where a formula fails or a column is too narrow.

    The same as AN_ERROR, for one text.

    >>> [is_error(text) for text in ("#REF!", "#N/A", "#VALEUR!", "########", "#1", "#N/A is wrong")]
    [True, True, True, True, False, False]
    """
    return _AN_ERROR.fullmatch(text) is not None


def _is_unseen(sign: str) -> bool:
    if sign.isspace() or _IGNORABLE.match(sign):
        return True
    return unicodedata.category(sign) in ("Zs", "Zl", "Zp", "Cc", "Cf")


def as_text(column: str) -> pl.Expr:
    """A column of text, with an apostrophe before each cell that would be read as something else, or begins with one.

    A whole number of at most eleven digits is left: read as a number, it is shown as it is written.
    """
    cell = pl.col(column)
    number = cell.str.contains(r"\p{N}") & cell.str.contains(_NO_OTHER_WORD) & ~cell.str.contains(_SAME_AS_A_NUMBER)
    return pl.when(number | cell.str.contains(_NO_TEXT)).then(_MARK + cell).otherwise(cell).alias(column)


def as_no_formula(column: str) -> pl.Expr:
    """A column of text, with an apostrophe before each cell that would be run as a formula, or begins with one.

    A number may be read as a number: for words whose place is known, so that a changed cell loses nothing.
    """
    cell = pl.col(column)
    run = cell.str.contains(FORMULA) | cell.str.contains(_BEGINNING)
    return pl.when(run).then(_MARK + cell).otherwise(cell).alias(column)
