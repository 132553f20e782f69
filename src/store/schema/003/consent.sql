-- 同意: purpose and channel a customer agreed to, with the evidence. One row a purpose and channel, what was said last; what was said before
-- is in the change log. What archives said in words (notes: consent) stays there and is shown beside.
CREATE TABLE consent (
    customer INTEGER NOT NULL REFERENCES customer (id),
    purpose  TEXT NOT NULL,
    channel  TEXT NOT NULL,
    agreed   INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    at       TEXT NOT NULL,
    by       INTEGER NOT NULL,
    PRIMARY KEY (customer, purpose, channel)
) STRICT, WITHOUT ROWID;
-- Who withdrew something: few, and asked with every queue and list.
CREATE INDEX consent_withdrawn ON consent (customer) WHERE agreed = 0;
