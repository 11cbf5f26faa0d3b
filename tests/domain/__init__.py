"""What may be recorded, and by which rules."""
