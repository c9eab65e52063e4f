"""What the documentation says, and the cases that follow from it."""
