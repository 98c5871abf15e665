//! A backend of one's own, in one file: an engine that writes a log, made a store by
//! `cmss-keyed`, and held to the rules of the contract by `cmss-testkit`.
//!
//! The log is a file to which each batch is appended, with its length and a digest; all of it
//! is kept in memory too. That is simple, durable and whole, and never gets smaller: a real engine
//! makes room. What a damaged length hides looks like the end of the log; the witness beside it
//! knows better, and nothing is cut off before it was asked. A store on something that has no ordered
//! keys, such as a database server, implements `cmss::store::Store` itself: the page of the contract
//! has one that is complete.
//!
//! ```text
//! cargo run --example custom_backend
//! ```
#![allow(clippy::print_stdout, reason = "it shows what the rules have said")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use cmss::store::{Digest, Store, StoreError};
use cmss_keyed::{Batch, Engine, KeyedStore, directory, error, impl_store};
use cmss_testkit::{Declined, Fixture, RULES, async_trait, durable, lines, notes};
use tempfile::TempDir;

/// A store in a directory.
#[derive(Debug)]
struct LogStore {
    kept: KeyedStore<Log>,
}

impl_store!(LogStore, kept);

/// The one file.
const FILE: &str = "batches";

impl LogStore {
    fn open(path: &Path) -> Result<Self, StoreError> {
        directory::prepare(path, |names| names.iter().any(|name| name == FILE))?;
        let log = Log::open(&path.join(FILE))?;
        let synced = directory::sync(path);
        synced.map_err(|source| error::io("while syncing the directory", source))?;
        Ok(Self {
            kept: KeyedStore::open_in(log, path)?,
        })
    }
}

/// Keys and values, and the file that remembers them.
struct Log {
    map: RwLock<BTreeMap<Vec<u8>, Vec<u8>>>,
    file: Mutex<Tail>,
}

/// Where the next batch goes.
struct Tail {
    /// Locked against a second opening for as long as it is open.
    file: File,
    /// Up to here it holds whole batches.
    whole: u64,
}

impl Log {
    fn open(path: &Path) -> Result<Self, StoreError> {
        let shown = path.display();
        let cannot = |source| error::unreachable(format!("{shown} cannot be opened"), source);
        let mut options = OpenOptions::new();
        let options = options.read(true).append(true).create(true);
        let mut file = options.open(path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(error::held(shown)),
            Err(TryLockError::Error(source)) => return Err(cannot(source)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(cannot)?;

        let mut map = BTreeMap::new();
        let mut rest = bytes.as_slice();
        while let Some((batch, after)) = frame(rest)? {
            write(&mut map, batch);
            rest = after;
        }
        // What is there may not be on the device yet, and is about to be read.
        file.sync_all().map_err(cannot)?;
        let whole = bytes.len().saturating_sub(rest.len()) as u64;
        Ok(Self {
            map: RwLock::new(map),
            file: Mutex::new(Tail { file, whole }),
        })
    }
}

impl Engine for Log {
    const MAGIC: &'static [u8] = b"example-log";
    type Bytes = Vec<u8>;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
        Ok(map.get(key).cloned())
    }

    fn range<'a>(
        &'a self,
        from: &[u8],
        until: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>> + use<'a> {
        let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
        let found = map.range(from.to_vec()..until.to_vec());
        let found = found.map(|(key, value)| Ok((key.clone(), value.clone())));
        found.collect::<Vec<_>>().into_iter()
    }

    fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        let mut tail = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let (framed, whole) = (framed(&batch), tail.whole);
        // What a crash has left unfinished there was never answered.
        let cut = tail.file.set_len(whole);
        let written = cut.and_then(|()| tail.file.write_all(&framed));
        written.map_err(|source| error::io("while writing", source))?;
        tail.whole = whole.saturating_add(framed.len() as u64);
        let mut map = self.map.write().unwrap_or_else(PoisonError::into_inner);
        write(&mut map, batch);
        Ok(())
    }

    fn settle(&self) -> Result<(), StoreError> {
        let tail = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let synced = tail.file.sync_data();
        synced.map_err(|source| error::io("while syncing", source))
    }

    fn is_untouched(&self) -> Result<bool, StoreError> {
        let map = self.map.read().unwrap_or_else(PoisonError::into_inner);
        Ok(map.is_empty())
    }

    fn let_go(self) {
        // The lock goes with the file.
    }
}

fn write(map: &mut BTreeMap<Vec<u8>, Vec<u8>>, batch: Batch) {
    for (key, value) in batch {
        match value {
            Some(value) => map.insert(key, value),
            None => map.remove(&key),
        };
    }
}

/// A batch as it is appended: its length, its digest, its keys and values.
fn framed(batch: &Batch) -> Vec<u8> {
    let mut body = Vec::new();
    for (key, value) in batch {
        part(&mut body, key);
        body.push(u8::from(value.is_some()));
        part(&mut body, value.as_deref().unwrap_or_default());
    }
    let mut framed = (body.len() as u64).to_be_bytes().to_vec();
    framed.extend(Digest::of(&body).0);
    framed.extend(body);
    framed
}

