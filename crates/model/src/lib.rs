//! Ids, entities, statuses, permissions, editions, validation and the clock of Attest. No I/O.
