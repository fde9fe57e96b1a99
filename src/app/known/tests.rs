use super::*;

#[test]
fn every_file_is_built_in_and_parses() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("apps");
    let mut there: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| {
            entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned()
        })
        .collect();
    there.sort();
    let built_in: Vec<String> = Known::all().iter().map(|known| known.id.to_owned()).collect();
    assert_eq!(built_in, there, "src/app/known/files.rs lists apps/*.toml in their order");
}
