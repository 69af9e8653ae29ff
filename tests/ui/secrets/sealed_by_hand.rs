//! Only the database's cells are sealed values.

use waygate_db::Sealed;

fn main() {
    let _ = Sealed::<String>::new("seed".to_owned());
    let _: Sealed<String> = "seed".to_owned().into();
    let _ = Sealed::<String> { cell: Box::default() };
}
