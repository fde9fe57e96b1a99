use super::*;
use crate::database::value::Value;
use crate::error::{Kind, hint, kind};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

fn metadata() -> Metadata {
    let text = json!({"columns": ["player"], "section": "players", "to": ["id"]});
    let document = json!({
        "format": "larder-export", "version": 1, "mode": "condensed", "app": "a", "app_version": null,
        "schema_version": "1", "exported_at": "2026-11-20T10:30:00Z", "larder_version": "0.1.0",
        "includes": ["players", "old.games", "old"],
        "scope": {"table": "users", "key": "name", "id": "uid", "column": "user_id", "value": "ada"},
        "sections": {
            "players": {
                "table": "player", "key": ["first", "last"], "match": [["nick"], ["$tag", "first"]],
                "columns": {"first": "text", "last": "text", "$tag": "text", "nick": "text", "at": "real"},
                "label": "nick", "updated_at": "at", "rename": "first", "secret": ["pin"], "refetch": ["photo"],
                "omitted": ["id"], "scope": "user_id", "items": 1,
                "composed": {"slug": {"columns": ["id", "nick"], "separator": "-"}}
            },
            "old.games": {
                "table": "game", "key": ["code"], "items": 1,
                "columns": {
                    "code": "text", "player": "json", "venue": "text", "pin": "text", "notes": "json", "moves": "json",
                    "stars": "integer", "critic": "json", "a=b": "text"
                },
                "references": {
                    "player": text.clone(),
                    "venue": {"columns": ["venue"], "section": "venues", "to": ["code"], "plain": true}
                },
                "json": {"notes": {"references": {"by[*]": "players"}}},
                "nested": {
                    "moves": {
                        "parent": ["game_id"], "to": ["id"], "table": "move", "key": ["number"],
                        "columns": {"number": "integer", "text": "text", "marks": "json"},
                        "nested": {"marks": {
                            "parent": ["move_id"], "to": ["id"], "table": "mark",
                            "columns": {"mark": "text", "player": "json"}, "references": {"player": text.clone()}
                        }}
                    },
                    "rating": {
                        "parent": ["game_id"], "to": ["id"], "one": true, "table": "rating",
                        "flattened": {"stars": "stars", "critic": "player"},
                        "columns": {"stars": "integer", "player": "json"}, "references": {"player": text}
                    }
                },
                "omitted": ["id"]
            },
            "old": {"table": "old", "columns": {"games": "text", "game": "text"}, "items": 0}
        },
        "referenced": {"venues": {"table": "venue", "columns": {"code": "text"}, "key": ["code"]}}
    });
    serde_json::from_value(document).expect("metadata")
}

fn game() -> Map<String, Json> {
    let ada = json!({"first": "Ada", "last": "Alder"});
    let game = json!({
        "code": "g1", "player": ada.clone(), "venue": "v", "pin": "x", "notes": {"by": [ada.clone(), null]},
        "moves": [{"number": 1, "text": "e4", "marks": [{"mark": "!", "player": ada.clone()}]}],
        "stars": 4, "critic": ada, "a=b": null
    });
    game.as_object().expect("an object").clone()
}

fn player() -> Map<String, Json> {
    let player = json!({"$id": 3, "first": "Ada", "last": "Alder", "$$tag": "t", "nick": "A", "at": 1.5});
    player.as_object().expect("an object").clone()
}

fn mapping(texts: &[&str], metadata: &Metadata) -> Result<Mapping> {
    Mapping::parse(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>(), metadata)
}

fn mapped(texts: &[&str]) -> (Json, Json, Json) {
    let mut metadata = metadata();
    let mapping = mapping(texts, &metadata).unwrap_or_else(|error| panic!("{error:#}"));
    mapping.apply(&mut metadata);
    let (mut game, mut player) = (game(), player());
    mapping.rename_item("old.games", &mut game);
    mapping.rename_item("players", &mut player);
    (serde_json::to_value(metadata).expect("JSON"), game.into(), player.into())
}

#[test]
fn a_column_is_renamed_wherever_it_appears() {
    let (metadata, game, player) =
        mapped(&["players.first=given", "players.nick=alias", "players.id=number", "players.$tag=$$t"]);
    let players = &metadata["sections"]["players"];
    assert_eq!(players["key"], json!(["given", "last"]));
    assert_eq!(players["match"], json!([["alias"], ["$$t", "given"]]));
    assert_eq!(players["columns"].as_object().expect("columns").keys().next().expect("one"), "given");
    assert_eq!((&players["label"], &players["rename"]), (&json!("alias"), &json!("given")));
    assert_eq!(players["composed"]["slug"]["columns"], json!(["number", "alias"]));
    assert_eq!(players["omitted"], json!(["number"]));
    let games = &metadata["sections"]["old.games"];
    assert_eq!(games["references"]["player"]["to"], json!(["number"]));
    assert_eq!(games["nested"]["moves"]["nested"]["marks"]["references"]["player"]["to"], json!(["number"]));
    assert_eq!(games["nested"]["moves"]["to"], json!(["id"]), "that of another table");
    let ada = json!({"given": "Ada", "last": "Alder"});
    assert_eq!((&game["player"], &game["critic"], &game["notes"]["by"][0]), (&ada, &ada, &ada));
    assert_eq!(game["moves"][0]["marks"][0]["player"], ada);
    let text = r#"{"$id":3,"given":"Ada","last":"Alder","$$$t":"t","alias":"A","at":1.5}"#;
    assert_eq!(player.to_string(), text);
}

