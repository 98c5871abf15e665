//! What only one may say: a unique key, and the id of a commit.

use cmss::store::{Digest, Entry, Limits, Line};

use crate::failure::Failure;

/// So much of a digest tells what is different apart.
type Sign = u128;

/// What a load refuses besides what [`Intake`](cmss::store::Intake) does: a line that no store
/// takes, and what is claimed twice. A claim takes sixteen bytes.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    keys: Vec<Sign>,
    commits: Vec<Sign>,
}

impl Claims {
    pub(crate) fn take(&mut self, line: &Line) -> Result<(), Failure> {
        line.check(&Limits::default())?;
        match line {
            Line::Doc(stored) => {
                let unique = stored.entries.iter().filter(|entry| entry.is_unique());
                self.keys.extend(unique.map(sign));
            }
            Line::Record(record) => self.commits.push(record.id.0.as_u128()),
            Line::End(_) => {}
        }
        Ok(())
    }

    /// Nothing more comes: nothing may have been claimed twice.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        if is_any_twice(self.keys) {
            return Err(Failure::faulty("two documents hold the same unique key"));
        }
        if is_any_twice(self.commits) {
            return Err(Failure::faulty("a commit id stands twice in the log"));
        }
        Ok(())
    }
}

fn sign(entry: &Entry) -> Sign {
    let mut claimed = entry.index().as_str().as_bytes().to_vec();
    // No name of an index holds it.
    claimed.push(0);
    claimed.extend_from_slice(&entry.key().0);
    let Digest(digest) = Digest::of(&claimed);
    digest
        .first_chunk()
        .map_or(0, |first| Sign::from_be_bytes(*first))
}

fn is_any_twice(mut signs: Vec<Sign>) -> bool {
    signs.sort_unstable();
    !signs.is_sorted_by(|a, b| a < b)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ID: &str = "00000000-0000-0001-0000-000000000001";

    fn line(value: Value) -> Line {
        serde_json::from_value(value).unwrap()
    }

    fn document(entries: Value) -> Line {
        line(json!({ "doc": {
            "at": { "collection": "note", "id": ID },
            "version": 1,
            "salt": "07070707-0707-0707-0707-070707070707",
            "body": "1",
            "card": null,
            "entries": entries,
        }}))
    }

    fn record(id: &str) -> Line {
        let zeros = "0".repeat(64);
        let touched = json!([{ "at": { "collection": "note", "id": ID }, "change": "removed" }]);
        line(json!({ "record": {
            "seq": 1, "id": id, "digest": zeros, "note": "[]", "touched": touched, "chain": zeros,
        }}))
    }

    fn taken(lines: &[Line]) -> Result<(), String> {
        let mut claims = Claims::default();
        let all = lines.iter().try_for_each(|line| claims.take(line));
        let finished = all.and_then(|()| claims.finish());
        finished.map_err(|failure| failure.to_string())
    }

    #[test]
    fn what_is_claimed_twice_is_refused() {
        let unique = |index, key| json!([{ "unique": { "index": index, "key": key } }]);
        let listed = json!([{ "listed": { "index": "list", "key": "ab" } }]);
        let fine = [
            document(unique("slug", "ab")),
            document(unique("slug", "abcd")),
            document(unique("other", "ab")),
            document(listed.clone()),
            document(listed),
            record(ID),
            record("00000000-0000-0002-0000-000000000001"),
        ];
        assert_eq!(taken(&fine), Ok(()));
        let more = |line| taken(&[&fine[..], &[line]].concat()).unwrap_err();
        assert!(more(document(unique("other", "ab"))).contains("unique key"));
        assert!(more(record(ID)).contains("commit id"));
    }

    #[test]
    fn a_document_that_no_store_takes_is_refused() {
        let entry = |key| json!({ "listed": { "index": "list", "key": key } });
        let disordered = document(json!([entry("02"), entry("01")]));
        assert!(taken(&[disordered]).unwrap_err().contains("not in order"));
        let long = document(json!([entry(&"00".repeat(2_000))]));
        assert!(taken(&[long]).unwrap_err().contains("the limit is"));
    }
}
