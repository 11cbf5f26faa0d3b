"""One installation: what may be set, and the one place where that becomes a running system; its
records by themselves for those who do not trust it, and what keeps it safe."""
