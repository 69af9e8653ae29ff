//! Makes cargo build again when a migration is added: `migrations!` can watch files, but no folder.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=migrations-citus");
    println!("cargo:rerun-if-changed=migrations-sealed");
    println!("cargo:rerun-if-changed=migrations-supabase");
}
