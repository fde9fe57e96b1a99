use super::*;
use crate::error::{Kind, kind};
use serde_json::{Value as Json, json};

fn metadata() -> Metadata {
    let document = json!({
        "format": "larder-export", "version": 1, "mode": "condensed", "app": "a", "app_version": null,
        "schema_version": "1", "exported_at": "2026-11-20T10:30:00Z", "larder_version": "0.1.0",
        "includes": ["people", "lists"],
        "sections": {
            "people": {
                "table": "person", "key": ["name"], "items": 0, "label": "name", "scope": "user_id",
                "columns": {"name": "text", "email": "text", "Pin": "text", "list_id": "text", "at": "real"},
                "references": {"list_id": {"columns": ["list"], "section": "lists", "to": ["id"]}}
            },
            "lists": {
                "table": "custom_lists", "key": ["uuid"], "items": 0,
                "columns": {"uuid": "text", "name": "text", "entries": "json", "token": "text"},
                "nested": {
                    "entries": {
                        "table": "entry", "parent": ["list_id"], "to": ["id"],
                        "columns": {"url": "text", "secret": "text", "added": "real"}
                    },
                    "share": {
                        "table": "share", "parent": ["list_id"], "to": ["id"], "one": true,
                        "flattened": {"token": "token"}, "columns": {"token": "text"}
                    }
                }
            }
        }
    });
    serde_json::from_value(document).expect("metadata")
}

fn rules(text: &str) -> Rules {
    let file = std::path::Path::new("larder.toml");
    crate::config::Config::parse(file, text, None).expect("settings").rules
}

fn applied(text: &str) -> (Json, Overrides) {
    let mut metadata = metadata();
    let overrides = apply(&rules(text), &mut metadata).unwrap_or_else(|error| panic!("{error:#}"));
    (serde_json::to_value(metadata).expect("JSON")["sections"].clone(), overrides)
}

#[test]
fn what_the_settings_say_counts() {
    let (sections, overrides) = applied(
        "[sections.contacts]
         table = 'Person'
         key = ['user_id', 'Email', 'list']
         match = [['name'], ['phone']]
         label = 'email'
         updated-at = 'changed'
         rename = 'name'
         [sections.lists]
         key = ['name']
         singleton = true
         nest.entry = { key = ['url'], updated-at = 'added' }
         [sections.other]
         table = 'lists'
         key = ['x']",
    );
    let people = &sections["people"];
    assert_eq!((&people["key"], &people["match"]), (&json!(["email", "list_id"]), &json!([["name"]])));
    assert_eq!((&people["label"], &people["rename"]), (&json!("email"), &json!("name")));
    let lists = &sections["lists"];
    assert_eq!((&lists["key"], &lists["match"]), (&json!(["uuid"]), &json!([["name"]])));
    assert_eq!(lists["singleton"], true);
    let entries = &lists["nested"]["entries"];
    assert_eq!((&entries["key"], &entries["updated_at"]), (&json!(["url"]), &json!("added")));
    assert_eq!(
        overrides.notes,
        [
            "sections.contacts.match[1]: the document has no phone",
            "sections.contacts.updated-at: the document has no changed",
            "sections.lists.key: items are referred to by uuid, and known by that first",
        ]
    );
    let mut item = json!({"name": "Ada"}).as_object().expect("an object").clone();
    overrides.left_out.rename_item("people", &mut item);
    assert_eq!(item.len(), 1);
}

#[test]
fn secrets_are_left_out() {
    let (sections, overrides) = applied(
        "[sections.people]
         table = 'person'
         secret = ['pin', 'phone', 'LIST']
         [sections.custom_lists.nest.entry]
         secret = ['secret']
         [sections.share]
         secret = ['token']",
    );
    let names = |json: &Json| json.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&sections["people"]["columns"]), ["name", "email", "at"]);
    assert_eq!(sections["people"]["secret"], json!(["Pin", "list"]));
    assert_eq!(names(&sections["lists"]["columns"]), ["uuid", "name", "entries"]);
    let entries = &sections["lists"]["nested"]["entries"];
    assert_eq!(
        (names(&entries["columns"]).join(" "), &entries["secret"]),
        ("url added".into(), &json!(["secret"]))
    );
    assert_eq!(overrides.notes.len(), 4, "{:?}", overrides.notes);
    assert_eq!(overrides.notes[0], "Pin of people is secret here, and left out");
    let item = json!({"uuid": "u", "entries": [{"url": "x", "secret": "y"}], "token": "t"});
    let mut item = item.as_object().expect("an object").clone();
    overrides.left_out.rename_item("lists", &mut item);
    assert_eq!(Json::from(item), json!({"uuid": "u", "entries": [{"url": "x"}]}));
}

#[test]
fn a_secret_by_which_items_are_known_is_an_error() {
    let text = "[sections.people]\nsecret = ['name']";
    let error = apply(&rules(text), &mut metadata()).expect_err("it is the key");
    assert_eq!(kind(&error), Kind::Usage);
    assert!(format!("{error:#}").starts_with("sections.people.secret: name is part of the key"), "{error:#}");
    let (sections, _) = applied(&format!("{text}\nkey = ['email']"));
    assert_eq!(sections["people"]["key"], json!(["email"]));
}
