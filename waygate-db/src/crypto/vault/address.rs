//! Where Vault listens.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use hyper::Uri;
use tokio::net::{TcpStream, lookup_host};

use super::fault::Fault;
use crate::error::{Error, Kind, Result};

/// `http://` on this machine, with a port and perhaps a path before `/v1`.
pub(super) struct Address {
    host: String,
    port: u16,
    path: String,
}

impl Address {
    pub(super) fn parse(text: &str) -> Result<Self> {
        // The text is not repeated: a URL may hold a password.
        let uri: Uri = text.trim().parse().map_err(|_| refused("the address of Vault is not a URL"))?;
        if uri.scheme_str() == Some("https") {
            return Err(Error::new(
                Kind::Config,
                "the address of Vault asks for TLS, which is not spoken to Vault yet",
            )
            .help("let a Vault agent or a sidecar on this machine speak TLS, and name its http:// address"));
        }
        let (Some("http"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(refused("the address of Vault is not an http:// URL"));
        };
        if authority.as_str().contains('@') || uri.query().is_some() {
            return Err(refused("the address of Vault holds a user or a query, and can use neither"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host != "localhost" && !host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) {
            let message =
                "the address of Vault is another machine's, and plain HTTP would show it token and keys on the way";
            return Err(Error::new(Kind::Config, message).help(
                "let a Vault agent or a sidecar on this machine speak TLS, and name its http://127.0.0.1 address",
            ));
        }
        let path = uri.path().trim_end_matches('/').to_owned();
        Ok(Self { host, port: authority.port_u16().unwrap_or(80), path })
    }

    /// What stands before `/v1`.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Host and port, as the header `Host` has them.
    pub(super) fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    pub(super) async fn connect(&self) -> Result<TcpStream, Fault> {
        let found =
            lookup_host((self.host.as_str(), self.port)).await.map_err(|error| Fault::Unreachable(error.kind()))?;
        // What `localhost` means is this machine's own choice, and it may have chosen badly.
        let found: Vec<SocketAddr> = found.filter(|address| address.ip().is_loopback()).collect();
        let stream = TcpStream::connect(found.as_slice()).await.map_err(|error| Fault::Unreachable(error.kind()))?;
        stream.set_nodelay(true).map_err(|error| Fault::Unreachable(error.kind()))?;
        Ok(stream)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}{}", self.authority(), self.path)
    }
}

fn refused(message: &str) -> Error {
    Error::new(Kind::Config, message).help("write it as WAYGATE_VAULT_ADDR=http://127.0.0.1:8200")
}
