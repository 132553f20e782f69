-- Version 2: what the core system's extracts say beyond customers and assets, and what follows from it.
--
-- A fact is kept in versions: `since` is the batch (batch.n) that brought it, `until` the batch that replaced or no longer listed it.
-- A version counts when its `since` is not a staged batch and its `until` is none or a staged one (store/dealings/seen.rs), so a file
-- arrives for everybody when its batch turns from staged to current, and is taken back without a before-image. 0 is what was there before
-- batches were numbered. `account` is 0 for the customer's own number, else the id of the archive that was merged into this one.

ALTER TABLE batch ADD COLUMN n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN state TEXT NOT NULL DEFAULT 'current';     -- staged, current, undone
ALTER TABLE batch ADD COLUMN layout TEXT NOT NULL DEFAULT '';
ALTER TABLE batch ADD COLUMN as_of INTEGER;                             -- the data date of its rows
ALTER TABLE batch ADD COLUMN station TEXT NOT NULL DEFAULT '';
ALTER TABLE batch ADD COLUMN beat TEXT NOT NULL DEFAULT '';             -- when the one who stages it last wrote
UPDATE batch SET n = (SELECT count(*) FROM batch b WHERE b.id <= batch.id);
CREATE UNIQUE INDEX batch_n ON batch (n);
CREATE INDEX batch_staged ON batch (n) WHERE state = 'staged';

-- Whose facts a batch touched: what it takes to make it current, to take it back, to clean up one that broke off.
CREATE TABLE touched (
    batch    INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (batch, customer)
) STRICT, WITHOUT ROWID;

CREATE TABLE figures_2 (
    customer  INTEGER NOT NULL REFERENCES customer (id),
    as_of     INTEGER NOT NULL,
    account   INTEGER NOT NULL,
    since     INTEGER NOT NULL,
    until     INTEGER,
    demand    INTEGER NOT NULL,
    fixed     INTEGER NOT NULL,
    wealth    INTEGER NOT NULL,
    fund      INTEGER NOT NULL,
    insurance INTEGER NOT NULL,
    bond      INTEGER NOT NULL,
    balance   INTEGER NOT NULL,
    average   INTEGER,
    PRIMARY KEY (customer, as_of, account, since)
) STRICT, WITHOUT ROWID;
INSERT INTO figures_2
SELECT customer, as_of, 0, 0, NULL, demand, fixed, wealth, fund, insurance, bond, balance, average FROM figures;
DROP TABLE figures;
ALTER TABLE figures_2 RENAME TO figures;

-- 交易: amounts in fen, in (贷) positive, out (借) negative.
CREATE TABLE txn (
    customer INTEGER NOT NULL REFERENCES customer (id),
    day      INTEGER NOT NULL,
    serial   TEXT NOT NULL,
    account  INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER,
    amount   INTEGER NOT NULL,
    channel  TEXT NOT NULL,
    bank     TEXT NOT NULL,
    note     TEXT NOT NULL,
    PRIMARY KEY (customer, day, serial, account, since)
) STRICT, WITHOUT ROWID;

-- 持有: a contract of a product; amount in fen, rate in hundredths of a per cent.
CREATE TABLE holding (
    customer INTEGER NOT NULL REFERENCES customer (id),
    contract TEXT NOT NULL,
    account  INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER,
    product  TEXT NOT NULL,
    amount   INTEGER NOT NULL,
    begins   INTEGER,
    ends     INTEGER,
    rate     INTEGER,
    state    TEXT NOT NULL,
    PRIMARY KEY (customer, contract, account, since)
) STRICT, WITHOUT ROWID;
-- All that the queue and the maturity wall count by, so that they read the contracts of a month and a half from one place.
CREATE INDEX holding_ends ON holding (ends, customer, amount, until, state) WHERE ends IS NOT NULL;

