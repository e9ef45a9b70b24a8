//! The sections of a `CHANGELOG.md`, in the form of Keep a Changelog and in that of `attache update`.

/// What a changelog says of one version.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section<'a> {
    /// `0.2.0` or `Unreleased`.
    pub(super) version: &'a str,
    /// Whether it says anything.
    pub(super) is_empty: bool,
}

/// The sections in their order. Their headings are `## 0.2.0`, `## [0.2.0]` or either with ` - DATE`.
pub(super) fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let version = heading.split(" - ").next().unwrap_or(heading).trim();
            let inside = version
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'));
            sections.push(Section {
                version: inside.unwrap_or(version),
                is_empty: true,
            });
        } else if let Some(section) = sections.last_mut()
            && !line.trim().is_empty()
            && !line.starts_with('#')
        {
            section.is_empty = false;
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::{Section, sections};

    #[test]
    fn headings_of_both_forms_are_read() {
        let text = "# Changelog\n\nIntroduction.\n\n## [Unreleased]\n\n### Added\n\n## [0.2.0] - 2026-11-29\n\n* x\n\n\
                    ## 0.1.0\ntext\n### Fixed\n";
        let section = |version, is_empty| Section { version, is_empty };
        assert_eq!(
            sections(text),
            [
                section("Unreleased", true),
                section("0.2.0", false),
                section("0.1.0", false)
            ]
        );
    }
}
