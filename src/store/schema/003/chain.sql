-- The change log: which rows are hashed with a key. A segment goes on until the next one begins; before the first, and in a file without
-- any, rows are hashed without. `past` are the keys of the segments before, sealed under the data key of this one.
CREATE TABLE chain (
    n     INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    keyed INTEGER NOT NULL,
    past  BLOB NOT NULL
) STRICT;

CREATE TRIGGER chain_order BEFORE INSERT ON chain
WHEN NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM chain)
  OR NEW.since IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM change)
BEGIN SELECT RAISE(ABORT, 'chain: a segment begins behind the last change'); END;
CREATE TRIGGER chain_update BEFORE UPDATE ON chain
BEGIN SELECT RAISE(ABORT, 'chain: a row is never changed'); END;
CREATE TRIGGER chain_delete BEFORE DELETE ON chain
BEGIN SELECT RAISE(ABORT, 'chain: a row never leaves'); END;
