"""What is asked of several views at once, answered for every front."""
