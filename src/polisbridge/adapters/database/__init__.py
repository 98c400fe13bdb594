"""PostgreSQL: the server that comes with the program or any other, its tables, and what is kept in them."""