#[test]
fn children_tables_and_references_are_renamed() {
    let (metadata, game, _) = mapped(&[
        "old.games=games",
        "OLD.GAMES.moves.number=n",
        "old.games.moves.marks=signs",
        "old.games.moves.marks.mark=sign",
        "old.games.moves.marks.player=who",
        "old.games.player=who",
        "old.games.critic=who",
        "old.games.rating.stars=points",
        "old.games.moves.game_id=game",
        "old.games.id=gid",
        "old.games.venue=place",
        "venues.code=iata",
        "old.games.a=b=c=d",
    ]);
    let games = &metadata["sections"]["old.games"];
    assert_eq!(games["table"], "games");
    let moves = &games["nested"]["moves"];
    assert_eq!(
        (&moves["key"], &moves["parent"], &moves["to"]),
        (&json!(["n"]), &json!(["game"]), &json!(["gid"]))
    );
    let marks = &moves["nested"]["marks"];
    assert_eq!((&marks["table"], &marks["columns"]["sign"]), (&json!("signs"), &json!("text")));
    assert_eq!(marks["references"]["player"]["columns"], json!(["who"]));
    assert_eq!(games["references"]["player"]["columns"], json!(["who"]));
    assert_eq!(games["references"]["place"]["columns"], json!(["place"]));
    assert_eq!(games["references"]["place"]["to"], json!(["iata"]));
    let rating = &games["nested"]["rating"];
    assert_eq!(rating["flattened"], json!({"stars": "points", "critic": "player"}));
    assert_eq!(rating["references"]["player"]["columns"], json!(["who"]));
    assert_eq!(metadata["referenced"]["venues"]["key"], json!(["iata"]));
    assert_eq!(game["moves"][0]["n"], 1);
    assert_eq!(game["moves"][0]["marks"][0]["sign"], "!");
    assert_eq!((&game["place"], &game["stars"], &game["c=d"]), (&json!("v"), &json!(4), &Json::Null));
}

#[test]
fn what_is_left_out_is_nowhere() {
    let (metadata, game, player) = mapped(&[
        "players.nick=",
        "players.at=",
        "players.pin=",
        "old.games.player=",
        "old.games.moves.marks=",
        "old.games.critic=",
        "old.games.notes=",
        "old.games.moves.text=",
    ]);
    let players = &metadata["sections"]["players"];
    assert_eq!((players.get("label"), players.get("updated_at"), players.get("secret")), (None, None, None));
    assert_eq!((players["match"].clone(), players.get("composed")), (json!([["$tag", "first"]]), None));
    let games = &metadata["sections"]["old.games"];
    let columns: Vec<&String> = games["columns"].as_object().expect("columns").keys().collect();
    assert_eq!(columns, ["code", "venue", "pin", "moves", "stars", "a=b"]);
    assert_eq!(games["nested"]["rating"]["flattened"], json!({"stars": "stars"}));
    assert_eq!(games["nested"]["rating"]["columns"], json!({"stars": "integer"}));
    assert_eq!(games["nested"]["moves"]["columns"], json!({"number": "integer"}));
    assert_eq!(
        game,
        json!({"code": "g1", "venue": "v", "pin": "x", "moves": [{"number": 1}], "stars": 4, "a=b": null})
    );
    assert_eq!(player, json!({"$id": 3, "first": "Ada", "last": "Alder", "$$tag": "t"}));
    let (metadata, game, _) = mapped(&["old.games.rating=", "old.games.moves="]);
    assert_eq!(metadata["sections"]["old.games"].get("nested"), None);
    assert_eq!((game.get("stars"), game.get("critic"), game.get("moves")), (None, None, None));
}

#[test]
fn columns_may_swap_their_names() {
    let (_, _, player) = mapped(&["players.first=last", "players.last=first"]);
    assert_eq!((&player["first"], &player["last"]), (&json!("Alder"), &json!("Ada")));
}

