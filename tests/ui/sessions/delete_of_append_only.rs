//! Logs are inserted and read.

use waygate::models::RequestLog;
use waygate_db::{Id, Model};

fn delete(id: Id<RequestLog>) {
    RequestLog::delete(id);
}

fn main() {}
