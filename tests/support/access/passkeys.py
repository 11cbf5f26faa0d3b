"""The site that a passkey belongs to."""

from access.signing_in.passkeys import Site

SITE = Site("continuum.force.example", "https://continuum.force.example")
