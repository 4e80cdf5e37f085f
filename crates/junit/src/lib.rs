//! Streaming JUnit XML reader with the mapping that Testmo's command line defines.
