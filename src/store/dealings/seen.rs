//! Which versions of a fact count (schema/002.sql): those of batches that are current. Usually no batch is staged, and the list that each
//! query looks through is empty.

/// The condition of a version that counts, for a table without an alias.
pub const SEEN: &str = "(since NOT IN (SELECT n FROM batch WHERE state = 'staged')
    AND (until IS NULL OR until IN (SELECT n FROM batch WHERE state = 'staged')))";

/// The condition of a version that counts or once did: what was seen of a fact over time.
pub const PUT: &str = "(since NOT IN (SELECT n FROM batch WHERE state = 'staged'))";

/// The batch that ended a version, if that one counts; for a table without an alias.
pub const ENDED: &str = "CASE WHEN until IN (SELECT n FROM batch WHERE state = 'staged') THEN NULL ELSE until END";
