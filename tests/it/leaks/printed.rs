//! What a program prints with `{:?}`.

use std::collections::BTreeMap;
use std::fmt::Debug;

use waygate::models::SCHEMA;
use waygate_db::Model;

/// Both forms of all that was printed, and of each model by its table.
#[derive(Default)]
pub(super) struct Printed {
    all: String,
    models: BTreeMap<&'static str, String>,
}

impl Printed {
    pub(super) fn value(&mut self, value: &impl Debug) {
        self.all.push_str(&format!("{value:?}\n{value:#?}\n"));
    }

    pub(super) fn model<M: Model + Debug>(&mut self, row: &M) {
        self.value(row);
        self.models.insert(M::TABLE.name, format!("{row:?}"));
    }

    pub(super) fn text(&self) -> String {
        self.all.clone()
    }

    /// Every model of the schema was printed: its plain fields with their values, its sealed ones without.
    pub(super) fn assert_every_model_hides_its_sealed_columns(&self) {
        for table in SCHEMA.tables() {
            let shown = self.models.get(table.name).unwrap_or_else(|| panic!("no {} was printed", table.model));
            for column in table.columns {
                let place = shown.find(&format!(" {}: ", column.field));
                let place = place.unwrap_or_else(|| panic!("{}.{} is not in {shown}", table.model, column.field));
                let value = &shown[place + column.field.len() + 3..];
                let hidden = ["Encrypted(<redacted>)", "Some(Encrypted(<redacted>))"];
                let is_hidden = hidden.iter().any(|text| value.starts_with(text));
                assert_eq!(is_hidden, column.encryption.is_some(), "{}.{}: {value}", table.model, column.field);
            }
        }
    }
}
