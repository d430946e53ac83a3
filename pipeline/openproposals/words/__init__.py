"""The program's own words, one folder a language, and how languages write numbers, dates and plurals.

In: a language. Out: its texts, which `messages` loads, and its forms by CLDR (`cldr`). A new language is a new folder.
"""
