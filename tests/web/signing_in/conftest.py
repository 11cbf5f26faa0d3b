"""Fixtures: a store whose users sign in at an identity provider."""

from tests.support.web.elsewhere import idp, staff

__all__ = ["idp", "staff"]
