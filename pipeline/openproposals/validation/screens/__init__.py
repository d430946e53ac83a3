"""Screens prove in columns that rows and nodes are fine; what they cannot prove goes to a judge.

A screen may hand over too much, never too little. `rows` is the screen of tables. Of shapes: `known` is the graph as
columns, `values` what paths lead to, `each` and `together` are the rules by constraint, `shapes` the screen that asks
them, `closure` what a judge needs to know of a suspect.
"""
