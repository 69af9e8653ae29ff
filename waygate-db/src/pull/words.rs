//! The words that a name is made of.

/// Plurals that follow no rule.
const IRREGULAR: &[(&str, &str)] = &[
    ("analyses", "analysis"),
    ("buses", "bus"),
    ("caches", "cache"),
    ("children", "child"),
    ("feet", "foot"),
    ("indices", "index"),
    ("matrices", "matrix"),
    ("men", "man"),
    ("mice", "mouse"),
    ("movies", "movie"),
    ("people", "person"),
    ("shoes", "shoe"),
    ("teeth", "tooth"),
    ("vertices", "vertex"),
    ("women", "woman"),
];

/// Words whose plural is the word, or that only look like one.
const UNCHANGED: &[&str] = &["data", "media", "metadata", "news", "series", "species", "settings"];

/// The words of a name, in lower case: of `OAuthToken`, `o`, `auth` and `token`; of `2nd-line`, `2nd` and `line`.
pub(super) fn words(name: &str) -> Vec<String> {
    let plain: String = name.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '_' }).collect();
    snake(&plain).split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// `HttpMethod` and `HTTPMethod` as `http_method`: what the derive makes of an enum's name.
pub(super) fn snake(name: &str) -> String {
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

/// The words as one in upper camel case: `AuthType`.
pub(super) fn pascal(words: &[String]) -> String {
    words
        .iter()
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters)
        })
        .collect()
}

/// The words of one row's name: the last of the table's in the singular.
pub(super) fn of_one_row(table: &str) -> Vec<String> {
    let mut words = words(table);
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

/// The singular of an English plural, and any other word unchanged.
fn singular(word: &str) -> String {
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    let stem = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.len() > 1);
    if UNCHANGED.contains(&word) || ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        return word.to_owned();
    }
    if let Some(stem) = stem("ies") {
        return format!("{stem}y");
    }
    let is_long = ["sses", "shes", "ches", "xes", "zzes", "oes", "tuses", "ruses", "puses", "nuses", "iases"];
    if is_long.iter().any(|ending| word.ends_with(ending)) {
        return stem("es").unwrap_or(word).to_owned();
    }
    stem("s").unwrap_or(word).to_owned()
}
