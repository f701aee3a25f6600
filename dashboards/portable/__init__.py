"""The model in JavaScript, with the same bits: Python's own functions, carried over by their syntax trees.

`kinds` says what an expression gives, `sources` what a name in a function stands for; `expressions`, `calls` and
`statements` translate a stated subset of Python, and raise an error with file and line for anything else. `program`
collects what a few roots reach, `model` has the roots and writes the module that a page runs.
"""
