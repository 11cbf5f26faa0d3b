"""The database of the views: an open connection, and what opens connections."""

import sqlalchemy as sa

Db = sa.Connection
Engine = sa.Engine
