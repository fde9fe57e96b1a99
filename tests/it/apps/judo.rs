//! A judo club: athletes by name and birth date, with what they won; rosters of tournaments.

use super::{App, text};
use crate::fixtures::fill;
use serde_json::json;

const SCHEMA: &str = r"
    create table athletes(id integer primary key autoincrement, name text not null, birthDate text not null,
        gender text check (gender in ('male', 'female')) not null, weight real not null, clubId integer,
        birth_place text, address text, phone text, email text, parent_guardian text, parent_phone text,
        createdAt text default current_timestamp, updatedAt text default current_timestamp,
        member_id text, nisn text, nik text, constraint one_athlete unique(name, birthDate));
    create unique index athletes_member on athletes(member_id);
    create index athletes_club on athletes(clubId);
    create table clubs(id integer primary key autoincrement, name text not null unique, location text,
        created_at text default current_timestamp, updated_at text default current_timestamp);
    create table promotions(id integer primary key autoincrement, athleteId integer not null, rank text not null,
        date text not null, notes text, foreign key(athleteId) references athletes(id) on delete cascade);
    create table tournaments(id integer primary key autoincrement, name text not null, date text not null,
        location text,
        ruleset_snapshot text not null);
    create table tournament_history(id integer primary key autoincrement, athlete_id integer not null,
        tournament_id integer,
        tournament_name text not null, tournament_date text not null, is_auto_generated integer default 0,
        foreign key(athlete_id) references athletes(id) on delete cascade,
        foreign key(tournament_id) references tournaments(id) on delete cascade);
    create table medals(id integer primary key autoincrement, athleteId integer not null, tournament_id integer,
        tournament text not null, date text not null, medal text not null,
        foreign key(athleteId) references athletes(id) on delete cascade,
        foreign key(tournament_id) references tournament_history(id) on delete set null);
    create table tournament_rosters(id integer primary key autoincrement, tournament_id integer not null,
        athlete_id integer not null, weight_class text not null,
        foreign key(tournament_id) references tournaments(id) on delete cascade,
        foreign key(athlete_id) references athletes(id) on delete cascade, unique(tournament_id, athlete_id));
    create table rulesets(id integer primary key autoincrement, name text not null, is_active integer default 0);
    create table age_categories(id integer primary key autoincrement, ruleset_id integer not null, name text not null,
        min_age integer not null, gender text check (gender in ('M', 'F', 'MIXED')) not null,
        foreign key(ruleset_id) references rulesets(id) on delete cascade);
    create table app_settings(key text primary key, value text);";

const ROWS: &str = r#"
    insert into clubs values (77701, 'Birch', 'North', '2026-01-01', '2026-01-02'), (77702, 'Alder', null,
        '2026-01-01', '2026-01-02');
    insert into athletes(id, name, birthDate, gender, weight, clubId, phone, createdAt, updatedAt, member_id) values
        (77711, 'Ada', '2010-01-01', 'female', 52.0, 77702, '555', '2026-01-03', '2026-01-04', 'M-1'),
        (77712, 'Ada', '2012-02-02', 'female', 44.5, 77701, null, '2026-01-03', '2026-01-04', null),
        (77713, 'Bo', '2011-03-03', 'male', 60.0, null, null, '2026-01-03', '2026-01-04', null);
    insert into promotions values (77721, 77711, 'green', '2025-05-05', null), (77722, 77711, 'yellow',
        '2024-04-04', 'late');
    insert into tournaments values (77731, 'Open', '2026-06-06', 'Hall', '{"ages": [{"name": "U15", "max": 14}]}'),
        (77732, 'Open', '2025-06-06', null, '{}');
    insert into tournament_rosters values (77741, 77731, 77712, '-48'), (77742, 77731, 77711, '-52');
    insert into tournament_history values (77751, 77711, 77732, 'Open', '2025-06-06', 1), (77752, 77713, null,
        'Far away', '2023-03-03', 0);
    insert into medals values (77761, 77711, 77751, 'Open', '2025-06-06', 'gold'), (77762, 77711, null, 'Yard',
        '2022-02-02', 'silver'),
        (77763, 77711, null, 'Yard', '2022-02-02', 'silver');
    insert into rulesets values (77771, 'National', 1);
    insert into age_categories values (77781, 77771, 'U15', 12, 'MIXED'), (77782, 77771, 'U18', 15, 'F');
    insert into app_settings values ('language', 'en')"#;

const OTHERS: &str = r"
    insert into clubs values (77701, 'Theirs', null, '2020', '2020');
    insert into athletes(id, name, birthDate, gender, weight, clubId) values (77711, 'Theirs', '2000-01-01',
        'male', 90.0, 77701);
    insert into promotions values (77721, 77711, 'black', '2020-01-01', null);
    insert into tournaments values (77731, 'Theirs', '2020-01-01', null, '{}');
    insert into tournament_rosters values (77741, 77731, 77711, '-90');
    insert into tournament_history values (77751, 77711, 77731, 'Theirs', '2020-01-01', 0);
    insert into medals values (77761, 77711, 77751, 'Theirs', '2020-01-01', 'gold');
    insert into rulesets values (77771, 'Theirs', 0);
    insert into age_categories values (77781, 77771, 'U15', 12, 'M');";

