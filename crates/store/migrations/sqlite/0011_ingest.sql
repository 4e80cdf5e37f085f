-- Room beside rows that change often is a matter of PostgreSQL alone.
SELECT 1;
