"""Screens prove, a column at a time, that rows and nodes conform; a judge (frictionless, pyshacl) checks the rest.

A screen may leave more to the judge than it must, never less. `table_rows` screens tables. For shapes, `implied` is
the graph that the tables imply, `paths` evaluates property paths on it, `each_value` and `all_values` prove
constraints, `shapes` combines them, `closure` collects what a judge needs to know of a suspect, and `suspects` calls
the judge.
"""
