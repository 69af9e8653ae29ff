//! Migrations that are written from models: their text, what they make of a database with rows, and what is asked first.

mod asked;
mod linted;
mod models;
mod rows;
mod written;
