"""Checking a catalogue, ours or anyone's: what data portals accept, change or drop, and how to mend it.

In: a catalogue's address, file or folder. Out: a `Diagnosis`, and its text. `catalogue` loads, `diagnosis` examines;
`checks`, `addresses` and `score` each make one part.
"""
