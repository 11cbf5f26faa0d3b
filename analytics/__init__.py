"""Questions of the whole network that may outgrow one process."""
