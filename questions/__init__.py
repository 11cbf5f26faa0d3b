"""Questions that combine several views; every interface (command line, web, API) uses the
answers."""