pub(super) const JUDO: App = App {
    name: "judo",
    schema: SCHEMA,
    rows: ROWS,
    others: OTHERS,
    without_others: "pragma foreign_keys = on; delete from tournaments where name = 'Theirs';
        delete from athletes where name = 'Theirs'; delete from clubs where name = 'Theirs';
        delete from rulesets where name = 'Theirs'",
};

#[test]
fn a_club_travels_with_athletes_medals_and_rosters() {
    let (scene, data, _) = JUDO.travels(&[], &[], &[]);
    let ada = json!({"name": "Ada", "birthDate": "2010-01-01"});
    let athlete = |own: serde_json::Value| {
        let mut item = json!({"createdAt": "2026-01-03", "updatedAt": "2026-01-04", "phone": null, "member_id": null,
            "promotions": [], "medals": []});
        let fields = item.as_object_mut().expect("an item");
        fields.extend(own.as_object().expect("fields").clone());
        item
    };
    let yard =
        json!({"tournament_id_ref": null, "tournament": "Yard", "date": "2022-02-02", "medal": "silver"});
    assert_eq!(
        data,
        json!({
            "clubs": [
                {"name": "Alder", "location": null, "created_at": "2026-01-01", "updated_at": "2026-01-02"},
                {"name": "Birch", "location": "North", "created_at": "2026-01-01", "updated_at": "2026-01-02"},
            ],
            "athletes": [
                athlete(json!({"name": "Ada", "birthDate": "2010-01-01", "gender": "female", "weight": 52.0,
                    "clubName": "Alder", "phone": "555", "member_id": "M-1",
                    "promotions": [{"rank": "green", "date": "2025-05-05", "notes": null},
                        {"rank": "yellow", "date": "2024-04-04", "notes": "late"}],
                    "medals": [yard, yard, {"tournament_id_ref": {"$id": 1, "$label": "Open"}, "tournament": "Open", "date": "2025-06-06",
                        "medal": "gold"}]})),
                athlete(json!({"name": "Ada", "birthDate": "2012-02-02", "gender": "female", "weight": 44.5,
                    "clubName": "Birch"})),
                athlete(json!({"name": "Bo", "birthDate": "2011-03-03", "gender": "male", "weight": 60.0, "clubName": null})),
            ],
            "tournaments": [
                {"name": "Open", "date": "2025-06-06", "location": null, "ruleset_snapshot": {}, "tournament_rosters": []},
                {"name": "Open", "date": "2026-06-06", "location": "Hall",
                    "ruleset_snapshot": {"ages": [{"name": "U15", "max": 14}]},
                    "tournament_rosters": [{"athlete": ada, "weight_class": "-52"},
                        {"athlete": {"name": "Ada", "birthDate": "2012-02-02"}, "weight_class": "-48"}]},
            ],
            "tournament_history": [
                {"$id": 1, "athlete": ada, "tournament": {"name": "Open", "date": "2025-06-06"}, "tournament_name": "Open",
                    "tournament_date": "2025-06-06", "is_auto_generated": 1},
                {"$id": 2, "athlete": {"name": "Bo", "birthDate": "2011-03-03"}, "tournament": null,
                    "tournament_name": "Far away", "tournament_date": "2023-03-03", "is_auto_generated": 0},
            ],
            "rulesets": [{"name": "National", "is_active": 1, "age_categories": [
                {"name": "U15", "min_age": 12, "gender": "MIXED"}, {"name": "U18", "min_age": 15, "gender": "F"}]}],
            "app_settings": [{"key": "language", "value": "en"}],
        })
    );
    // The medal leads to the athlete's own part in the tournament that it was won at.
    let gold = "select a.birthDate || ' ' || t.date from medals m join athletes a on a.id = m.athleteId
        join tournament_history h on h.id = m.tournament_id and h.athlete_id = a.id
        join tournaments t on t.id = h.tournament_id where m.medal = 'gold'";
    assert_eq!(text(&scene, "there.db", gold), "2010-01-01 2025-06-06");
}

#[test]
fn an_athlete_is_known_by_name_and_birth_date_in_any_club() {
    let scene = JUDO.install();
    JUDO.export(&scene, "here.db", &[]);
    fill(
        &scene.path("there.db"),
        "insert into athletes(id, name, birthDate, gender, weight, clubId) values
            (5, 'Ada', '2010-01-01', 'female', 40.0, 77701);
         insert into medals(athleteId, tournament, date, medal) values (5, 'Yard', '2022-02-02', 'silver'),
            (5, 'Old', '2021', 'gold')",
    );
    let import = |more: &[&str]| scene.larder([&["import", "doc.json", "there.db"], more].concat()).run();
    import(&[]).fails(4).says("data.athletes[0]: it is there already, and differs");
    import(&["--on-conflict", "skip"]).succeeds();
    let ada = "select weight || ' ' || c.name || ' ' ||
            (select group_concat(medal || m.date, ' ' order by m.date = '2025-06-06', m.id) from medals m where athleteId = 5)
        from athletes a join clubs c on c.id = a.clubId where a.id = 5";
    assert_eq!(text(&scene, "there.db", ada), "40.0 Theirs silver2022-02-02 gold2021");
    import(&["--on-conflict", "overwrite"]).succeeds();
    assert_eq!(text(&scene, "there.db", ada), "52.0 Alder silver2022-02-02 silver2022-02-02 gold2025-06-06");
    let rosters = "select cast(count(*) as text) from tournament_rosters where athlete_id = 5";
    assert_eq!(text(&scene, "there.db", rosters), "1");
}
