//! A web service in which a handler gets a tenant's handle, and only after the caller has shown the tenant's API key.
//!
//! ```sh
//! cargo run -- dev                          # a database with development data; put its URLs into .env.local
//! cargo run --example verified_tenant
//! curl -H 'Authorization: Bearer wg_test_dev_abc123xyz789' http://127.0.0.1:3000/integrations
//! ```
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

mod service;

use std::error::Error;

use tokio::net::TcpListener;
use waygate_db::{Config, Db, Environment};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let db = Db::connect(Config::from_environment(&Environment::load()?)?).await?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, service::router(db)).await?;
    Ok(())
}
