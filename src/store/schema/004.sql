-- Customers in the orders that the queue, the board and the lists ask for, kept by the triggers below. They are tables and not indexes of the
-- customers because a table can be filled in its order (store/order.rs), which is several times cheaper than SQLite's own sorting, whenever
-- figures of a day or a rule change nearly all of them. 0 is nobody; the least number there is, no figures. A recount must always agree.

DROP INDEX customer_document;
DROP INDEX customer_phone;
DROP INDEX customer_phone2;
DROP INDEX customer_birth;
DROP INDEX customer_solar;
DROP INDEX customer_lunar;
DROP INDEX customer_visit;
DROP INDEX customer_visitor;
DROP INDEX customer_aum;
DROP INDEX customer_lacking;
DROP INDEX customer_stale;
DROP INDEX customer_owner;

-- Birthdays, solar (lunar = 0) and lunar ones: month*100+day, plus 2000 in a leap month.
CREATE TABLE birthday_order (
    lunar    INTEGER NOT NULL,
    day      INTEGER NOT NULL,
    tier     INTEGER NOT NULL,
    aum      INTEGER NOT NULL,
    owner    INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (lunar, day, tier DESC, aum DESC, owner, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO birthday_order SELECT keeps_lunar, iif(keeps_lunar, lunar, solar), tier, coalesce(aum, -9223372036854775808),
    coalesce(owner, 0), id
FROM customer WHERE iif(keeps_lunar, lunar, solar) > 0;
CREATE TRIGGER birthday_order_insert AFTER INSERT ON customer WHEN iif(NEW.keeps_lunar, NEW.lunar, NEW.solar) > 0
BEGIN INSERT INTO birthday_order VALUES (NEW.keeps_lunar, iif(NEW.keeps_lunar, NEW.lunar, NEW.solar), NEW.tier,
    coalesce(NEW.aum, -9223372036854775808), coalesce(NEW.owner, 0), NEW.id); END;
CREATE TRIGGER birthday_order_update AFTER UPDATE OF keeps_lunar, lunar, solar, tier, aum, owner ON customer
WHEN OLD.keeps_lunar <> NEW.keeps_lunar OR OLD.lunar <> NEW.lunar OR OLD.solar <> NEW.solar OR OLD.tier <> NEW.tier
    OR OLD.aum IS NOT NEW.aum OR OLD.owner IS NOT NEW.owner
BEGIN
    DELETE FROM birthday_order WHERE lunar = OLD.keeps_lunar AND day = iif(OLD.keeps_lunar, OLD.lunar, OLD.solar) AND tier = OLD.tier
        AND aum = coalesce(OLD.aum, -9223372036854775808) AND owner = coalesce(OLD.owner, 0) AND customer = OLD.id;
    INSERT INTO birthday_order SELECT NEW.keeps_lunar, iif(NEW.keeps_lunar, NEW.lunar, NEW.solar), NEW.tier,
        coalesce(NEW.aum, -9223372036854775808), coalesce(NEW.owner, 0), NEW.id
    WHERE iif(NEW.keeps_lunar, NEW.lunar, NEW.solar) > 0;
END;
CREATE TRIGGER birthday_order_delete AFTER DELETE ON customer WHEN iif(OLD.keeps_lunar, OLD.lunar, OLD.solar) > 0
BEGIN DELETE FROM birthday_order WHERE lunar = OLD.keeps_lunar AND day = iif(OLD.keeps_lunar, OLD.lunar, OLD.solar) AND tier = OLD.tier
    AND aum = coalesce(OLD.aum, -9223372036854775808) AND owner = coalesce(OLD.owner, 0) AND customer = OLD.id; END;

-- Visits due, of the whole branch.
CREATE TABLE visit_order (
    day      INTEGER NOT NULL,
    tier     INTEGER NOT NULL,
    aum      INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (day, tier DESC, aum DESC, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO visit_order SELECT next_visit, tier, coalesce(aum, -9223372036854775808), id
FROM customer WHERE next_visit IS NOT NULL;
CREATE TRIGGER visit_order_insert AFTER INSERT ON customer WHEN NEW.next_visit IS NOT NULL
BEGIN INSERT INTO visit_order VALUES (NEW.next_visit, NEW.tier, coalesce(NEW.aum, -9223372036854775808), NEW.id); END;
CREATE TRIGGER visit_order_update AFTER UPDATE OF next_visit, tier, aum ON customer
WHEN OLD.next_visit IS NOT NEW.next_visit OR OLD.tier <> NEW.tier OR OLD.aum IS NOT NEW.aum
BEGIN
    DELETE FROM visit_order WHERE day = OLD.next_visit AND tier = OLD.tier AND aum = coalesce(OLD.aum, -9223372036854775808)
        AND customer = OLD.id;
    INSERT INTO visit_order SELECT NEW.next_visit, NEW.tier, coalesce(NEW.aum, -9223372036854775808), NEW.id
    WHERE NEW.next_visit IS NOT NULL;
END;
CREATE TRIGGER visit_order_delete AFTER DELETE ON customer WHEN OLD.next_visit IS NOT NULL
BEGIN DELETE FROM visit_order WHERE day = OLD.next_visit AND tier = OLD.tier AND aum = coalesce(OLD.aum, -9223372036854775808)
    AND customer = OLD.id; END;

-- The same of each visitor.
CREATE TABLE visitor_order (
    visitor  INTEGER NOT NULL,
    day      INTEGER NOT NULL,
    tier     INTEGER NOT NULL,
    aum      INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (visitor, day, tier DESC, aum DESC, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO visitor_order SELECT coalesce(visitor, 0), next_visit, tier, coalesce(aum, -9223372036854775808), id
FROM customer WHERE next_visit IS NOT NULL;
CREATE TRIGGER visitor_order_insert AFTER INSERT ON customer WHEN NEW.next_visit IS NOT NULL
BEGIN INSERT INTO visitor_order VALUES (coalesce(NEW.visitor, 0), NEW.next_visit, NEW.tier, coalesce(NEW.aum, -9223372036854775808),
    NEW.id); END;
CREATE TRIGGER visitor_order_update AFTER UPDATE OF visitor, next_visit, tier, aum ON customer
WHEN OLD.visitor IS NOT NEW.visitor OR OLD.next_visit IS NOT NEW.next_visit OR OLD.tier <> NEW.tier OR OLD.aum IS NOT NEW.aum
BEGIN
    DELETE FROM visitor_order WHERE visitor = coalesce(OLD.visitor, 0) AND day = OLD.next_visit AND tier = OLD.tier
        AND aum = coalesce(OLD.aum, -9223372036854775808) AND customer = OLD.id;
    INSERT INTO visitor_order SELECT coalesce(NEW.visitor, 0), NEW.next_visit, NEW.tier, coalesce(NEW.aum, -9223372036854775808), NEW.id
    WHERE NEW.next_visit IS NOT NULL;
END;
CREATE TRIGGER visitor_order_delete AFTER DELETE ON customer WHEN OLD.next_visit IS NOT NULL
BEGIN DELETE FROM visitor_order WHERE visitor = coalesce(OLD.visitor, 0) AND day = OLD.next_visit AND tier = OLD.tier
    AND aum = coalesce(OLD.aum, -9223372036854775808) AND customer = OLD.id; END;

-- Customers with figures, by assets.
CREATE TABLE asset_order (
    aum      INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (aum DESC, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO asset_order SELECT aum, id
FROM customer WHERE aum IS NOT NULL;
CREATE TRIGGER asset_order_insert AFTER INSERT ON customer WHEN NEW.aum IS NOT NULL
BEGIN INSERT INTO asset_order VALUES (NEW.aum, NEW.id); END;
CREATE TRIGGER asset_order_update AFTER UPDATE OF aum ON customer
WHEN OLD.aum IS NOT NEW.aum
BEGIN
    DELETE FROM asset_order WHERE aum = OLD.aum AND customer = OLD.id;
    INSERT INTO asset_order SELECT NEW.aum, NEW.id
    WHERE NEW.aum IS NOT NULL;
END;
CREATE TRIGGER asset_order_delete AFTER DELETE ON customer WHEN OLD.aum IS NOT NULL
BEGIN DELETE FROM asset_order WHERE aum = OLD.aum AND customer = OLD.id; END;

-- Archives that lack something, of each tier and keeper.
CREATE TABLE lacking_order (
    tier     INTEGER NOT NULL,
    owner    INTEGER NOT NULL,
    aum      INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (tier, owner, aum DESC, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO lacking_order SELECT tier, coalesce(owner, 0), coalesce(aum, -9223372036854775808), id
FROM customer WHERE lacking > 0 AND (tier >= 2 OR owner IS NOT NULL);
CREATE TRIGGER lacking_order_insert AFTER INSERT ON customer WHEN NEW.lacking > 0 AND (NEW.tier >= 2 OR NEW.owner IS NOT NULL)
BEGIN INSERT INTO lacking_order VALUES (NEW.tier, coalesce(NEW.owner, 0), coalesce(NEW.aum, -9223372036854775808), NEW.id); END;
CREATE TRIGGER lacking_order_update AFTER UPDATE OF tier, owner, aum, lacking ON customer
WHEN OLD.tier <> NEW.tier OR OLD.owner IS NOT NEW.owner OR OLD.aum IS NOT NEW.aum OR (OLD.lacking > 0) <> (NEW.lacking > 0)
BEGIN
    DELETE FROM lacking_order WHERE tier = OLD.tier AND owner = coalesce(OLD.owner, 0) AND aum = coalesce(OLD.aum, -9223372036854775808)
        AND customer = OLD.id;
    INSERT INTO lacking_order SELECT NEW.tier, coalesce(NEW.owner, 0), coalesce(NEW.aum, -9223372036854775808), NEW.id
    WHERE NEW.lacking > 0 AND (NEW.tier >= 2 OR NEW.owner IS NOT NULL);
END;
CREATE TRIGGER lacking_order_delete AFTER DELETE ON customer WHEN OLD.lacking > 0 AND (OLD.tier >= 2 OR OLD.owner IS NOT NULL)
BEGIN DELETE FROM lacking_order WHERE tier = OLD.tier AND owner = coalesce(OLD.owner, 0)
    AND aum = coalesce(OLD.aum, -9223372036854775808) AND customer = OLD.id; END;

-- Whom somebody keeps of each tier, whose keeper left, and who should have one.
CREATE TABLE keeper_order (
    owner    INTEGER NOT NULL,
    tier     INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (owner, tier, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO keeper_order SELECT coalesce(owner, 0), tier, id
FROM customer WHERE owner IS NOT NULL OR tier >= 1;
CREATE TRIGGER keeper_order_insert AFTER INSERT ON customer WHEN NEW.owner IS NOT NULL OR NEW.tier >= 1
BEGIN INSERT INTO keeper_order VALUES (coalesce(NEW.owner, 0), NEW.tier, NEW.id); END;
CREATE TRIGGER keeper_order_update AFTER UPDATE OF owner, tier ON customer
WHEN OLD.owner IS NOT NEW.owner OR OLD.tier <> NEW.tier
BEGIN
    DELETE FROM keeper_order WHERE owner = coalesce(OLD.owner, 0) AND tier = OLD.tier AND customer = OLD.id;
    INSERT INTO keeper_order SELECT coalesce(NEW.owner, 0), NEW.tier, NEW.id
    WHERE NEW.owner IS NOT NULL OR NEW.tier >= 1;
END;
CREATE TRIGGER keeper_order_delete AFTER DELETE ON customer WHEN OLD.owner IS NOT NULL OR OLD.tier >= 1
BEGIN DELETE FROM keeper_order WHERE owner = coalesce(OLD.owner, 0) AND tier = OLD.tier AND customer = OLD.id; END;

-- Whose tier or stage changes by itself, by the first day on which it does.
CREATE TABLE stale_order (
    stale    INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (stale, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO stale_order SELECT stale, id
FROM customer WHERE stale IS NOT NULL;
CREATE TRIGGER stale_order_insert AFTER INSERT ON customer WHEN NEW.stale IS NOT NULL
BEGIN INSERT INTO stale_order VALUES (NEW.stale, NEW.id); END;
CREATE TRIGGER stale_order_update AFTER UPDATE OF stale ON customer
WHEN OLD.stale IS NOT NEW.stale
BEGIN
    DELETE FROM stale_order WHERE stale = OLD.stale AND customer = OLD.id;
    INSERT INTO stale_order SELECT NEW.stale, NEW.id
    WHERE NEW.stale IS NOT NULL;
END;
CREATE TRIGGER stale_order_delete AFTER DELETE ON customer WHEN OLD.stale IS NOT NULL
BEGIN DELETE FROM stale_order WHERE stale = OLD.stale AND customer = OLD.id; END;

-- Who was born on a day.
CREATE TABLE birth_order (
    birth    INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (birth, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO birth_order SELECT birth, id
FROM customer WHERE birth IS NOT NULL;
CREATE TRIGGER birth_order_insert AFTER INSERT ON customer WHEN NEW.birth IS NOT NULL
BEGIN INSERT INTO birth_order VALUES (NEW.birth, NEW.id); END;
CREATE TRIGGER birth_order_update AFTER UPDATE OF birth ON customer
WHEN OLD.birth IS NOT NEW.birth
BEGIN
    DELETE FROM birth_order WHERE birth = OLD.birth AND customer = OLD.id;
    INSERT INTO birth_order SELECT NEW.birth, NEW.id
    WHERE NEW.birth IS NOT NULL;
END;
CREATE TRIGGER birth_order_delete AFTER DELETE ON customer WHEN OLD.birth IS NOT NULL
BEGIN DELETE FROM birth_order WHERE birth = OLD.birth AND customer = OLD.id; END;

-- Whose document it is.
CREATE TABLE document_order (
    document TEXT NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (document, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO document_order SELECT document, id FROM customer WHERE document <> '';
CREATE TRIGGER document_order_insert AFTER INSERT ON customer WHEN NEW.document <> ''
BEGIN INSERT INTO document_order VALUES (NEW.document, NEW.id); END;
CREATE TRIGGER document_order_update AFTER UPDATE OF document ON customer WHEN OLD.document <> NEW.document
BEGIN
    DELETE FROM document_order WHERE document = OLD.document AND customer = OLD.id;
    INSERT INTO document_order SELECT NEW.document, NEW.id WHERE NEW.document <> '';
END;
CREATE TRIGGER document_order_delete AFTER DELETE ON customer WHEN OLD.document <> ''
BEGIN DELETE FROM document_order WHERE document = OLD.document AND customer = OLD.id; END;

-- Whose telephone it is, the first or the second.
CREATE TABLE phone_order (
    phone    TEXT NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (phone, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO phone_order
SELECT phone, id FROM customer WHERE phone <> '' UNION SELECT phone2, id FROM customer WHERE phone2 <> '';
CREATE TRIGGER phone_order_insert AFTER INSERT ON customer WHEN NEW.phone <> '' OR NEW.phone2 <> ''
BEGIN
    INSERT INTO phone_order SELECT NEW.phone, NEW.id WHERE NEW.phone <> '';
    INSERT INTO phone_order SELECT NEW.phone2, NEW.id WHERE NEW.phone2 <> '' AND NEW.phone2 <> NEW.phone;
END;
CREATE TRIGGER phone_order_update AFTER UPDATE OF phone, phone2 ON customer WHEN OLD.phone <> NEW.phone OR OLD.phone2 <> NEW.phone2
BEGIN
    DELETE FROM phone_order WHERE phone IN (OLD.phone, OLD.phone2) AND customer = OLD.id;
    INSERT INTO phone_order SELECT NEW.phone, NEW.id WHERE NEW.phone <> '';
    INSERT INTO phone_order SELECT NEW.phone2, NEW.id WHERE NEW.phone2 <> '' AND NEW.phone2 <> NEW.phone;
END;
CREATE TRIGGER phone_order_delete AFTER DELETE ON customer
BEGIN DELETE FROM phone_order WHERE phone IN (OLD.phone, OLD.phone2) AND customer = OLD.id; END;
