"""The compiled engine: many clinics at once, the same bits as the Mesa model."""
