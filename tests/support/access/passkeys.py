"""The name and address of the site to which a test's passkey belongs."""

from access.signing_in.passkeys import Site

SITE = Site("continuum.force.example", "https://continuum.force.example")
