//! An encrypted branch file and what lies beside it: no byte of it tells of a customer, no changed byte is taken for true, and only its own key
//! opens it. What becomes of a file that gets another key.
#![cfg(feature = "encryption")]

use crate::house::{House, person, save, saved, station};
use guitai::domain::customer::Customer;
use guitai::domain::password::Password;
use guitai::domain::staff::Role;
use guitai::store::backup::Looked;
use guitai::store::cache::Cache;
use guitai::store::key::Key;
use guitai::store::open::{File, Mode, Station};
use guitai::store::outbox::Outbox;
use guitai::store::recrypt::{self, Turn};
use guitai::store::refuse::OpenError;
use guitai::store::request::Failure;
use guitai::store::secret::{self, Given};
use guitai::store::slots::{self, Cost, Costs, Made, Slots, disk};
use rusqlite::Connection;
use rusqlite::types::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What is looked for in bytes: a name, a phone, an ID number, an address, a colleague, a table, the file's own head.
const SECRETS: [&str; 7] =
    ["张山河", "13985210027", "520325196611212452", "解放路88号", "王敏", "CREATE TABLE", "SQLite format 3"];

fn with(path: &Path, ending: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn keyed(key: &Key) -> Station {
    Station { key: key.clone(), ..station("PC-1", 1) }
}

/// A branch under a key, with somebody in it whom the secrets are about.
fn house(key: &Key) -> House {
    let mut house = House::under("2026-11-20", key);
    let customer = Customer {
        name: "张山河".to_owned(),
        phone: "13985210027".to_owned(),
        notes: [("remarks".to_owned(), "身份证 520325196611212452".to_owned())].into(),
        address: "贵州省遵义市道真县玉溪镇解放路88号".to_owned(),
        ..Customer::default()
    };
    house.create(customer);
    house
}

/// Nothing of it stands in these bytes.
fn silent(what: &str, bytes: &[u8]) {
    for secret in SECRETS {
        let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
        assert!(!found, "{secret} stands in {what}");
    }
}

/// Everything in a file, by table.
fn all(path: &Path, key: &Key) -> rusqlite::Result<BTreeMap<String, Vec<Vec<Value>>>> {
    let conn = Connection::open(path)?;
    key.unlock(&conn)?;
    let names: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut found = BTreeMap::new();
    for name in names {
        let mut statement = conn.prepare(&format!("SELECT * FROM \"{name}\""))?;
        let columns = statement.column_count();
        let rows = statement.query_map([], |r| (0..columns).map(|i| r.get(i)).collect())?;
        found.insert(name, rows.collect::<rusqlite::Result<_>>()?);
    }
    Ok(found)
}

#[test]
fn no_byte_of_file_journal_cache_or_outbox_tells_of_a_customer() {
    let key = Key::new().unwrap();
    let mut house = house(&key);
    let path = house.path.clone();
    silent("the file", &fs::read(&path).unwrap());

    // A save that never ends: what it replaces is in the journal, what it wrote in the file.
    let conn = Connection::open(&path).unwrap();
    key.unlock(&conn).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = TRUNCATE; PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE",
    )
    .unwrap();
    conn.execute("UPDATE customer SET name = name || '之'", []).unwrap();
    conn.execute("UPDATE staff SET name = name || '之'", []).unwrap();
    let journal = fs::read(with(&path, "-journal")).unwrap();
    assert!(journal.len() > 4_096, "the journal holds pages");
    silent("the journal", &journal);
    silent("the file in a save", &fs::read(&path).unwrap());
    conn.execute_batch("ROLLBACK").unwrap();
    drop(conn);

    let cache = house.folder.path().join("index.cache");
    let reader = Connection::open(&path).unwrap();
    key.unlock(&reader).unwrap();
    Cache::under(&cache, &key).unwrap().step(&reader).unwrap();
    assert!(fs::metadata(&cache).unwrap().len() > 4_096);
    silent("the cache", &fs::read(&cache).unwrap());

    let outbox = house.folder.path().join("0.outbox");
    let kept = Outbox::under(&outbox, &key).unwrap();
    let (op, id) = (house.op(), house.rows()[0].id);
    let ask = save(op, id, 1, &[("phone", "13985210027", "13985210028"), ("name", "张山河", "张山河")], house.stamp());
    kept.put(op, &ask).unwrap();
    silent("the outbox while it is open", &fs::read(with(&outbox, "-wal")).unwrap());
    drop(kept);
    silent("the outbox", &fs::read(&outbox).unwrap());
    assert_eq!(Outbox::under(&outbox, &key).unwrap().waiting().unwrap(), [ask]);
}

