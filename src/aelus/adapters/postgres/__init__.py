"""PostgreSQL with pgvector: the embedded server, the migrations, and the stores."""
