-- The branch file, version 1. Days are INTEGER yyyymmdd, times ISO TEXT, sums INTEGER fen, lists and records JSON TEXT.
-- What is derived is written by store/derive.rs alone; no rule of the bank lives here.

CREATE TABLE setting (
    key        TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    rev        INTEGER NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL,
    updated_by INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE holiday (
    day  INTEGER PRIMARY KEY,
    off  INTEGER NOT NULL,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE staff (
    id         INTEGER PRIMARY KEY,
    rev        INTEGER NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL,
    updated_by INTEGER NOT NULL,
    code       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL,
    area       TEXT NOT NULL,
    line       TEXT NOT NULL,
    mentor     INTEGER REFERENCES staff (id),
    leader     INTEGER REFERENCES staff (id),
    active     INTEGER NOT NULL,
    prefs      TEXT NOT NULL
) STRICT;

CREATE TABLE batch (
    id      INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    by      INTEGER NOT NULL,
    name    TEXT NOT NULL,
    hash    TEXT NOT NULL,
    summary TEXT NOT NULL
) STRICT;
CREATE INDEX batch_hash ON batch (hash);

-- The columns a list needs come first, so that a scan never decodes the long ones.
CREATE TABLE customer (
    id            INTEGER PRIMARY KEY,
    rev           INTEGER NOT NULL DEFAULT 1,
    no            TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    document      TEXT NOT NULL,
    phone         TEXT NOT NULL,
    phone2        TEXT NOT NULL,
    address       TEXT NOT NULL,
    area          TEXT NOT NULL,
    owner         INTEGER REFERENCES staff (id),
    assistant     INTEGER REFERENCES staff (id),
    -- derived: standing
    aum           INTEGER,
    tier          INTEGER NOT NULL,            -- rank in force, -1 without figures
    stage         INTEGER,
    solar         INTEGER NOT NULL,            -- month*100+day, 0 unknown
    lunar         INTEGER NOT NULL,            -- the same, plus 2000 in a leap month
    keeps_lunar   INTEGER NOT NULL,
    next_visit    INTEGER,                     -- when the visit is due now
    visit_for     INTEGER,                     -- the day that visit stands for, which tries and snoozes do not move
    visitor       INTEGER,                     -- who makes it: the owner, or the colleague it was handed to
    gaps          INTEGER NOT NULL,
    held_tier     INTEGER,
    held_until    INTEGER,
    lacking       INTEGER NOT NULL,            -- required fields missing at the tier in force
    completeness  INTEGER NOT NULL,
    stale         INTEGER,                     -- first day on which tier or stage changes by itself
    missing       INTEGER NOT NULL,            -- required fields missing at each tier, eight bits a rank
    -- the latest figures, copied so that deriving needs no join
    as_of         INTEGER,
    balance       INTEGER,
    average       INTEGER,
    lapsed        INTEGER NOT NULL DEFAULT 0,  -- was lapsed once
    -- contacts and marks that set the next visit
    last_contact  INTEGER,                     -- day of the last real contact
    agreed        INTEGER,                     -- the next date it agreed
    tried         INTEGER,                     -- day of the last unanswered try since
    tried_next    INTEGER,                     -- the next date it set
    tries         INTEGER NOT NULL DEFAULT 0,
    skipped       INTEGER,                     -- day the visit was marked done or cancelled without a contact
    put_off       INTEGER,                     -- snoozed until
    handed_to     INTEGER,
    -- the archive
    sort          INTEGER NOT NULL,
    sex           INTEGER,
    birth         INTEGER,
    lunar_typed   INTEGER,
    keeps         INTEGER NOT NULL,
    document_kind TEXT,
    opened        INTEGER,
    opened_at     TEXT NOT NULL,
    estimate      INTEGER,
    cadence       INTEGER,
    verified      INTEGER,
    held_reason   TEXT,
    held_by       INTEGER,
    created_at    TEXT NOT NULL,
    created_batch INTEGER REFERENCES batch (id),
    updated_at    TEXT NOT NULL,
    updated_by    INTEGER NOT NULL,
    hand          TEXT NOT NULL,
    notes         TEXT NOT NULL
) STRICT;
CREATE INDEX customer_document ON customer (document) WHERE document <> '';
CREATE INDEX customer_phone ON customer (phone) WHERE phone <> '';
CREATE INDEX customer_phone2 ON customer (phone2) WHERE phone2 <> '';
CREATE INDEX customer_birth ON customer (birth) WHERE birth IS NOT NULL;
CREATE INDEX customer_solar ON customer (solar, tier DESC, aum DESC, owner) WHERE solar > 0 AND keeps_lunar = 0;
CREATE INDEX customer_lunar ON customer (lunar, tier DESC, aum DESC, owner) WHERE lunar > 0 AND keeps_lunar = 1;
CREATE INDEX customer_visit ON customer (next_visit, tier DESC, aum DESC) WHERE next_visit IS NOT NULL;
CREATE INDEX customer_visitor ON customer (visitor, next_visit, tier DESC, aum DESC) WHERE next_visit IS NOT NULL;
CREATE INDEX customer_aum ON customer (aum DESC) WHERE aum IS NOT NULL;
CREATE INDEX customer_lacking ON customer (tier, owner, aum DESC) WHERE lacking > 0 AND (tier >= 2 OR owner IS NOT NULL);
CREATE INDEX customer_stale ON customer (stale) WHERE stale IS NOT NULL;


-- For searching without the index of the workstation, written by store/keys.rs alone. Keys as index/key.rs packs them; places are
-- the stretches of addresses between digits, which are never taken away.
CREATE TABLE sound (
    key      INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (key, customer)
) STRICT, WITHOUT ROWID;
CREATE TABLE place (
    text TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE figures (
    customer  INTEGER NOT NULL REFERENCES customer (id),
    as_of     INTEGER NOT NULL,
    demand    INTEGER NOT NULL,
    fixed     INTEGER NOT NULL,
    wealth    INTEGER NOT NULL,
    fund      INTEGER NOT NULL,
    insurance INTEGER NOT NULL,
    bond      INTEGER NOT NULL,
    balance   INTEGER NOT NULL,
    average   INTEGER,
    PRIMARY KEY (customer, as_of)
) STRICT, WITHOUT ROWID;

-- Family members, occasions, links, remarks; and the days of them that fill the queue.
CREATE TABLE part (
    id         INTEGER PRIMARY KEY,
    rev        INTEGER NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL,
    updated_by INTEGER NOT NULL,
    customer   INTEGER NOT NULL REFERENCES customer (id),
    kind       TEXT NOT NULL,
    linked     INTEGER,
    value      TEXT NOT NULL
) STRICT;
CREATE INDEX part_customer ON part (customer);

CREATE TABLE occasion (
    kind     INTEGER NOT NULL,                 -- 0 solar month*100+day, 1 lunar the same, 2 a day of one year
    at       INTEGER NOT NULL,
    part     INTEGER NOT NULL REFERENCES part (id) ON DELETE CASCADE,
    customer INTEGER NOT NULL REFERENCES customer (id),
    PRIMARY KEY (kind, at, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX occasion_part ON occasion (part);

CREATE TABLE contact (
    id       INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customer (id),
    at       TEXT NOT NULL,
    day      INTEGER NOT NULL,
    by       INTEGER NOT NULL REFERENCES staff (id),
    channel  TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    note     TEXT NOT NULL,
    next     INTEGER,
    task     TEXT
) STRICT;
CREATE INDEX contact_customer ON contact (customer, at DESC, id DESC);

CREATE TABLE mark (
    key       TEXT PRIMARY KEY,
    rev       INTEGER NOT NULL DEFAULT 1,
    source    TEXT NOT NULL,
    customer  INTEGER REFERENCES customer (id),
    day       INTEGER NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
    until     INTEGER,
    handed_to INTEGER REFERENCES staff (id),
    contact   INTEGER REFERENCES contact (id),
    reason    TEXT NOT NULL,
    marked_on INTEGER NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by INTEGER NOT NULL REFERENCES staff (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mark_done ON mark (marked_on, updated_by) WHERE state = 'done';
CREATE INDEX mark_day ON mark (source, day);
CREATE INDEX mark_handed ON mark (handed_to) WHERE state = 'open' AND handed_to IS NOT NULL;

CREATE TABLE task (
    id         INTEGER PRIMARY KEY,
    rev        INTEGER NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL,
    updated_by INTEGER NOT NULL,
    owner      INTEGER NOT NULL REFERENCES staff (id),
    customer   INTEGER REFERENCES customer (id),
    text       TEXT NOT NULL,
    due        INTEGER NOT NULL,
    first      INTEGER NOT NULL,               -- the day its rhythm is counted from
    stands_for INTEGER NOT NULL,               -- the day of the rhythm; a snooze moves due alone
    repeat     TEXT NOT NULL,
    open       INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX task_due ON task (owner, due) WHERE open = 1;
CREATE INDEX task_customer ON task (customer) WHERE open = 1 AND customer IS NOT NULL;

CREATE TABLE hand_over (
    id        INTEGER PRIMARY KEY,
    customer  INTEGER NOT NULL REFERENCES customer (id),
    from_id   INTEGER NOT NULL REFERENCES staff (id),
    to_id     INTEGER NOT NULL REFERENCES staff (id),
    reason    TEXT NOT NULL,
    day       INTEGER NOT NULL,
    due       INTEGER NOT NULL,
    at        TEXT NOT NULL,
    open      INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX hand_over_to ON hand_over (to_id, due) WHERE open = 1;
CREATE INDEX hand_over_customer ON hand_over (customer) WHERE open = 1;

-- Feed, audit log and undo list in one. A row is never changed and never leaves.
CREATE TABLE change (
    seq      INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    by       INTEGER NOT NULL,
    station  TEXT NOT NULL,
    entity   TEXT NOT NULL,
    row      INTEGER NOT NULL,
    customer INTEGER,
    before   TEXT NOT NULL,
    after    TEXT NOT NULL,
    reason   TEXT NOT NULL,
    batch    INTEGER,
    op       INTEGER,
    prev     BLOB NOT NULL,
    hash     BLOB NOT NULL
) STRICT;
CREATE INDEX change_customer ON change (customer, seq) WHERE customer IS NOT NULL;

CREATE TRIGGER change_order BEFORE INSERT ON change
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM change)
BEGIN SELECT RAISE(ABORT, 'change: seq must follow the last one'); END;
CREATE TRIGGER change_update BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'change: a row is never changed'); END;
CREATE TRIGGER change_delete BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'change: a row never leaves'); END;

-- Who saw what beyond a list line: reveals and exports.
CREATE TABLE access (
    id       INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    by       INTEGER NOT NULL,
    station  TEXT NOT NULL,
    customer INTEGER,
    what     TEXT NOT NULL,
    reason   TEXT NOT NULL
) STRICT;
CREATE INDEX access_customer ON access (customer, at);

-- One row an operation, so that a save tried again is found again.
CREATE TABLE op (
    id  INTEGER PRIMARY KEY,
    row INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT;

-- Counters, kept by the triggers below; a recount must always agree.
CREATE TABLE tier_sum (
    tier    INTEGER PRIMARY KEY,
    count   INTEGER NOT NULL,
    figures INTEGER NOT NULL,                  -- of these, with figures
    aum     INTEGER NOT NULL
) STRICT;
CREATE TABLE visit_sum (
    visitor INTEGER NOT NULL,                  -- 0: nobody
    day     INTEGER NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (visitor, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE lacking_sum (
    tier  INTEGER NOT NULL,
    owner INTEGER NOT NULL,                    -- 0: nobody
    count INTEGER NOT NULL,
    PRIMARY KEY (tier, owner)
) STRICT, WITHOUT ROWID;

CREATE TABLE area_sum (
    area  TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tier_sum_insert AFTER INSERT ON customer
BEGIN
    INSERT INTO tier_sum VALUES (NEW.tier, 1, NEW.aum IS NOT NULL, coalesce(NEW.aum, 0))
    ON CONFLICT (tier) DO UPDATE SET count = count + 1, figures = figures + excluded.figures, aum = aum + excluded.aum;
END;
CREATE TRIGGER tier_sum_update AFTER UPDATE OF tier, aum ON customer
WHEN OLD.tier <> NEW.tier OR OLD.aum IS NOT NEW.aum
BEGIN
    UPDATE tier_sum SET count = count - 1, figures = figures - (OLD.aum IS NOT NULL), aum = aum - coalesce(OLD.aum, 0)
    WHERE tier = OLD.tier;
    INSERT INTO tier_sum VALUES (NEW.tier, 1, NEW.aum IS NOT NULL, coalesce(NEW.aum, 0))
    ON CONFLICT (tier) DO UPDATE SET count = count + 1, figures = figures + excluded.figures, aum = aum + excluded.aum;
END;
CREATE TRIGGER tier_sum_delete AFTER DELETE ON customer
BEGIN
    UPDATE tier_sum SET count = count - 1, figures = figures - (OLD.aum IS NOT NULL), aum = aum - coalesce(OLD.aum, 0)
    WHERE tier = OLD.tier;
END;

CREATE TRIGGER visit_sum_insert AFTER INSERT ON customer WHEN NEW.next_visit IS NOT NULL
BEGIN
    INSERT INTO visit_sum VALUES (coalesce(NEW.visitor, 0), NEW.next_visit, 1)
    ON CONFLICT (visitor, day) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER visit_sum_update AFTER UPDATE OF next_visit, visitor ON customer
WHEN OLD.next_visit IS NOT NEW.next_visit OR OLD.visitor IS NOT NEW.visitor
BEGIN
    UPDATE visit_sum SET count = count - 1
    WHERE visitor = coalesce(OLD.visitor, 0) AND day = OLD.next_visit;
    DELETE FROM visit_sum WHERE visitor = coalesce(OLD.visitor, 0) AND day = OLD.next_visit AND count = 0;
    INSERT INTO visit_sum SELECT coalesce(NEW.visitor, 0), NEW.next_visit, 1 WHERE NEW.next_visit IS NOT NULL
    ON CONFLICT (visitor, day) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER visit_sum_delete AFTER DELETE ON customer WHEN OLD.next_visit IS NOT NULL
BEGIN
    UPDATE visit_sum SET count = count - 1
    WHERE visitor = coalesce(OLD.visitor, 0) AND day = OLD.next_visit;
    DELETE FROM visit_sum WHERE visitor = coalesce(OLD.visitor, 0) AND day = OLD.next_visit AND count = 0;
END;

CREATE TRIGGER lacking_sum_insert AFTER INSERT ON customer
WHEN NEW.lacking > 0 AND (NEW.tier >= 2 OR NEW.owner IS NOT NULL)
BEGIN
    INSERT INTO lacking_sum VALUES (NEW.tier, coalesce(NEW.owner, 0), 1)
    ON CONFLICT (tier, owner) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER lacking_sum_update AFTER UPDATE OF lacking, tier, owner ON customer
WHEN OLD.tier <> NEW.tier OR OLD.owner IS NOT NEW.owner OR (OLD.lacking > 0) <> (NEW.lacking > 0)
BEGIN
    UPDATE lacking_sum SET count = count - 1
    WHERE tier = OLD.tier AND owner = coalesce(OLD.owner, 0)
      AND OLD.lacking > 0 AND (OLD.tier >= 2 OR OLD.owner IS NOT NULL);
    INSERT INTO lacking_sum SELECT NEW.tier, coalesce(NEW.owner, 0), 1
    WHERE NEW.lacking > 0 AND (NEW.tier >= 2 OR NEW.owner IS NOT NULL)
    ON CONFLICT (tier, owner) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER lacking_sum_delete AFTER DELETE ON customer
WHEN OLD.lacking > 0 AND (OLD.tier >= 2 OR OLD.owner IS NOT NULL)
BEGIN
    UPDATE lacking_sum SET count = count - 1 WHERE tier = OLD.tier AND owner = coalesce(OLD.owner, 0);
END;

CREATE TRIGGER area_sum_insert AFTER INSERT ON customer WHEN NEW.area <> ''
BEGIN
    INSERT INTO area_sum VALUES (NEW.area, 1) ON CONFLICT (area) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER area_sum_update AFTER UPDATE OF area ON customer WHEN OLD.area <> NEW.area
BEGIN
    UPDATE area_sum SET count = count - 1 WHERE area = OLD.area;
    DELETE FROM area_sum WHERE area = OLD.area AND count = 0;
    INSERT INTO area_sum SELECT NEW.area, 1 WHERE NEW.area <> ''
    ON CONFLICT (area) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER area_sum_delete AFTER DELETE ON customer WHEN OLD.area <> ''
BEGIN
    UPDATE area_sum SET count = count - 1 WHERE area = OLD.area;
    DELETE FROM area_sum WHERE area = OLD.area AND count = 0;
END;
