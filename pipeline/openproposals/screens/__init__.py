"""Screens prove in columns that rows and nodes are fine; what they cannot prove goes to a judge.

A screen may hand over too much, never too little. `rows` is the screen of tables; `known` is the graph as columns,
`values` and `shapes` are the screen of shapes, `closure` what a judge needs to know of a suspect.
"""
