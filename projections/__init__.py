"""What do the recorded facts say? One file answers one question."""
