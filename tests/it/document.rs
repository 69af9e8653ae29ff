//! `schema diagram` and `schema docs` of the six models, compared with the reviewed ones. `BLESS=1 cargo test -p waygate
//! --test it document` writes them anew: read, and look at, what changed.

use std::path::Path;

use waygate::models::SCHEMA;
use waygate_db::{DiagramFormat, Dialect, schema_diagram, schema_docs};

use crate::cli::Waygate;

#[track_caller]
fn assert_reviewed(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/document").join(file);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (ours, theirs)) in text.lines().zip(reviewed.lines()).enumerate() {
        assert_eq!(ours, theirs, "line {} of tests/it/document/{file}", number + 1);
    }
    assert_eq!(text.lines().count(), reviewed.lines().count());
}

#[test]
fn the_diagram_for_mermaid_is_the_reviewed_one() {
    assert_reviewed("waygate.mmd", &schema_diagram(&SCHEMA, DiagramFormat::Mermaid));
}

#[test]
fn the_picture_is_the_reviewed_one() {
    assert_reviewed("waygate.svg", &schema_diagram(&SCHEMA, DiagramFormat::Svg));
}

#[test]
fn the_dictionary_is_the_reviewed_one() {
    assert_reviewed("waygate.md", &schema_docs(&SCHEMA, &Dialect::Postgres));
}

#[test]
fn the_dictionary_names_the_roles_and_rights_of_its_kind_of_server() {
    let supabase = schema_docs(&SCHEMA, &"supabase".parse().unwrap());
    assert!(supabase.contains("| `authenticated` | those of the session's tenant, by `tenant_id` |"), "{supabase}");
    let citus = schema_docs(&SCHEMA, &Dialect::Citus);
    assert!(citus.contains("## field\\_mappings\n\nLeft out on this kind of server: its rows"), "{citus}");
    // Rights are on whole tables there.
    assert!(
        citus.contains("| `waygate_app` | those of the session's tenant, by `tenant_id` | every column |"),
        "{citus}"
    );
    assert!(citus.contains("`actions_pkey`: primary key, over `tenant_id`, `id`"), "{citus}");
}

#[test]
fn the_commands_print_or_write_them() {
    let waygate = Waygate::new();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (mermaid, svg) = (schema_diagram(&SCHEMA, DiagramFormat::Mermaid), schema_diagram(&SCHEMA, DiagramFormat::Svg));
    assert_eq!(waygate.prints(&["schema", "diagram"]), mermaid);
    assert_eq!(waygate.prints(&["schema", "diagram", "--format", "svg"]), svg);
    for (name, words, expected) in [
        ("a.svg", &["schema", "diagram"][..], &svg),
        ("b.mmd", &["schema", "diagram"], &mermaid),
        ("c.svg", &["schema", "diagram", "--format", "mermaid"], &mermaid),
        ("d.md", &["schema", "docs"], &schema_docs(&SCHEMA, &Dialect::Postgres)),
    ] {
        let path = file(name);
        let words = [words, &["--out", &path]].concat();
        assert_eq!(waygate.prints(&words), "");
        assert_eq!(std::fs::read_to_string(path).unwrap(), *expected, "{name}");
    }
    let refused = waygate.run(&["schema", "docs", "--out", &file("missing/e.md")]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("cannot write") && refused.stderr.contains("missing/e.md"), "{}", refused.stderr);
}