#[test]
fn only_its_own_key_opens_it_and_each_refusal_says_what_is_the_matter() {
    let key = Key::new().unwrap();
    let house = house(&key);
    let opened = |path: &Path, key: &Key| File::open(path, Mode::Write, &keyed(key)).map(drop).unwrap_err();
    let there = house.path.clone();
    assert_eq!(opened(&there, &Key::new().unwrap()), OpenError::WrongKey(there.clone()));
    // Without a slot file nothing says that it is more than noise.
    assert_eq!(opened(&there, &Key::default()), OpenError::Foreign(there.clone()));
    fs::write(slots::path(&there), "{}").unwrap();
    assert_eq!(opened(&there, &Key::default()), OpenError::Locked(there.clone()));
    // A plain file in its place is not taken for it.
    let plain = House::on("2026-11-20");
    assert_eq!(opened(&plain.path, &key), OpenError::WrongKey(plain.path.clone()));
}

#[test]
fn a_byte_changed_in_any_page_is_an_error_and_never_other_data() {
    let key = Key::new().unwrap();
    let mut house = house(&key);
    for n in 0..40 {
        house.customer(&format!("客户{n}"), n * 50_000);
    }
    let path = house.path.clone();
    drop(house.file);
    let conn = Connection::open(&path).unwrap();
    key.unlock(&conn).unwrap();
    let said = |name: &str| conn.pragma_query_value(None, name, |r| r.get::<_, String>(0)).unwrap();
    assert_eq!([said("cipher_use_hmac"), said("cipher_hmac_algorithm")], ["1", "HMAC_SHA256"]);
    drop(conn);
    let (whole, bytes) = (all(&path, &key).unwrap(), fs::read(&path).unwrap());
    assert_eq!(bytes.len() % 4_096, 0);
    let pages = bytes.len() / 4_096;
    assert!(pages > 60);
    let mut told = 0;
    for page in 0..pages {
        // In what is encrypted, in its number, in its seal.
        for at in [page * 997 % 4_000, 4_048 + page % 16, 4_064 + page % 32] {
            let mut changed = bytes.clone();
            changed[page * 4_096 + at] ^= 1 << (page % 8);
            fs::write(&path, &changed).unwrap();
            if let Ok(read) = all(&path, &key) {
                assert!(read == whole, "page {page}, byte {at}: other data");
            }
            // Looked over as a backup is, each one shows.
            match File::open(&path, Mode::Read, &keyed(&key)).map_err(Failure::from).and_then(|mut f| f.look_over()) {
                Ok(Looked::Whole(_)) => panic!("page {page}, byte {at}: nothing was noticed"),
                Ok(Looked::Broken(_)) | Err(_) => told += 1,
            }
        }
    }
    assert_eq!(told, pages * 3);
    fs::write(&path, &bytes).unwrap();
    assert!(all(&path, &key).unwrap() == whole);
}

#[test]
fn a_copy_under_another_key_has_every_row_and_goes_on_from_there() {
    let (plain, first, second) = (Key::default(), Key::new().unwrap(), Key::new().unwrap());
    let house = house(&plain);
    let stamp = house.stamp();
    let folder = house.folder.path().to_owned();
    let mut was = house.path.clone();
    drop(house.file);
    let mut before = all(&was, &plain).unwrap();
    let origin = File::open(&was, Mode::Read, &keyed(&plain)).unwrap().origin().unwrap();
    for (old, new, turn) in [
        (&plain, &first, Turn::Encrypted),
        (&first, &second, Turn::Rekeyed),
        (&second, &plain, Turn::Plain),
        (&plain, &second, Turn::Encrypted),
    ] {
        let is = folder.join(format!("{turn:?}{}.db", before.len() + before["change"].len()));
        recrypt::copy(&was, old, &is, new).unwrap();
        assert!(all(&is, new).unwrap() == before, "{turn:?}");
        let mut file = File::open(&is, Mode::Write, &keyed(new)).unwrap();
        let Made { slots, .. } = Slots::make("wangmin", &Password::new("Qing-shan-2026"), &Costs::TRIAL).unwrap();
        file.turned(turn, old, Some(&slots).filter(|_| new.is_some()), &stamp).unwrap();
        assert!(matches!(file.look_over().unwrap(), Looked::Whole(s) if s.origin == origin), "{turn:?}");
        assert_eq!(file.broken_chain().unwrap(), None);
        // What lies on this PC under the key before can still be read.
        let kept = old.wrap("drafts", "草稿").unwrap();
        assert_eq!(file.keys().unwrap().unwrap("drafts", &kept).is_some(), new.is_some() || !old.is_some());
        drop(file);
        let head = fs::read(&is).unwrap();
        assert_eq!(head.starts_with(b"SQLite format 3\0"), !new.is_some());
        if new.is_some() {
            silent("the copy", &head);
        }
        before = all(&is, new).unwrap();
        was = is;
    }
    // And it is saved to.
    let mut file = File::open(&was, Mode::Write, &keyed(&second)).unwrap();
    let id = all(&was, &second).unwrap()["customer"][0][0].clone();
    let Value::Integer(id) = id else { panic!("{id:?}") };
    let op = guitai::domain::ids::OpId(99);
    saved(file.answer(&save(op, guitai::domain::ids::CustomerId(id), 1, &[("name", "张山河", "张海")], stamp)));
    assert_eq!(file.broken_chain().unwrap(), None);
}

