"""Runs the sweep again that the sweep room opens with: ``python -m dashboards.tools.shipped_sweep``."""

from __future__ import annotations

from dashboards.sweeps.shipped import FILE, as_text, run_again


def main() -> None:
    """Run it and store it beside the code."""
    FILE.write_text(as_text(run_again()), "utf-8")


if __name__ == "__main__":
    main()
