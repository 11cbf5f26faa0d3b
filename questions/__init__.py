"""Questions over several views, with answers for every front."""
