//! WebAssembly in Node: the bits of the native program, with the multiply-add of relaxed SIMD and with the emulated one. Skipped, and said
//! so, where the target wasm32-unknown-unknown is not installed or there is no Node.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::passes::EXPECTED;

const TARGET: &str = "wasm32-unknown-unknown";

/// True if WebAssembly can be compiled and run here; otherwise says what is missing.
fn can_run() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or("rustc".into());
    let folder = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    let folder = folder.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string()).unwrap_or_default();
    let has_node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    let missing = [(!Path::new(&folder).is_dir(), TARGET), (!has_node, "node")];
    for (_, what) in missing.iter().filter(|(is_missing, _)| *is_missing) {
        // Past the test harness, which would swallow what a test prints that passes.
        let _ = writeln!(std::io::stderr(), "skipped: kernels in WebAssembly: {what} is not installed");
    }
    missing.iter().all(|(is_missing, _)| !is_missing)
}

fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let (text, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{text}\n{error}");
    text.into_owned()
}

/// Compiles `tests/wasm` with these target features into a file `NAME.wasm`.
fn build(folder: &Path, name: &str, features: &str) -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let target = this.ancestors().nth(3).expect("target/release/deps/kernels");
    succeed(
        Command::new(env!("CARGO"))
            .args(["build", "--release", "--package", "lenet5-wasm-test", "--target", TARGET, "--target-dir"])
            .arg(target)
            .env("RUSTFLAGS", format!("-C target-feature={features}"))
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .current_dir(env!("CARGO_MANIFEST_DIR")),
    );
    let module = folder.join(name).with_extension("wasm");
    std::fs::copy(target.join(TARGET).join("release/lenet5_wasm_test.wasm"), &module).unwrap();
    module
}

fn node(flags: &[&str], module: &Path) -> String {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wasm/run.mjs");
    succeed(Command::new("node").args(flags).arg(program).arg(module).arg("passes"))
}

#[test]
fn webassembly_ends_in_the_same_bits() {
    if !can_run() {
        return;
    }
    let folder = temp_dir::TempDir::new().unwrap();
    let simd128 = build(folder.path(), "simd128", "+simd128");
    let relaxed = build(folder.path(), "relaxed", "+simd128,+relaxed-simd");
    let hashes = EXPECTED.map(|(_, hash)| hash).join("\n");
    assert_eq!(node(&[], &simd128), format!("1 simd128\n{hashes}\n"));
    // Where the processor has no fused multiply-add, there must be no level.
    let found = node(&[], &relaxed);
    assert!(
        found == format!("1 relaxed\n{hashes}\n") || found.starts_with("0 the relaxed multiply-add rounds"),
        "{found}"
    );
    #[cfg(target_arch = "x86_64")]
    {
        assert_eq!(found.starts_with('1'), std::arch::is_x86_feature_detected!("fma"), "{found}");
        let unfused = node(&["--no-enable-fma3"], &relaxed);
        assert!(unfused.starts_with("0 the relaxed multiply-add rounds twice"), "{unfused}");
    }
}
