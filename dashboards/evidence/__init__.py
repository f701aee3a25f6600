"""What the Evidence pages show, as data and HTML that is ready to render."""
