"""A lesson of one's own: the least that a file of a lesson holds."""

from __future__ import annotations

__all__ = ["BASE"]

BASE = """
title = "A lesson of one's own"
level = "introductory"
question = "Does empathy keep clients in therapy?"
story = "Two clinics that differ in the empathy of their therapists and in nothing else."
limits = ["Nothing about any one person."]

[[arms]]
name = "plain"
title = "plain"

[[arms]]
name = "kind"
title = "kind"
parameters = { empathy = 0.8 }

[[findings]]
name = "stay"
label = "dropout"
measure = "dropped_out"
arm = "plain"
baseline = "kind"

[predict]
kind = "number"
text = "How many fewer drop out?"
finding = "stay"
low = 0
high = 50
step = 1
close = 3

[[figures]]
kind = "staying"
title = "Who still comes"

[[explanation]]
text = "Something that is always true."

[[explanation]]
checks = [{ finding = "stay", side = "above" }]
text = "It keeps {stay}."
contradicted = "It does not: {stay}."

[[published]]
fact = "F11"

[next]
question = "And with less empathy than that?"
room = "clinic"

[instructor]
goals = ["say what empathy is"]
ask = ["What is empathy?", "Who rates it?"]
discuss = ["One thing", "Another thing"]
[[instructor.misconceptions]]
belief = "Empathy is enough."
reply = "It is one thing of many."
[instructor.stages]
open = "Begin"
predict = "Guess"
run = "Go on"
discuss = "Close"
"""
