"""How fast the engine and studies are, beside a lower bound and beside Mesa."""
