//! Just enough of each markup to tell whether a text is one.

use std::io::Write;
use std::process::{Command, Stdio};

/// The texts between the tags of an XML document, which has to be well-formed.
pub(super) fn texts_of_xml(xml: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut texts = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        assert!(!text.contains('>'), "{text}");
        texts.push(unescape(text));
        let end = start + rest[start..].find('>').expect("a tag's end");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "the tags are nested");
            continue;
        }
        let tag = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.0.split_once(' ').unwrap_or((tag.0, ""));
        assert!(name.chars().all(|char| char.is_ascii_alphanumeric()), "{name}");
        assert_eq!(attributes.matches('"').count() % 2, 0, "{attributes}");
        attributes.split('"').skip(1).step_by(2).for_each(|value| drop(unescape(value)));
        if !tag.1 {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
    texts
}

fn unescape(text: &str) -> String {
    let known = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    let bare = known.iter().fold(text.to_owned(), |text, (entity, _)| text.replace(entity, ""));
    assert!(!bare.contains('&'), "{text}");
    known.iter().fold(text.to_owned(), |text, (entity, char)| text.replace(entity, char))
}

/// Asks Python's parser too, where there is one.
pub(super) fn assert_parsed_by_another(xml: &str) {
    let parse = "import sys, xml.dom.minidom as dom; dom.parseString(sys.stdin.buffer.read())";
    let python = Command::new("python3").args(["-c", parse]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut python) = python else { return };
    python.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
    let ended = python.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

/// Left, top, width and height of each table's box.
pub(super) fn cards(svg: &str) -> Vec<(f64, f64, f64, f64)> {
    let card = |line: &str| {
        let number = |name: &str| -> f64 {
            let rest = &line[line.find(&format!(" {name}=\"")).unwrap() + name.len() + 3..];
            rest.split('"').next().unwrap().parse().unwrap()
        };
        (number("x"), number("y"), number("width"), number("height"))
    };
    svg.lines().filter(|line| line.starts_with("<rect class=\"card\"")).map(card).collect()
}

/// Points along each reference's line.
pub(super) fn lines(svg: &str) -> Vec<Vec<(f64, f64)>> {
    let ways = svg.lines().filter(|line| line.starts_with("<g><title>") && line.contains("→"));
    ways.map(|line| points(line.split(" d=\"").nth(1).unwrap().split('"').next().unwrap())).collect()
}

/// Points along a path of `M`, `H` and `C`.
fn points(path: &str) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    let steps = path.replace('M', "\nM").replace('H', "\nH").replace('C', "\nC");
    for step in steps.lines() {
        let numbers: Vec<f64> =
            step.get(1..).unwrap_or("").split_whitespace().map(|one| one.parse().unwrap()).collect();
        let along = (0..=100).map(|part| f64::from(part) / 100.0);
        match (step.chars().next(), numbers.as_slice()) {
            (None, _) => {}
            (Some('M'), &[to_x, to_y]) => (x, y) = (to_x, to_y),
            (Some('H'), &[to]) => {
                points.extend(along.map(|part| (x + (to - x) * part, y)));
                x = to;
            }
            (Some('C'), &[ax, ay, bx, by, to_x, to_y]) => {
                let at = |part: f64, [a, b, c, d]: [f64; 4]| {
                    let left = 1.0 - part;
                    a * left.powi(3) + 3.0 * b * left * left * part + 3.0 * c * left * part * part + d * part.powi(3)
                };
                points.extend(along.map(|part| (at(part, [x, ax, bx, to_x]), at(part, [y, ay, by, to_y]))));
                (x, y) = (to_x, to_y);
            }
            (step, _) => panic!("{step:?} in {path}"),
        }
    }
    points
}

/// Whether Mermaid's grammar of an `erDiagram` has this line: a table's head or end, a column, or a reference.
pub(super) fn is_mermaid(line: &str) -> bool {
    let line = line.trim_start();
    if line == "}" {
        return true;
    }
    if let Some(head) = line.strip_suffix("\"] {") {
        return head.split_once("[\"").is_some_and(|(name, alias)| is_entity(name) && is_quotable(alias));
    }
    if let Some((ends, label)) = line.split_once(" : ") {
        let joints = ["||--o{", "||--o|", "|o..o{", "|o..o|"];
        let ends = joints.iter().find_map(|joint| ends.split_once(&format!(" {joint} ")));
        let label = label.strip_prefix('"').and_then(|label| label.strip_suffix('"'));
        return ends.is_some_and(|(one, other)| is_entity(one) && is_entity(other)) && label.is_some_and(is_quotable);
    }
    let (column, comment) = line.split_once(" \"").map_or((line, None), |(column, rest)| (column, Some(rest)));
    let mut words = column.split(' ');
    let is_word = |word: Option<&str>| {
        word.is_some_and(|word| {
            word.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_' || char >= '\u{c0}')
                && word.chars().all(|char| char.is_ascii_alphanumeric() || "-_[]()".contains(char) || char >= '\u{c0}')
        })
    };
    is_word(words.next())
        && is_word(words.next())
        && words.all(|mark| ["PK", "FK", "UK"].contains(&mark.trim_end_matches(',')))
        && comment.is_none_or(|comment| comment.strip_suffix('"').is_some_and(is_quotable))
}

fn is_entity(name: &str) -> bool {
    let is_bare = name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    is_bare || name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).is_some_and(is_quotable)
}

/// Whether a text may stand in quotes: with nothing that ends them, is HTML, or begins a directive.
fn is_quotable(text: &str) -> bool {
    !text.is_empty() && !text.contains(['"', '<', '>', '%', '\\', '&', '\n'])
}

/// The bars of a row in Markdown that are not escaped.
pub(super) fn bars(row: &str) -> usize {
    let chars: Vec<char> = row.chars().collect();
    chars.iter().enumerate().filter(|(at, char)| **char == '|' && (*at == 0 || chars[at - 1] != '\\')).count()
}
