//! The one server of this process, and the deployed template on it.
//!
//! A private server is kept until the process ends. On a given server the template and the roles go when no test uses
//! them any more, because nothing else would remove them; the next test makes them again.

use std::sync::Arc;
use std::thread;

use tokio::sync::Mutex;
use waygate::MIGRATIONS;
use waygate_db::local::{Cluster, Scratch};

use super::environment;

/// What all databases of this process are called, and a random word after it.
const PREFIX: &str = "waygate_test";

static SERVER: Mutex<Option<Server>> = Mutex::const_new(None);

struct Server {
    cluster: Arc<Cluster>,
    template: Scratch,
    /// How many tests use it.
    users: usize,
    is_private: bool,
}

impl Server {
    /// Opens the server and deploys the template. Nothing of it outlives this call's runtime.
    async fn open() -> Self {
        let environment = environment();
        let is_private = environment.get("DATABASE_URL").is_none();
        let cluster = Cluster::open(&environment, |_| {}).await.unwrap_or_else(|error| panic!("no server: {error}"));
        let cluster = Arc::new(cluster);
        let template = cluster.create(&format!("{PREFIX}_template")).await.unwrap();
        template.deploy(MIGRATIONS).await.unwrap();
        Self { cluster, template, users: 0, is_private }
    }

    async fn remove(self) {
        let Self { cluster, template, .. } = self;
        if let Err(error) = template.drop().await {
            eprintln!("the template was not dropped: {error}");
        }
        if let Err(error) = cluster.close().await {
            eprintln!("the server was not left as it was found: {error}");
        }
    }
}

/// A test's place on the server. The last one to leave a given server takes everything away.
pub(super) struct Place(());

impl Place {
    /// A copy of the template.
    pub(super) async fn deployed() -> (Self, Scratch) {
        let (place, cluster, template) = Self::take().await;
        let scratch = cluster.copy(PREFIX, &template).await.unwrap();
        (place, scratch)
    }

    /// An empty database.
    pub(super) async fn empty() -> (Self, Scratch) {
        let (place, cluster, _) = Self::take().await;
        let scratch = cluster.create(PREFIX).await.unwrap();
        (place, scratch)
    }

    async fn take() -> (Self, Arc<Cluster>, String) {
        let mut server = SERVER.lock().await;
        if server.is_none() {
            *server = Some(Server::open().await);
        }
        let server = server.as_mut().unwrap();
        server.users += 1;
        (Self(()), Arc::clone(&server.cluster), server.template.name().to_owned())
    }
}

impl Drop for Place {
    /// On a thread of its own, because a test's runtime cannot be waited for from inside.
    fn drop(&mut self) {
        let left = thread::spawn(|| {
            let mut place = SERVER.blocking_lock();
            let Some(server) = place.as_mut() else { return };
            server.users -= 1;
            if server.users > 0 || server.is_private {
                return;
            }
            let Some(server) = place.take() else { return };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(server.remove());
        });
        if left.join().is_err() {
            eprintln!("a test did not leave the server in order");
        }
    }
}
