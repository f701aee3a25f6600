"""Clinics in a browser: the compiled engine as WebAssembly."""
