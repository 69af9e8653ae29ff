//! A proxy before the server: it passes bytes on, late if asked, counts how often the client had to wait for an answer,
//! and breaks a connection after so many bytes.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tokio_postgres::config::Host;
use waygate_db::DatabaseUrl;

/// A way that bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// From the client to the server.
    Out,
    /// From the server to the client.
    Back,
}

/// A listener on this machine, and what it passes on to.
pub(crate) struct Proxy {
    address: SocketAddr,
    line: Arc<Line>,
    accepting: JoinHandle<()>,
}

/// What all connections through a proxy share.
#[derive(Default)]
struct Line {
    /// For how long bytes travel, each way.
    delay: Mutex<Duration>,
    /// How often the client sent something after it had received something.
    turns: AtomicU64,
    /// Whether the client was the last to send.
    is_asking: AtomicBool,
    /// Bytes that passed, out and back.
    passed: [AtomicU64; 2],
    /// After how many bytes of which way the connection breaks, once.
    cut: Mutex<Option<(Way, u64)>>,
}

/// Where the server listens.
#[derive(Clone)]
enum Server {
    Socket(PathBuf),
    Port(String, u16),
}

impl Proxy {
    /// A proxy before this URL's server.
    pub(crate) async fn before(url: &DatabaseUrl) -> Self {
        let config = url.to_config();
        let port = config.get_ports()[0];
        let server = match &config.get_hosts()[0] {
            Host::Unix(folder) => Server::Socket(folder.join(format!(".s.PGSQL.{port}"))),
            Host::Tcp(host) => Server::Port(host.clone(), port),
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let line = Arc::<Line>::default();
        let accepting = tokio::spawn(accept(listener, server, Arc::clone(&line)));
        Self { address, line, accepting }
    }

    /// The same login on the same database, through this proxy.
    pub(crate) fn url(&self, url: &DatabaseUrl) -> DatabaseUrl {
        through(url, self.address.port())
    }

    /// From now on bytes travel for so long, each way.
    pub(crate) fn delay(&self, delay: Duration) {
        *self.line.delay.lock().unwrap() = delay;
    }

    /// How often a client asked: sent something, having received what went before.
    pub(crate) fn turns(&self) -> u64 {
        self.line.turns.load(Ordering::Acquire)
    }

    /// How many bytes went this way so far.
    pub(crate) fn passed(&self, way: Way) -> u64 {
        self.line.passed[way as usize].load(Ordering::Acquire)
    }

    /// Breaks the connection that carries the byte after so many more bytes of this way.
    pub(crate) fn cut_after(&self, way: Way, bytes: u64) {
        *self.line.cut.lock().unwrap() = Some((way, bytes));
    }

    /// Whether the connection that was to break did.
    pub(crate) fn has_cut(&self) -> bool {
        self.line.cut.lock().unwrap().is_none()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// The same login on the same database, at this port of this machine.
pub(crate) fn through(url: &DatabaseUrl, port: u16) -> DatabaseUrl {
    let config = url.to_config();
    let here: DatabaseUrl = format!("postgres://nobody@127.0.0.1:{port}/{}", url.database()).parse().unwrap();
    let password = config.get_password().map(|password| String::from_utf8_lossy(password).into_owned());
    here.with_user(url.user()).unwrap().with_password(password.as_deref())
}

async fn accept(listener: TcpListener, server: Server, line: Arc<Line>) {
    loop {
        let Ok((client, _)) = listener.accept().await else { return };
        // What is small must not wait for more: that would be a delay of its own.
        client.set_nodelay(true).unwrap();
        let (server, line) = (server.clone(), Arc::clone(&line));
        tokio::spawn(async move {
            let (from_client, to_client) = client.into_split();
            // A server that is gone closes the client's connection, as it would without a proxy.
            match server {
                Server::Socket(path) => {
                    let Ok(server) = UnixStream::connect(path).await else { return };
                    let (from_server, to_server) = server.into_split();
                    join(line, from_client, to_server, from_server, to_client).await;
                }
                Server::Port(host, port) => {
                    let Ok(server) = TcpStream::connect((host, port)).await else { return };
                    server.set_nodelay(true).unwrap();
                    let (from_server, to_server) = server.into_split();
                    join(line, from_client, to_server, from_server, to_client).await;
                }
            }
        });
    }
}

/// Passes bytes on in both ways until one of them ends; then both do.
async fn join(
    line: Arc<Line>,
    from_client: impl AsyncRead + Unpin,
    to_server: impl AsyncWrite + Unpin,
    from_server: impl AsyncRead + Unpin,
    to_client: impl AsyncWrite + Unpin,
) {
    tokio::select! {
        () = pass(&line, Way::Out, from_client, to_server) => {}
        () = pass(&line, Way::Back, from_server, to_client) => {}
    }
}

/// Passes bytes on in one way, each as late as the line is long.
async fn pass(line: &Line, way: Way, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
    let (sender, mut travelling) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let read = async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            if way == Way::Out {
                line.ask();
            }
            let due = Instant::now() + *line.delay.lock().unwrap();
            if sender.send((due, buffer[..length].to_vec())).is_err() {
                return;
            }
        }
    };
    let write = async move {
        while let Some((due, bytes)) = travelling.recv().await {
            sleep_until(due).await;
            let (kept, is_cut) = line.let_through(way, bytes.len());
            if way == Way::Back {
                line.is_asking.store(false, Ordering::Release);
            }
            if to.write_all(&bytes[..kept]).await.is_err() || to.flush().await.is_err() || is_cut {
                return;
            }
        }
    };
    let mut write = pin!(write);
    tokio::select! {
        () = read => write.await,
        () = &mut write => {}
    }
}

impl Line {
    /// The client sent something.
    fn ask(&self) {
        if !self.is_asking.swap(true, Ordering::AcqRel) {
            self.turns.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// How many of these bytes may pass, and whether the connection breaks after them.
    fn let_through(&self, way: Way, length: usize) -> (usize, bool) {
        let mut cut = self.cut.lock().unwrap();
        let (kept, is_cut) = match &mut *cut {
            Some((cut_way, left)) if *cut_way == way => {
                let kept = length.min(usize::try_from(*left).unwrap());
                *left -= kept as u64;
                (kept, kept < length)
            }
            _ => (length, false),
        };
        if is_cut {
            *cut = None;
        }
        self.passed[way as usize].fetch_add(kept as u64, Ordering::AcqRel);
        (kept, is_cut)
    }
}
