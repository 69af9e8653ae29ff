//! Rust's names in the database's spelling.

/// How a PostgreSQL enum spells its labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
    Camel,
    Pascal,
}

impl Case {
    /// Every spelling, under the name that `rename_all` takes.
    pub(crate) const ALL: &[(&str, Self)] = &[
        ("snake_case", Self::Snake),
        ("UPPERCASE", Self::Upper),
        ("lowercase", Self::Lower),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("kebab-case", Self::Kebab),
        ("SCREAMING-KEBAB-CASE", Self::ScreamingKebab),
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
    ];

    /// An upper-camel name in this spelling.
    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Snake => snake(name),
            Self::ScreamingSnake => snake(name).to_uppercase(),
            Self::Kebab => snake(name).replace('_', "-"),
            Self::ScreamingKebab => snake(name).to_uppercase().replace('_', "-"),
            Self::Camel => {
                let pascal = pascal(&snake(name));
                let mut letters = pascal.chars();
                letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
            }
            Self::Pascal => pascal(&snake(name)),
        }
    }
}

/// `HttpMethod` and `HTTPMethod` as `http_method`.
pub(crate) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (place, letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| letters.get(place));
        let after = letters.get(place + 1);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if starts_word {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// `auth_type` as `AuthType`.
pub(crate) fn pascal(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Case, pascal, snake};

    #[test]
    fn words_are_found_in_camel_case() {
        for (rust, sql) in [
            ("AuthType", "auth_type"),
            ("HTTPMethod", "http_method"),
            ("Oauth2", "oauth2"),
            ("Oauth2Tokens", "oauth2_tokens"),
            ("NeedsReauth", "needs_reauth"),
            ("GET", "get"),
        ] {
            assert_eq!(snake(rust), sql);
        }
        assert_eq!(pascal("auth_type"), "AuthType");
    }

    #[test]
    fn every_spelling_differs() {
        let spelled: Vec<String> = Case::ALL.iter().map(|(_, case)| case.apply("NeedsReauth")).collect();
        assert_eq!(
            spelled,
            [
                "needs_reauth",
                "NEEDSREAUTH",
                "needsreauth",
                "NEEDS_REAUTH",
                "needs-reauth",
                "NEEDS-REAUTH",
                "needsReauth",
                "NeedsReauth"
            ]
        );
    }
}
