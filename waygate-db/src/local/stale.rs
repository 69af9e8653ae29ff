//! Servers whose processes are gone: stopped and removed at the next start.
//!
//! A server normally dies with its owner. What is left here lost its guard as well: the machine or the container went
//! down, or everything was killed at once.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use super::account::Account;
use super::folders::{LOCK, PREFIX, data_in, lock};
use super::wait_until;

/// Removes the throw-away servers in this folder whose owners are gone.
pub(super) fn sweep(account: &Account, temporary: &Path) {
    let Ok(entries) = fs::read_dir(temporary) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let named = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        if named && path.join(LOCK).exists() && is_ours(account, &path) {
            remove_if_stale(account, &path);
        }
    }
}

/// Others may leave folders of this name in a shared place; theirs are not read at all.
fn is_ours(account: &Account, folder: &Path) -> bool {
    fs::symlink_metadata(folder)
        .is_ok_and(|found| found.is_dir() && found.uid() == account.own_uid() && found.mode() & 0o022 == 0)
}

fn remove_if_stale(account: &Account, folder: &Path) {
    // The owner's process holds the lock while it lives, so getting it means that it does not.
    let Ok(Some(_lock)) = lock(folder) else { return };
    stop_leftover(account, &data_in(folder));
    // Its guard, if it lives, removes it at this very moment; whoever comes second finds nothing.
    let _ = fs::remove_dir_all(folder);
    tracing::debug!(folder = %folder.display(), "removed what a dead process left behind");
}

/// Stops the server that still runs on a cluster whose owner is gone, and waits until it let go of it.
pub(super) fn stop_leftover(account: &Account, data: &Path) {
    let file = data.join("postmaster.pid");
    let Some(pid) = postmaster(&file) else { return };
    if !serves(account, pid, data) {
        // The number may be another process's by now, for which PostgreSQL would refuse to start.
        let _ = fs::remove_file(&file);
        return;
    }
    signal(account, "INT", pid);
    if !wait_until(Duration::from_secs(5), || !file.exists()) {
        signal(account, "QUIT", pid);
        wait_until(Duration::from_secs(2), || !file.exists());
    }
}

/// The process number in a cluster's pid file.
pub(super) fn postmaster(file: &Path) -> Option<u32> {
    fs::read_to_string(file).ok()?.lines().next()?.trim().parse().ok()
}

/// Sends a signal as the account, so that it can reach that account's processes and no others.
pub(super) fn signal(account: &Account, signal: &str, pid: u32) {
    // The shell's own kill: small systems have no program of that name.
    let script = r#"kill -"$1" "$2" 2>/dev/null"#;
    let _ = account.command("sh").args(["-c", script, "sh", signal, &pid.to_string()]).status();
}

/// Whether this process is the server of this cluster: its command line names the folder.
fn serves(account: &Account, pid: u32, data: &Path) -> bool {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_else(|_| {
        let listed = account.command("ps").args(["-ww", "-o", "args=", "-p", &pid.to_string()]).output();
        listed.map(|output| output.stdout).unwrap_or_default()
    });
    String::from_utf8_lossy(&line).contains(&*data.to_string_lossy())
}
