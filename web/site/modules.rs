//! The two WebAssembly modules.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::folder::Folder;
use super::read;

const TARGET: &str = "wasm32-unknown-unknown";

/// The name of a module, and the target features that it is compiled for.
const MODULES: [(&str, &str); 2] = [("lenet5-relaxed", "+simd128,+relaxed-simd"), ("lenet5-simd128", "+simd128")];

/// Compiles the modules, and writes each with the JavaScript that loads it.
pub fn build(root: &Path, folder: &Folder) -> anyhow::Result<()> {
    let draft = tempfile()?;
    for (name, features) in MODULES {
        let module = compile(root, features)?;
        let mut bindgen = Bindgen::new();
        bindgen.input_path(&module).out_name(name).typescript(false).remove_producers_section(true).web(true)?;
        bindgen.generate(&draft).with_context(|| format!("{}: cannot be made into a module", module.display()))?;
        for file in [format!("{name}.js"), format!("{name}_bg.wasm")] {
            folder.write(&file, &read(&draft.join(&file))?)?;
        }
    }
    std::fs::remove_dir_all(&draft)?;
    Ok(())
}

/// A new folder of this process.
fn tempfile() -> anyhow::Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("lenet5-site-{}", std::process::id()));
    std::fs::create_dir_all(&path)?;
    Ok(path)
}

/// Compiles the package `lenet5-web` with these target features; the file.
fn compile(root: &Path, features: &str) -> anyhow::Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from).join("web");
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