fn part(body: &mut Vec<u8>, bytes: &[u8]) {
    body.extend((bytes.len() as u64).to_be_bytes());
    body.extend(bytes);
}

/// The first batch of these bytes, and what comes after it; nothing where they end or break off.
fn frame(bytes: &[u8]) -> Result<Option<(Batch, &[u8])>, StoreError> {
    let Some((digest, rest)) = length(bytes).and_then(|(length, rest)| {
        let (digest, rest) = rest.split_first_chunk::<32>()?;
        Some(((length, Digest(*digest)), rest))
    }) else {
        return Ok(None);
    };
    let (length, digest) = digest;
    let Some((body, after)) = rest.split_at_checked(length) else {
        return Ok(None);
    };
    if Digest::of(body) != digest {
        // The last one may have been cut off by a loss of power; no other can.
        let torn = after.is_empty();
        return if torn {
            Ok(None)
        } else {
            Err(error::corrupt("a batch of the log is damaged"))
        };
    }
    let batch = batch(body).ok_or_else(|| error::corrupt("a batch of the log has no sense"))?;
    Ok(Some((batch, after)))
}

fn batch(mut body: &[u8]) -> Option<Batch> {
    let mut batch = Batch::new();
    while !body.is_empty() {
        let (key, rest) = taken(body)?;
        let (put, rest) = rest.split_first()?;
        let (value, rest) = taken(rest)?;
        batch.insert(key.to_vec(), (*put == 1).then(|| value.to_vec()));
        body = rest;
    }
    Some(batch)
}

fn taken(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = length(bytes)?;
    rest.split_at_checked(length)
}

fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    Some((usize::try_from(u64::from_be_bytes(*length)).ok()?, rest))
}

/// What the rules need: a store in a directory of its own.
struct LogFixture {
    /// Dropped before the directory is.
    store: Option<Arc<LogStore>>,
    home: TempDir,
}

impl LogFixture {
    fn new() -> io::Result<Self> {
        Ok(Self {
            store: None,
            home: tempfile::tempdir()?,
        })
    }
}

#[async_trait]
#[allow(
    clippy::expect_used,
    reason = "a rule can say nothing about a store that does not open"
)]
impl Fixture for LogFixture {
    async fn open(&mut self) -> Arc<dyn Store> {
        let path = self.home.path();
        let open = || Arc::new(LogStore::open(path).expect("the store opens"));
        self.store.get_or_insert_with(open).clone()
    }

    async fn reopen(&mut self) -> Result<Arc<dyn Store>, Declined> {
        if let Some(store) = self.store.take() {
            store.close().await.expect("the store closes");
        }
        Ok(self.open().await)
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self::new().expect("there is room for another"))
    }
}

/// Holds the backend to every rule of the contract; one that it breaks panics. In a crate of its own,
/// `cmss_testkit::store_rules!` makes a test of each, and `crash_rules!` and `point_rules!` make those
/// that need more than one process: kills, damage, and a second opening.
fn main() -> Result<(), Box<dyn Error>> {
    let mut family = "";
    let rules: Vec<_> = RULES.iter().chain(durable::RULES).collect();
    for rule in &rules {
        if rule.family != family {
            family = rule.family;
            println!("{family}");
        }
        rule.judge(&mut LogFixture::new()?)?;
        println!("  {}", rule.name);
    }
    println!(
        "{} rules, none broken: kept, or declined on standard error with the reason, and then not shown",
        rules.len()
    );
    notices_damage()
}

/// Damages one byte of a log after another: the store is refused, and nothing of it is touched, or
/// it is what it was.
fn notices_damage() -> Result<(), Box<dyn Error>> {
    let home = tempfile::tempdir()?;
    let open = || LogStore::open(home.path());
    let store = open()?;
    for number in 1..=3 {
        let write = notes::put(number, "A note");
        notes::commit(&store, notes::change(number, Vec::new(), vec![write]))?;
    }
    pollster::block_on(store.close())?;
    drop(store);

    let read = || open().and_then(|store| pollster::block_on(lines(&store)));
    let before = read()?;
    let file = home.path().join(FILE);
    let whole = fs::read(&file)?;
    let (mut tried, mut refused) = (0, 0);
    // Each length and digest is met, and each key and value.
    for at in (0..whole.len()).step_by(5) {
        tried += 1;
        let mut damaged = whole.clone();
        damaged
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|byte| *byte ^= 1);
        fs::write(&file, &damaged)?;
        match read() {
            Ok(found) if found == before => {}
            Err(_) if fs::read(&file)? == damaged => refused += 1,
            _ => return Err(format!("byte {at} was damaged, and something is lost").into()),
        }
    }
    println!("{tried} bytes damaged one by one: {refused} times refused, and nothing lost");
    Ok(())
}
