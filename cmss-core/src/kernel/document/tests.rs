use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::ids::TermId;
use crate::store::{Key, Salt};

/// A document whose form has changed twice: a name became a list of names, which then were counted.
#[derive(PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    id: TermId,
    names: Vec<String>,
    count: usize,
}

impl Document for Sign {
    const COLLECTION: Collection = Collection::new("sign");
    const FORM: u32 = 3;
    type Id = TermId;

    fn id(&self) -> TermId {
        self.id
    }

    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }

    fn upcast(form: u32, doc: Value) -> Option<Value> {
        lifted(form, doc)
    }
}

/// The same without the id.
#[derive(PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignCover {
    names: Vec<String>,
    count: usize,
}

impl Cover for SignCover {
    const FORM: u32 = 3;

    fn upcast(form: u32, cover: Value) -> Option<Value> {
        lifted(form, cover)
    }
}

fn lifted(form: u32, mut value: Value) -> Option<Value> {
    let fields = value.as_object_mut()?;
    match form {
        1 => {
            let name = fields.remove("name")?;
            fields.insert("names".to_owned(), json!([name]));
        }
        2 => {
            let count = fields.get("names")?.as_array()?.len();
            fields.insert("count".to_owned(), json!(count));
        }
        _ => return None,
    }
    Some(value)
}

fn id() -> TermId {
    TermId::from_uuid(Uuid::from_u128(7))
}

fn stored(form: u32, doc: &Value) -> Doc {
    Doc {
        at: Sign::at(id()),
        version: Seq(4),
        salt: Salt([0; 16]),
        body: json!({ "form": form, "doc": doc }).to_string().into(),
    }
}

fn hit(form: u32, cover: &Value) -> Hit {
    Hit {
        key: Key::default(),
        at: Sign::at(id()),
        version: Seq(4),
        card: Some(json!({ "form": form, "doc": cover }).to_string().into()),
        doc: None,
    }
}

proptest! {
    #[test]
    fn an_older_form_is_lifted_step_by_step(name in "[a-zåäö ]{1,9}") {
        let today = Sign { id: id(), names: vec![name.clone()], count: 1 };
        let first = json!({ "id": id(), "name": name });
        let second = json!({ "id": id(), "names": [name] });
        for older in [stored(1, &first), stored(2, &second)] {
            prop_assert_eq!(&decode::<Sign>(&older).unwrap(), &today);
        }
        let again = Doc { body: encode(&today).unwrap(), ..stored(3, &first) };
        prop_assert_eq!(&decode::<Sign>(&again).unwrap(), &today);
    }

    #[test]
    fn an_older_card_is_lifted_as_a_document_is(name in "[a-zåäö ]{1,9}") {
        let today = SignCover { names: vec![name.clone()], count: 1 };
        for older in [hit(1, &json!({ "name": name })), hit(2, &json!({ "names": [name] }))] {
            prop_assert_eq!(&decode_cover::<SignCover>(&older).unwrap(), &today);
        }
    }
}

#[test]
fn a_form_that_cannot_be_lifted_is_named_and_nothing_of_it_shown() {
    let of = |form, doc: &Value| decode::<Sign>(&stored(form, doc)).unwrap_err().to_string();
    let at = Sign::at(id());
    let cannot = |why: &str| format!("corrupt: {at} at 4 cannot be read: {why}");
    assert_eq!(
        of(0, &json!({ "name": "Sol" })),
        cannot("form 0 is unknown")
    );
    assert_eq!(
        of(1, &json!({ "title": "Sol" })),
        cannot("form 1 is unknown")
    );
    assert_eq!(
        of(4, &json!({ "name": "Sol" })),
        cannot("form 4 is newer than this library")
    );
    let odd = of(2, &json!({ "id": id(), "names": [1] }));
    assert_eq!(odd, cannot("it is not of the form"));
    let card = decode_cover::<SignCover>(&hit(1, &json!({ "title": "Sol" })));
    let card = card.unwrap_err().to_string();
    assert_eq!(
        card,
        format!("corrupt: the card of {at} at 4 cannot be read: form 1 is unknown")
    );
}
