//! The two WebAssembly modules.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::folder::Folder;
use super::read;

const TARGET: &str = "wasm32-unknown-unknown";

/// The name of a module, and the target features that it is compiled for.
pub const MODULES: [(&str, &str); 2] = [("lenet5-relaxed", "+simd128,+relaxed-simd"), ("lenet5-simd128", "+simd128")];

/// Compiles the modules side by side, and writes each with the JavaScript that loads it.
pub fn build(root: &Path, modules: &[(&str, &str)], folder: &Folder) -> anyhow::Result<()> {
    let compiled = std::thread::scope(|scope| {
        let compiling: Vec<_> =
            modules.iter().map(|&(name, features)| scope.spawn(move || compile(root, name, features))).collect();
        let ended = compiling.into_iter().map(|compiling| compiling.join().expect("it returns its errors"));
        ended.collect::<Vec<_>>()
    });
    let draft = new_folder()?;
    for ((name, _), module) in modules.iter().zip(compiled) {
        let module = module?;
        let mut bindgen = Bindgen::new();
        bindgen.input_path(&module).out_name(name).typescript(false).web(true)?;
        bindgen.remove_name_section(true).remove_producers_section(true);
        bindgen.generate(&draft).with_context(|| format!("{}: cannot be made into a module", module.display()))?;
        for file in [format!("{name}.js"), format!("{name}_bg.wasm")] {
            folder.write(&file, &read(&draft.join(&file))?)?;
        }
    }
    std::fs::remove_dir_all(&draft)?;
    Ok(())
}

/// A new folder of this process.
fn new_folder() -> anyhow::Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("lenet5-site-{}", std::process::id()));
    std::fs::create_dir_all(&path)?;
    Ok(path)
}

/// Compiles the package `lenet5-web` with these target features, in a folder of their own, so that what is compiled already stays for the next
/// time; the file.
fn compile(root: &Path, name: &str, features: &str) -> anyhow::Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from).join(name);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--profile", "web", "--locked", "--package", "lenet5-web", "--target", TARGET, "--target-dir"])
        .arg(&target)
        .env("RUSTFLAGS", format!("-C target-feature={features}"))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(root)
        .status()
        .context("cargo cannot be run")?;
    if !status.success() {
        bail!("the page cannot be compiled; for WebAssembly: rustup target add {TARGET}");
    }
    let module = target.join(TARGET).join("web/lenet5_web.wasm");
    ensure!(module.is_file(), "{}: expected the module here", module.display());
    Ok(module)
}
