-- The words of cases stand in an index of their own already.
SELECT 1;