#[test]
fn of_two_slot_files_left_by_a_power_cut_the_one_that_fits_is_taken() {
    let (word, cost) = (Password::new("Qing-shan-2026"), Cost::TRIAL);
    let make = || Slots::make("wangmin", &word, &Costs::TRIAL).unwrap();
    let (old, new) = (make(), make());
    let mut house = house(&old.key);
    house.add_staff(person("hegui", "何规", Role::Compliance));
    let (stamp, head, path, today) = (house.stamp(), house.head(), house.path.clone(), house.today);
    let keys = slots::path(&path);
    disk::begin(&keys, &old.slots).unwrap();
    secret::first(&mut house.file, &old.key, &word, cost, &stamp).unwrap();
    drop(house.file);
    let copy = house.folder.path().join("new.db");
    recrypt::copy(&path, &old.key, &copy, &new.key).unwrap();
    File::open(&copy, Mode::Write, &keyed(&new.key))
        .unwrap()
        .turned(Turn::Rekeyed, &old.key, Some(&new.slots), &head)
        .unwrap();
    let given = Given { staff: "wangmin", password: &word, at: stamp.at, today, to: "find", missed: &[] };
    let enter = || secret::sign_in(&path, Mode::Write, &station("PC-1", 1), &given, cost).map(|(_, s)| s.key);

    // Cut off before the file was exchanged: the old one goes on.
    disk::begin(&slots::next(&keys), &new.slots).unwrap();
    assert_eq!(enter().unwrap(), old.key);
    assert!(slots::next(&keys).exists());
    // And behind it.
    fs::rename(&copy, &path).unwrap();
    let opened = enter().unwrap();
    assert_eq!((&opened, opened.older()), (&new.key, &[old.key.clone()][..]));
    assert!(!slots::next(&keys).exists());
    assert_eq!(enter().unwrap(), new.key);
    // The old password file opens nothing any more.
    fs::write(&keys, old.slots.bytes()).unwrap();
    assert!(enter().is_err());
}

#[test]
fn what_waits_on_this_pc_goes_along_when_the_file_gets_a_key_or_another_one() {
    let (first, second, plain) = (Key::new().unwrap(), Key::new().unwrap(), Key::default());
    let mut house = house(&plain);
    let path = house.folder.path().join("0.outbox");
    let (op, id) = (house.op(), house.rows()[0].id);
    let ask = save(op, id, 1, &[("name", "张山河", "张海")], house.stamp());
    Outbox::open(&path).unwrap().put(op, &ask).unwrap();
    let second = second.after(vec![first.clone()]);
    for key in [&first, &first, &second, &second] {
        let outbox = Outbox::under(&path, key).unwrap();
        assert_eq!(outbox.waiting().unwrap(), std::slice::from_ref(&ask));
        drop(outbox);
        silent("the outbox", &fs::read(&path).unwrap());
        assert!(Outbox::open(&path).is_err());
    }
    // Under a key that is gone it is left alone.
    let before = fs::read(&path).unwrap();
    assert!(Outbox::under(&path, &Key::new().unwrap()).is_err());
    assert!(fs::read(&path).unwrap() == before);
    Outbox::unlock(&path, &second).unwrap();
    assert_eq!(Outbox::open(&path).unwrap().waiting().unwrap(), [ask]);
    assert_eq!(
        fs::read_dir(house.folder.path())
            .unwrap()
            .flatten()
            .filter(|e| e.path().extension().is_some_and(|x| x == "new"))
            .count(),
        0
    );
}
