"""The database of the views: a connection, and its source."""

import sqlalchemy as sa

Db = sa.Connection
Engine = sa.Engine