#[test]
fn errors_say_what_is_wrong_with_which_text() {
    for (texts, message, needed) in [
        (&["players"][..], "--map players: it lacks an equal sign", "SECTION.OLD=NEW"),
        (&["player.a=b"], "the document has no section \"player\"", "players"),
        (&["players.firs=b"], "players has no column \"firs\"", "first"),
        (&["old.games.moves.txt=b"], "moves has no column \"txt\"", "text"),
        (&["players="], "this names no table", "--exclude"),
        (&["players.first="], "first is part of the key", "larder.toml"),
        (&["old.games.moves.game_id="], "the rows belong to their parent", ""),
        (&["old.games.id="], "belong to their parent by id", ""),
        (&["venues.code="], "items of old.games refer to it", ""),
        (&["players.user_id="], "whose the rows are", ""),
        (&["players.first=x", "players.first=y"], "first is mapped to x too", ""),
        (&["players.first=x", "players.last=X"], "would have two fields \"x\"", "leave one of them out"),
        (&["players.first=nick"], "would have two fields \"nick\"", "leave one of them out"),
        (&["players=a", "players=b"], "its table has two names", ""),
    ] {
        let error = mapping(texts, &metadata()).expect_err(texts[0]);
        assert!(format!("{error:#}").contains(message), "{error:#}: {texts:?}");
        assert_eq!(kind(&error), Kind::Usage, "{texts:?}");
        assert!(hint(&error).unwrap_or_default().contains(needed), "{:?}: {texts:?}", hint(&error));
    }
    // What is left out leaves its name to another.
    mapping(&["players.first=nick", "players.nick="], &metadata()).expect("nick is free");
}

#[test]
fn fills_are_for_columns_that_the_document_lacks() {
    let texts = [
        "players.pin=1",
        "players.b=\"1\"",
        "players.c=x=y",
        "players.d=null",
        "players.e=1.0",
        "players.f=true",
        "players.g=[1]",
        "players.h=18446744073709551615",
        "players.i=",
        "old.games.moves.marks.j=007",
    ];
    let texts: Vec<String> = texts.map(str::to_owned).to_vec();
    let fills = Fills::parse(&texts, &metadata()).expect("fills");
    let text = |text: &str| Value::Text(text.to_owned());
    let found: Vec<(&str, &Value)> = fills.of("Player").collect();
    let large = text("18446744073709551615");
    assert_eq!(
        found,
        [
            ("pin", &Value::Integer(1)),
            ("b", &text("1")),
            ("c", &text("x=y")),
            ("d", &Value::Null),
            ("e", &Value::Real(1.0)),
            ("f", &Value::Integer(1)),
            ("g", &text("[1]")),
            ("h", &large),
            ("i", &text("")),
        ]
    );
    assert_eq!(fills.of("mark").collect::<Vec<_>>(), [("j", &text("007"))]);
    assert_eq!(fills.of("game").count(), 0);
    for (text, message) in [
        ("players.first=1", "the document has first of player"),
        ("player.x=1", "the document has no section"),
        ("players=1", "names no column"),
        ("players.x", "names no column"),
    ] {
        let error = Fills::parse(&[text.to_owned()], &metadata()).expect_err(text);
        assert!(format!("{error:#}").contains(message), "{error:#}");
        assert_eq!(kind(&error), Kind::Usage);
    }
}

/// Every column that has a name, by its path.
fn all_columns() -> Vec<String> {
    fn add(path: &str, shape: &Shape, parent: Option<&Nested>, found: &mut Vec<String>) {
        found.push(path.to_owned());
        found.extend(paths::columns(shape, parent).iter().map(|column| format!("{path}.{column}")));
        for (name, nested) in &shape.nested {
            add(&format!("{path}.{name}"), &nested.shape, Some(nested), found);
        }
    }
    let mut found = Vec::new();
    for (name, shape) in &shapes(&metadata()) {
        add(name, shape, None, &mut found);
    }
    // A column of "old" has the path of "old.games", which comes before it.
    found.into_iter().collect::<IndexSet<_>>().into_iter().collect()
}

proptest! {
    #[test]
    fn there_and_back_is_the_identity(chosen in prop::sample::subsequence(all_columns(), 0..20)) {
        let mut there = Vec::new();
        let mut back = Vec::new();
        for (at, path) in chosen.iter().enumerate() {
            there.push(format!("{path}=$new.{at}"));
            // A table's own name is at the end of no path.
            let old = match path.as_str() {
                "players" => "player",
                "old.games" => "game",
                "old.games.moves" => "move",
                "old.games.moves.marks" => "mark",
                "old.games.rating" => "rating",
                "venues" => "venue",
                "old" => "old",
                path => path.rsplit('.').next().expect("a part"),
            };
            let start = path.strip_suffix(old).filter(|start| start.ends_with('.'));
            back.push(match start {
                Some(start) if path != "old.games.rating" => format!("{start}$new.{at}={old}"),
                _ => format!("{path}={old}"),
            });
        }
        let mut renamed = metadata();
        let (mut one, mut other) = (game(), player());
        for texts in [&there, &back] {
            let mapping = Mapping::parse(texts, &renamed).expect("a mapping");
            mapping.apply(&mut renamed);
            mapping.rename_item("old.games", &mut one);
            mapping.rename_item("players", &mut other);
        }
        prop_assert_eq!(
            serde_json::to_string(&renamed).expect("JSON"), serde_json::to_string(&metadata()).expect("JSON")
        );
        prop_assert_eq!(Json::from(one).to_string(), Json::from(game()).to_string());
        prop_assert_eq!(Json::from(other).to_string(), Json::from(player()).to_string());
    }
}
