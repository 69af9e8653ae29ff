//! The migration runner against a real server.

#[cfg(test)]
mod migrate {
    mod database;
    mod deploying;
    mod files;
    mod locking;
    mod refusing;
    mod transaction_control;
}
