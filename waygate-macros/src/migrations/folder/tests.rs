use std::path::PathBuf;

use super::*;

/// A folder of its own for one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str, files: &[&str]) -> std::io::Result<Self> {
        let root = std::env::temp_dir().join(format!("waygate-macros-{}-{test}", std::process::id()));
        for file in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap_or(&root))?;
            fs::write(path, "SELECT 1;")?;
        }
        Ok(Self(root))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn migrations_are_listed_oldest_first() -> std::io::Result<()> {
    let folder = Folder::new(
        "listed",
        &[
            "20250102000000_second/up.sql",
            "20250101000000_first/up.sql",
            "20250101000000_first/down.sql",
            "20250103000000_of_prisma/migration.sql",
            "README.md",
            ".git/x",
        ],
    )?;
    let expected = [
        ("20250101000000_first", "up.sql", true),
        ("20250102000000_second", "up.sql", false),
        ("20250103000000_of_prisma", "migration.sql", false),
    ]
    .map(|(id, up, has_down)| Listed { id: id.to_owned(), up, has_down });
    assert_eq!(list(&folder.0), Ok(expected.into()));
    Ok(())
}

#[test]
fn every_fault_is_reported_at_once() -> std::io::Result<()> {
    let folder = Folder::new(
        "faults",
        &[
            "20250101_short/up.sql",
            "20250101000000_Upper/up.sql",
            "20250101000001_bare/down.sql",
            "20250101000002_one/up.sql",
            "20250101000002_two/up.sql",
            "20250101000003_stray.sql",
        ],
    )?;
    let faults = list(&folder.0).unwrap_err();
    assert_eq!(faults.len(), 5, "{faults:#?}");
    assert!(faults.iter().any(|fault| fault == "migration 20250101000001_bare has no up.sql"));
    assert!(faults.iter().any(|fault| fault.contains("20250101000002_two has the same version as 20250101000002_one")));
    Ok(())
}

#[test]
fn a_missing_folder_is_named() {
    let faults = list(Path::new("no/such/folder")).unwrap_err();
    assert!(faults[0].starts_with("cannot read the migrations folder no/such/folder"), "{faults:?}");
}
