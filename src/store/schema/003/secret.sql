-- 密码: of staff, as Argon2id, never the password itself. In an encrypted file the key slot lets people in, and this row holds only what
-- may not be taken again and what is to be changed.
CREATE TABLE secret (
    staff       INTEGER PRIMARY KEY REFERENCES staff (id),
    rev         INTEGER NOT NULL DEFAULT 1,
    updated_at  TEXT NOT NULL,
    updated_by  INTEGER NOT NULL,
    hash        TEXT NOT NULL,
    set_at      TEXT NOT NULL,
    earlier     TEXT NOT NULL,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    wrong       INTEGER NOT NULL,
    wrong_at    TEXT
) STRICT;
