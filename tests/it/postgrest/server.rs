//! A running PostgREST, on a port of its own.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use waygate_db::DatabaseUrl;

use super::AUDIENCE;

/// PostgREST over one database; it ends with this value.
pub(super) struct Postgrest {
    child: Child,
    port: u16,
}

impl Postgrest {
    /// Starts it and waits until it takes requests.
    pub(super) fn start(program: PathBuf, database: &DatabaseUrl, secret: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let child = Command::new(program)
            .env_clear()
            .env("PGRST_DB_URI", database.expose())
            .env("PGRST_DB_SCHEMAS", "public")
            .env("PGRST_DB_ANON_ROLE", "anon")
            .env("PGRST_JWT_SECRET", secret)
            .env("PGRST_JWT_AUD", AUDIENCE)
            .env("PGRST_SERVER_HOST", "127.0.0.1")
            .env("PGRST_SERVER_PORT", port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self { child, port };
        server.wait();
        server
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Until it knows the schema it answers 503.
    fn wait(&mut self) {
        for _ in 0..200 {
            if self.answer().is_ok_and(|answer| answer.contains(" 200 ")) {
                return;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "PostgREST ended at once");
            thread::sleep(Duration::from_millis(50));
        }
        panic!("PostgREST does not answer");
    }

    /// The first line of what it answers.
    fn answer(&self) -> io::Result<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.write_all(b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(line)
    }
}

impl Drop for Postgrest {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}
