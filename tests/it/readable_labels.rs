//! Labels beside the numbers of items that have no key: for people, and nothing goes by them.

use super::pair::Pair;
use serde_json::{Value, json};

const SCHEMA: &str = "
    create table places(id integer primary key, name text, country text);
    create table trips(id integer primary key, made_at text, story text, code text, secret_token text, place_id integer references places(id));
    create table photos(id integer primary key, trip_id integer references trips(id), place_id integer references places(id),
        file text not null unique);
    create table tags(photo_id integer not null references photos(id) on delete cascade, place_id integer references places(id));
    create table plans(id integer primary key, title text not null unique, stops text)";

const HERE: &str = r#"
    insert into places values (11, 'Spain', 'ES'), (12, 'Spain', 'ES'), (13, null, 'XX'), (14, 'Línea
two', null);
    insert into trips values (21, '2026-01-01', printf('%.90c', 'x'), 'T1', 'hush', 11), (22, '2026-01-02', 'y', 'T2', 'hush', 13);
    insert into photos values (31, 21, 12, 'a.jpg'), (32, 22, 13, 'b.jpg'), (33, null, 14, 'c.jpg'), (34, null, null, 'd.jpg');
    insert into tags values (31, 11);
    insert into plans values (41, 'round', '{"first":{"id":11},"all":[12,14]}')"#;

/// Another's database, in which everything has other ids.
const THERE: &str = "
    insert into places values (1, 'Peru', 'PE'); insert into trips values (1, '2020', 'z', 'T9', null, 1);
    insert into photos values (1, 1, 1, 'z.jpg')";

const SETTINGS: &str = "[sections.plans]\nreferences.\"stops.first.id\" = \"places\"\nreferences.\"stops.all[*]\" = \"places\"\n";

/// Where each photo is, and each stop of each plan, by a join.
const LINKS: &str = "select file || ':' || ifnull(p.name, '-') || ':' || ifnull(p.country, '-') || ':' || ifnull(t.code, '-') ||
    ':' || ifnull(q.country, '-') || ':' || (select count(*) from tags where photo_id = f.id)
    from photos f left join places p on p.id = f.place_id left join trips t on t.id = f.trip_id left join places q on q.id = t.place_id
    union all select title || ':' || group_concat(p.country) from plans, json_each(stops, '$.all') s join places p on p.id = s.value
    order by 1";

fn pair() -> Pair {
    Pair::configured(SETTINGS, SCHEMA, HERE, THERE)
}

#[test]
fn a_reference_by_number_says_what_it_leads_to() {
    let pair = pair();
    let document = pair.document();
    let data = &document["data"];
    let number = |name: &Value, country: &str| {
        let places = data["places"].as_array().expect("places");
        let place = places.iter().find(|place| place["name"] == *name && place["country"] == country);
        place.expect("a place")["$id"].clone()
    };
    let unnamed = number(&Value::Null, "XX");
    let photos = &data["photos"];
    assert_eq!(photos[0]["place"]["$label"], "Spain");
    // What has no label is a number alone.
    assert_eq!(photos[1]["place"], json!({"$id": unnamed}));
    assert_eq!(photos[2]["place"]["$label"], "Línea\ntwo");
    assert_eq!(photos[3]["place"], Value::Null);
    // Neither a time, nor a secret, nor what is too long.
    assert_eq!(document["metadata"]["sections"]["trips"]["caption"], json!(["code"]));
    assert_eq!(photos[0]["trip"]["$label"], "T1");
    assert_eq!(photos[0]["tags"][0]["place"]["$label"], "Spain");
    let stops = &data["plans"][0]["stops"];
    assert_eq!(stops["first"]["id"]["$label"], "Spain");
    assert_eq!(stops["all"][1]["$label"], "Línea\ntwo");
    pair.scene.larder(["validate", "a.json"]).run().succeeds();
    for (from, to) in [("a.json", "a.ndjson"), ("a.ndjson", "a.zip"), ("a.zip", "again.json")] {
        pair.scene.larder(["convert", from, to]).run().succeeds();
    }
    let read = |name: &str| std::fs::read(pair.scene.path(name)).expect("read");
    assert!(read("again.json") == read("a.json"));
}

#[test]
fn an_import_goes_by_the_number_and_warns_of_another_label() {
    let pair = pair();
    let here = super::condensed::rows(&pair.scene.path("a.db"), LINKS);
    pair.brings(&[]);
    let mut there = here.clone();
    there.push("z.jpg:Peru:PE:T9:PE:0".to_owned());
    assert_eq!(pair.there(LINKS), there);
    pair.edit(r#""$label": "T1""#, r#""$label": "T2""#);
    // A number alone will do.
    pair.edit(r#", "$label": "Línea\ntwo""#, "");
    let warning = "$label \"T2\" is not what the item with this $id is called; the number counts";
    let run = pair.scene.larder(["validate", "a.json"]).run().succeeds();
    assert!(run.stdout().contains(&format!("data.photos[0].trip: {warning}")), "{run}");
    assert_eq!(run.stdout().matches("$label").count(), 1, "{run}");
    pair.change("delete from photos; delete from trips; delete from places; delete from plans");
    pair.import(&[]).succeeds().says(warning);
    assert_eq!(pair.there(LINKS), here);
}

#[test]
fn the_settings_say_what_a_label_is_made_of() {
    let settings = format!("{SETTINGS}[sections.places]\nlabel = [\"name\", \"country\"]\n");
    let pair = Pair::configured(&settings, SCHEMA, HERE, "");
    let document = pair.document();
    assert_eq!(document["data"]["photos"][0]["place"]["$label"], "Spain, ES");
    assert_eq!(document["data"]["photos"][1]["place"]["$label"], "XX");
    pair.brings(&[]);
}

#[test]
fn labels_are_made_up_with_what_they_are_made_of() {
    let pair = pair();
    let document = pair.export(&["--anonymize"]);
    let text = document["data"].to_string();
    assert!(!text.contains("Spain") && text.contains("$label"), "{text}");
    let places = document["data"]["places"].as_array().expect("places");
    for photo in document["data"]["photos"].as_array().expect("photos") {
        let known = places.iter().find(|place| place["$id"] == photo["place"]["$id"]);
        assert_eq!(
            known.map(|place| &place["name"]),
            Some(&photo["place"]["$label"]).filter(|_| known.is_some())
        );
    }
    pair.scene.larder(["validate", "a.json"]).run().succeeds();
}

#[test]
fn a_condition_on_a_reference_sees_the_number() {
    let pair = pair();
    let trip = pair.document()["data"]["photos"][0]["trip"]["$id"].clone();
    pair.import(&["--where", &format!("photos=trip = {trip}")]).succeeds();
    assert_eq!(pair.there("select file from photos order by file"), ["a.jpg", "z.jpg"]);
}
