"""Types for a database of views: a connection, and the source of connections."""

import sqlalchemy as sa

Db = sa.Connection
Engine = sa.Engine
