-- 个人信息请求: what a customer asked of their data. How far a request is say the marks on its two lines of the queue.
CREATE TABLE request (
    id       INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customer (id),
    kind     TEXT NOT NULL,
    day      INTEGER NOT NULL,
    at       TEXT NOT NULL,
    due      INTEGER NOT NULL,
    by       INTEGER NOT NULL,
    note     TEXT NOT NULL
) STRICT;
CREATE INDEX request_customer ON request (customer);
CREATE INDEX request_day ON request (day);

-- Who was erased, and the numbers that were merged into their archive: readers show no value of theirs, imports refuse their number.
-- `until` is the newest change whose values are not shown; `told` is the certificate as it was printed.
CREATE TABLE erased (
    customer    INTEGER PRIMARY KEY,
    no          TEXT NOT NULL UNIQUE,
    at          TEXT NOT NULL,
    until       INTEGER NOT NULL,
    certificate TEXT NOT NULL,
    told        TEXT NOT NULL
) STRICT;
