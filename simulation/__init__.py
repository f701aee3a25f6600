"""The model: what happens between therapists and clients, session by session.

What is named in the stub beside this file is all that most scripts need, and is imported when it is first used:

>>> from simulation import preset, simulate
>>> result = simulate(preset("university_counselling"), seed=1)  # doctest: +SKIP
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
