"""What to run: factors and parameter space, designs, replication, studies. Frozen values, nothing runs here."""
