"""Does Continuum keep what it promises? Mirrors the packages."""
