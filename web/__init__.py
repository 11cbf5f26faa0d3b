"""The web application: the screens and the HTTP API."""
