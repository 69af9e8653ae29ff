//! Diagrams and dictionary of models that no one should write: names and comments full of markup, and circles.
#![expect(dead_code, clippy::doc_markdown, reason = "these models are described alone, and badly written on purpose")]

mod markup;

use chrono::{DateTime, Utc};
use waygate_db::{DiagramFormat, Dialect, Encrypted, Id, Model, PgEnum, Schema, TenantId, schema_diagram, schema_docs};

static SCHEMA: Schema = waygate_db::schema![Tenant, Team, Person, Badge, Country];

/// Every `Kind`; it's "<b>bold</b>" | `a|b` & *more*
#[derive(PgEnum, Debug, Clone, Copy, PartialEq)]
enum Kind {
    #[model(label = "a|b")]
    Barred,
    #[model(label = "<i>`")]
    Tagged,
}

/// 1. A tenant, </text><script>alert("%%{init}%%")</script> -->
///
/// # No heading
/// | no | table |
///
/// - an `unclosed code
#[derive(Model)]
#[model(table = "class")]
struct Tenant {
    #[model(key, tenant)]
    id: TenantId,
    /// \ #quot; ` one back quote
    #[model(column = "a\"b|<c> d", default = "it's | <x> `y`")]
    odd: String,
}

#[derive(Model)]
#[model(table = "teams \"<&>\"")]
struct Team {
    #[model(key)]
    id: Id<Team>,
    #[model(tenant, belongs_to(Tenant, on_delete = cascade))]
    tenant_id: TenantId,
    #[model(belongs_to(Person, on_delete = set_null))]
    leader_id: Option<Id<Person>>,
    #[model(belongs_to(Team, on_delete = set_null))]
    above_id: Option<Id<Team>>,
    kind: Vec<Kind>,
}

#[derive(Model)]
#[model(table = "people")]
struct Person {
    #[model(key)]
    id: Id<Person>,
    #[model(tenant, belongs_to(Tenant))]
    tenant_id: TenantId,
    #[model(belongs_to(Team, on_delete = cascade))]
    team_id: Id<Team>,
    #[model(encrypted, searchable(normalize = digits, bits = 24))]
    phone: Encrypted<String>,
    #[model(encrypted(migrate_from = "pin"))]
    pin_sealed: Option<Encrypted<String>>,
    #[model(sql = "numeric(10,2)")]
    salary: String,
}

#[derive(Model)]
#[model(table = "badges", tenant(through = person_id, owner = owner_id), append_only)]
struct Badge {
    #[model(key)]
    id: Id<Badge>,
    #[model(belongs_to(Person, on_delete = cascade), unique)]
    person_id: Id<Person>,
    owner_id: Option<TenantId>,
    #[model(belongs_to(Country))]
    country_id: Option<Id<Country>>,
    #[model(created_at)]
    created_at: DateTime<Utc>,
}

#[derive(Model)]
#[model(table = "größe", shared)]
struct Country {
    #[model(key)]
    id: Id<Country>,
    名前: String,
}

#[test]
fn the_picture_is_well_formed_whatever_names_and_comments_hold() {
    let svg = schema_diagram(&SCHEMA, DiagramFormat::Svg);
    let texts = markup::texts_of_xml(&svg);
    for text in ["class", "a\"b|<c> d", "teams \"<&>\"", "名前", "numeric(10,2)", "phone_bidx"] {
        assert!(texts.iter().any(|one| one == text), "{text:?} is not in {texts:?}");
    }
    assert!(!svg.contains("<script") && !svg.contains("href"), "{svg}");
    markup::assert_parsed_by_another(&svg);
}

#[test]
fn no_line_of_the_picture_crosses_a_table() {
    let svg = schema_diagram(&SCHEMA, DiagramFormat::Svg);
    let (lines, cards) = (markup::lines(&svg), markup::cards(&svg));
    assert_eq!((cards.len(), lines.len()), (5, 7), "every table and reference is there once");
    for (x, y) in lines.into_iter().flatten() {
        let is_inside = |&(left, top, width, height): &(f64, f64, f64, f64)| {
            left + 0.5 < x && x < left + width - 0.5 && top < y && y < top + height
        };
        assert!(!cards.iter().any(is_inside), "a line goes through a table at {x} {y}: {svg}");
    }
}

#[test]
fn mermaid_reads_every_line_whatever_names_and_comments_hold() {
    let text = schema_diagram(&SCHEMA, DiagramFormat::Mermaid);
    for line in text.lines().skip(3) {
        assert!(markup::is_mermaid(line), "{line}");
    }
    for line in [
        "    \"class\"[\"class (each row is a tenant)\"] {",
        "        text a_b__c__d \"#92; #35;quot; #96; one back quote\"",
        "        numeric(10_2) salary",
        "        uuid person_id FK, UK",
        "    people ||--o| badges : \"person_id\"",
        "    \"größe\" |o..o{ badges : \"country_id\"",
        "    people |o..o{ \"teams #quot;#lt;#amp;#gt;#quot;\" : \"leader_id\"",
    ] {
        assert!(text.lines().any(|one| one == line), "{line} is not in {text}");
    }
}

#[test]
fn the_dictionary_keeps_its_tables_whatever_names_and_comments_hold() {
    let docs = schema_docs(&SCHEMA, &Dialect::Postgres);
    for rows in docs.split("\n\n").filter(|block| block.starts_with('|')) {
        let bars: Vec<usize> = rows.lines().map(markup::bars).collect();
        assert!(bars.iter().all(|count| *count == bars[0]), "{rows}");
    }
    for line in [
        "\\1. A tenant, &lt;/text&gt;&lt;script&gt;alert(\"%%{init}%%\")&lt;/script&gt; --&gt;",
        "\\# No heading | no | table |",
        "\\- an \\`unclosed code",
        "| `a\"b\\|<c> d` | `text` | no | ``'it''s \\| <x> `y`'`` | \\\\ \\#quot; \\` one back quote |",
        "Every `Kind`; it's \"&lt;b&gt;bold&lt;/b&gt;\" | `a|b` &amp; \\*more\\*",
        "Labels, in order: `a|b`, `` <i>` ``.",
        "| `phone` | `waygate.encrypted` | no |  | **Sealed**, bound to its row. Found by its digits, within its tenant, by \
         24 bits in `phone_bidx`. |",
    ] {
        assert!(docs.lines().any(|one| one == line), "{line} is not in {docs}");
    }
}