-- 贷款: sums in fen, class 0 正常 to 4 损失, overdue in days.
CREATE TABLE loan (
    customer   INTEGER NOT NULL REFERENCES customer (id),
    no         TEXT NOT NULL,
    account    INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    until      INTEGER,
    product    TEXT NOT NULL,
    lent       INTEGER NOT NULL,
    balance    INTEGER NOT NULL,
    lent_on    INTEGER,
    ends       INTEGER,
    next_due   INTEGER,
    instalment INTEGER,
    overdue    INTEGER NOT NULL,
    class      INTEGER NOT NULL,
    purpose    TEXT NOT NULL,
    method     TEXT NOT NULL,
    repays     TEXT NOT NULL,
    PRIMARY KEY (customer, no, account, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX loan_due ON loan (next_due, customer) WHERE next_due IS NOT NULL;
CREATE INDEX loan_late ON loan (customer) WHERE overdue > 0;

-- 签约
CREATE TABLE service (
    customer INTEGER NOT NULL REFERENCES customer (id),
    name     TEXT NOT NULL,
    account  INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER,
    state    TEXT NOT NULL,
    day      INTEGER,
    PRIMARY KEY (customer, name, account, since)
) STRICT, WITHOUT ROWID;

-- 评级: grade and credit line in fen.
CREATE TABLE rating (
    customer INTEGER NOT NULL REFERENCES customer (id),
    day      INTEGER NOT NULL,
    account  INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER,
    grade    TEXT NOT NULL,
    credit   INTEGER,
    PRIMARY KEY (customer, day, account, since)
) STRICT, WITHOUT ROWID;

-- What a batch of facts says that somebody must look at (fund movement, outflow, class worsened, pattern left, many lenders).
CREATE TABLE signal (
    id       INTEGER PRIMARY KEY,
    since    INTEGER NOT NULL,
    customer INTEGER NOT NULL REFERENCES customer (id),
    kind     TEXT NOT NULL,
    day      INTEGER NOT NULL,
    value    TEXT NOT NULL
) STRICT;
CREATE INDEX signal_day ON signal (day, customer);
CREATE INDEX signal_customer ON signal (customer, day);

-- Every move between tiers, by rules or by hand: ranks, -1 for none; why is JSON.
CREATE TABLE tier_move (
    customer  INTEGER NOT NULL REFERENCES customer (id),
    day       INTEGER NOT NULL,
    at        TEXT NOT NULL,
    from_tier INTEGER NOT NULL,
    to_tier   INTEGER NOT NULL,
    why       TEXT NOT NULL,
    since     INTEGER NOT NULL,
    PRIMARY KEY (customer, day, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX tier_move_day ON tier_move (day);

-- The tier by rules, beside the one in force: -1 until it was first derived; below since when and protected until when.
ALTER TABLE customer ADD COLUMN reached INTEGER NOT NULL DEFAULT -1;
ALTER TABLE customer ADD COLUMN below_since INTEGER;
ALTER TABLE customer ADD COLUMN guarded_until INTEGER;

-- 转介: `kind` is 'matter' (something to be seen to) or 'keeper' (the customer changes hands when it is accepted);
-- `state` is 'open', 'done', 'accepted', 'refused' or 'withdrawn'. `since` is the batch whose tier move proposed it, 0 for a person.
ALTER TABLE hand_over ADD COLUMN kind TEXT NOT NULL DEFAULT 'matter';
ALTER TABLE hand_over ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
ALTER TABLE hand_over ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE hand_over ADD COLUMN answered_at TEXT;
ALTER TABLE hand_over ADD COLUMN answered_by INTEGER;
ALTER TABLE hand_over ADD COLUMN tier INTEGER;
ALTER TABLE hand_over ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
UPDATE hand_over SET state = 'done' WHERE open = 0;
CREATE INDEX hand_over_from ON hand_over (from_id, day) WHERE kind = 'keeper';

-- How many customers somebody keeps of each tier, whom nobody keeps, and whose keeper left.
CREATE INDEX customer_owner ON customer (owner, tier);

-- 代理: who acts for whom, from day to day.
CREATE TABLE delegate (
    id         INTEGER PRIMARY KEY,
    rev        INTEGER NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL,
    updated_by INTEGER NOT NULL,
    staff      INTEGER NOT NULL REFERENCES staff (id),
    to_id      INTEGER NOT NULL REFERENCES staff (id),
    from_day   INTEGER NOT NULL,
    to_day     INTEGER NOT NULL,
    reason     TEXT NOT NULL
) STRICT;

-- Archives that were merged into another: their numbers lead to it. `image` is all it takes to part them again.
CREATE TABLE merged (
    id       INTEGER PRIMARY KEY,
    no       TEXT NOT NULL UNIQUE,
    customer INTEGER NOT NULL REFERENCES customer (id),
    at       TEXT NOT NULL,
    by       INTEGER NOT NULL,
    image    TEXT NOT NULL
) STRICT;
CREATE INDEX merged_customer ON merged (customer);

-- Pairs that somebody looked at and found to be two people.
CREATE TABLE apart (
    a      INTEGER NOT NULL,
    b      INTEGER NOT NULL,
    at     TEXT NOT NULL,
    by     INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;

-- How the columns of a file of another layout are read, remembered by its headers.
CREATE TABLE mapping (
    headers    TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    layout     TEXT NOT NULL,
    value      TEXT NOT NULL,
    rev        INTEGER NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL,
    updated_by INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whose family a customer is, told by the archives that link to theirs.
CREATE INDEX part_linked ON part (linked) WHERE linked IS NOT NULL;
