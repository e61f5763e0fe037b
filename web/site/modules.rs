//! The WebAssembly modules.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::folder::Folder;
use super::read;

const TARGET: &str = "wasm32-unknown-unknown";

/// A module: its name, the package that it is compiled from, and the target features that it is compiled for.
pub struct Module {
    pub name: &'static str,
    package: &'static str,
    features: &'static str,
}

/// The name of the decoders of pictures.
pub const PICTURES: &str = "lenet5-pictures";

/// The network with relaxed and with plain vector instructions, and the decoders of pictures, which need neither.
pub const MODULES: [Module; 3] = [
    Module { name: "lenet5-relaxed", package: "lenet5-web", features: "+simd128,+relaxed-simd" },
    Module { name: "lenet5-simd128", package: "lenet5-web", features: "+simd128" },
    Module { name: PICTURES, package: "lenet5-web-pictures", features: "" },
];

/// Compiles the modules side by side, and writes each with the JavaScript that loads it.
pub fn build(root: &Path, modules: &[&Module], folder: &Folder) -> anyhow::Result<()> {
    let compiled = std::thread::scope(|scope| {
        let compiling: Vec<_> = modules.iter().map(|module| scope.spawn(|| compile(root, module))).collect();
        let ended = compiling.into_iter().map(|compiling| compiling.join().expect("it returns its errors"));
        ended.collect::<Vec<_>>()
    });
    let draft = new_folder()?;
    for (Module { name, .. }, module) in modules.iter().zip(compiled) {
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

/// Compiles a module, in a folder of its own, so that what is compiled already stays for the next time; the file.
fn compile(root: &Path, module: &Module) -> anyhow::Result<PathBuf> {
    let Module { name, package, features } = module;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from).join(name);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--profile", "web", "--locked", "--package", package, "--target", TARGET, "--target-dir"])
        .arg(&target)
        .env("RUSTFLAGS", format!("-C target-feature={features}"))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(root)
        .status()
        .context("cargo cannot be run")?;
    if !status.success() {
        bail!("the page cannot be compiled; for WebAssembly: rustup target add {TARGET}");
    }
    let file = format!("{}.wasm", package.replace('-', "_"));
    let module = target.join(TARGET).join("web").join(file);
    ensure!(module.is_file(), "{}: expected the module here", module.display());
    Ok(module)
}
