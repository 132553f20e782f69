//! The archive's fields. (table follows)
