//! What is built in for an application, in a file of settings: as proposals, which take its place once they count.

/// The sections of a file that is built in, each line with the mark of a proposal.
pub(super) fn proposals(text: &str) -> String {
    let is_table = |line: &str| line.starts_with("[sections.") || line.starts_with("[scope]");
    let lines: Vec<&str> = text.lines().collect();
    let Some(mut first) = lines.iter().position(|line| is_table(line)) else { return String::new() };
    while first > 0 && lines[first - 1].starts_with('#') {
        first -= 1;
    }
    let mut proposals = String::from("\n");
    for line in &lines[first..] {
        if !line.is_empty() && !line.starts_with('#') {
            proposals.push('#');
        }
        proposals.push_str(line);
        proposals.push('\n');
    }
    proposals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_become_proposals_with_the_words_about_them() {
        let text = "# Head\ntriggers = \"off\"\n\n# About books\n[sections.books]\nkey = [\"uuid\"]\n\n[sections.tags]\n";
        assert_eq!(
            proposals(text),
            "\n# About books\n#[sections.books]\n#key = [\"uuid\"]\n\n#[sections.tags]\n"
        );
        assert_eq!(proposals("app = \"x\"\n"), "");
    }
}
