"""The equations of the model: one small pure function of floats each.

The parameters come last and are called `p`. A quantity centred as ``(x - 0.5)`` is average at ½; a weight
times it is in logits. Mechanism numbers C.. and fact numbers F.. are those of the evidence.
"""
