//! Use cases of Attest: authorise, transact, audit.
