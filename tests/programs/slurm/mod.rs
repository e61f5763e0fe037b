//! Job arrays of `docs/lenet5.slurm` on a Slurm cluster of one node, which is this machine. Skipped, and it says so, where Slurm is not
//! installed or this is not root.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use temp_dir::TempDir;

/// The longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(300);

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lenet5.slurm");

const CLUSTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/slurm/cluster.sh");

/// A cluster that ends with this value, with a folder to work in.
struct Cluster {
    folder: TempDir,
    process: Child,
}

impl Cluster {
    /// Starts one, or prints why `test` is skipped.
    fn start(test: &str) -> Option<Self> {
        let check = "for program in munged slurmctld slurmd sbatch; do command -v $program >/dev/null || { echo no $program; exit 1; }; done
                     [ $(id -u) = 0 ] || { echo not root; exit 1; }";
        let found = Command::new("sh").args(["-c", check]).output().unwrap();
        if !found.status.success() {
            // Past the test harness, which would swallow what a test prints that passes.
            let _ = write!(std::io::stderr(), "skipped: {test}: {}", String::from_utf8_lossy(&found.stdout));
            return None;
        }
        let folder = TempDir::new().unwrap();
        let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let ports = ports.map(|listener| listener.local_addr().unwrap().port().to_string());
        let log = fs::File::create(folder.path().join("cluster.log")).unwrap();
        let mut command = Command::new("sh");
        command.arg(CLUSTER).arg(folder.path().join("cluster")).arg("4").args(ports);
        let process = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let mut cluster = Self { folder, process };
        let ready = cluster.path("cluster/ready");
        wait_until("the cluster is up", || {
            let ended = cluster.process.try_wait().unwrap();
            assert!(ended.is_none(), "{}", cluster.text("cluster.log"));
            ready.exists()
        });
        Some(cluster)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The standard output of a program in the folder, which must succeed.
    fn printed(&self, program: &str, words: &str) -> String {
        let mut command = Command::new(program);
        command.args(words.split_whitespace()).current_dir(self.folder.path());
        command.env("SLURM_CONF", self.path("cluster/slurm.conf")).env_remove("LENET5_DATA");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{program} {words}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Submits an array of three tasks of this command; its number.
    fn submit(&self, program: &str, words: &str) -> String {
        let array = format!("--parsable --array=1-3 --output=log-%A_%a {SCRIPT} {program} {words}");
        self.printed("sbatch", &array).trim().to_string()
    }

    /// Waits until no job is left, and returns the log of each task of an array.
    fn logs(&self, job: &str) -> [String; 3] {
        wait_until("all jobs are done", || self.printed("squeue", "--noheader").trim().is_empty());
        [1, 2, 3].map(|task| self.text(&format!("log-{job}_{task}")))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "waited too long until {what}");
        sleep(Duration::from_millis(50));
    }
}

/// The files below a folder, with their bytes, but for those of single runs.
fn results(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            files.push((path.strip_prefix(folder).unwrap().to_path_buf(), fs::read(&path).unwrap()));
        } else if !path.ends_with("runs") && !path.file_name().unwrap().to_string_lossy().starts_with("seed-") {
            let inner = results(&path).into_iter();
            let name = PathBuf::from(path.file_name().unwrap());
            files.extend(inner.map(|(path, bytes)| (name.join(path), bytes)));
        }
    }
    files.sort();
    files
}

/// A task of one of them is told to stop as it is by its time limit, is queued again and goes on; what comes of all tasks has the
/// bytes of what one process makes.
#[test]
fn arrays_of_shards_come_to_the_results_of_one_process() {
    let Some(cluster) = Cluster::start("arrays_of_shards_come_to_the_results_of_one_process") else { return };
    let (lenet5, reproduce) = (env!("CARGO_BIN_EXE_lenet5"), env!("CARGO_BIN_EXE_lenet5-reproduce"));
    let short = "train --dataset digits --set training_patterns=100 --passes 2";
    let commands = [
        (reproduce, "fig5 --dataset digits --seeds 1-6".to_string(), "results"),
        (lenet5, format!("{short} --seeds 1-4"), "seeds"),
        (lenet5, format!("{short} --set mu=0.01,0.1 --seeds 1-2"), "sweep"),
    ];
    let submit =
        |(program, words, out): &(&str, String, &str)| cluster.submit(program, &format!("{words} --out {out}"));
    let first = submit(&commands[0]);
    wait_until("the second task trains", || cluster.path("results/runs/paper/seed-2/environment.toml").exists());
    cluster.printed("scancel", &format!("--batch --signal=TERM {first}_2"));
    let others = [submit(&commands[1]), submit(&commands[2])];
    // Slurm lets a job that is queued again wait for some time.
    wait_until("the second task is queued again", || {
        let task = cluster.printed("squeue", &format!("--noheader --array --format=%K.%T --jobs={first}"));
        task.contains("2.PENDING") && cluster.text(&format!("log-{first}_2")).contains("exit code 143")
    });
    let [one, two, three] = cluster.logs(&first);
    assert!(two.contains("restart 0") && two.contains("restart 1") && two.contains("exit code 0"), "{two}");
    for log in [&one, &three] {
        assert!(log.contains("restart 0") && log.contains("exit code 0") && !log.contains("restart 1"), "{log}");
    }
    for job in others {
        for (log, task) in cluster.logs(&job).iter().zip(1..) {
            assert!(log.contains(&format!("Shard {task}/3 is done")), "{log}");
        }
    }
    cluster.printed(reproduce, "summarise fig5 --dataset digits --seeds 1-6 --out results");
    for (program, words, out) in &commands {
        if *out != "results" {
            cluster.printed(program, &format!("{words} --out {out}"));
        }
        cluster.printed(program, &format!("{words} --out whole/{out}"));
        let (shared, whole) = (results(&cluster.path(out)), results(&cluster.path(&format!("whole/{out}"))));
        assert!(
            shared.len() > 1 && shared == whole,
            "{out}: {:?}",
            shared.iter().map(|file| &file.0).collect::<Vec<_>>()
        );
    }
}
