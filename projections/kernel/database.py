"""Types for a database of views: a connection to it, and where a connection comes from."""

import sqlalchemy as sa

Db = sa.Connection
Engine = sa.Engine
