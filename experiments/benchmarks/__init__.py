"""How fast the engine, studies and trials are, beside a lower bound and beside other programs."""
