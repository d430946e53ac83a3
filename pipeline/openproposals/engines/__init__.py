"""Engines: where the work of the pipeline is done, on this machine or on a Spark cluster.

In: a corpus's folder, and each stage's input. Out: what the stages of `stages.py` need: tables, findings, counts, and
files in a draft. An engine moves rows together and schedules; what is right is decided by the folders below.
"""
