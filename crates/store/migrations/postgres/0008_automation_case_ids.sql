-- Only SQLite changes: ids of automated tests come from a sequence here from the beginning.
SELECT 1;
