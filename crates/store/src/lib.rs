//! Db over SQLite and PostgreSQL, migrations, one module per resource.
