//! Writes the page as a folder of files that any host serves: `cargo run --release -p lenet5-site -- FOLDER`; with `relaxed` behind it, for
//! tests, without the module for plain vector instructions.
//!
//! It compiles the package `lenet5-web` twice, for WebAssembly with plain and with relaxed vector instructions, and `lenet5-web-pictures`, and
//! copies the page and the weights of its networks beside them. The page takes what the browser has.

mod folder;
mod modules;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use folder::Folder;
use modules::MODULES;

/// The repository, two folders above this package.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The networks whose weights are files of the page.
const WEIGHTS: [&str; 4] = ["lenet5", "lenet1", "modern", "strings"];

/// The rules of the page for a browser, as `lenet5 demo` sends them, and that WebAssembly may be compiled. A host cannot be asked to send them.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; object-src 'none'; \
                      base-uri 'none'; form-action 'none'";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (path, without_plain) = match &arguments[..] {
        [path] => (path, false),
        [path, only] if only == "relaxed" => (path, true),
        _ => anyhow::bail!("expected FOLDER, or FOLDER relaxed; found {arguments:?}"),
    };
    let root = Path::new(ROOT).canonicalize()?;
    let folder = Folder::create(&PathBuf::from(path))?;
    let wanted = MODULES.iter().filter(|module| !without_plain || module.name != "lenet5-simd128");
    modules::build(&root, &wanted.collect::<Vec<_>>(), &folder)?;
    page(&root.join("web/page"), &folder)?;
    for name in WEIGHTS {
        let file = root.join("results/pretrained").join(name).with_extension("safetensors");
        folder.write(&format!("weights/{name}.safetensors"), &read(&file)?)?;
    }
    folder.write("offline.js", &offline(&read(&root.join("web/offline.js"))?, &folder))?;
    folder.finish(|name| is_page(name) || name.starts_with(MODULES[0].name) || name == "weights/lenet5.safetensors")
}

/// True for the files of WebAssembly modules, and the JavaScript that loads them.
fn is_module(name: &str) -> bool {
    MODULES.iter().any(|module| name.starts_with(module.name))
}

/// True for the files that the page needs at once.
fn is_page(name: &str) -> bool {
    [".html", ".css", ".js"].iter().any(|end| name.ends_with(end)) && !is_module(name)
}

/// Copies the page's files, and tells the page that there is no server.
fn page(from: &Path, folder: &Folder) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(from).with_context(|| format!("{}: cannot be listed", from.display()))? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?.to_string_lossy().into_owned();
        let content = read(&path)?;
        if name == "index.html" {
            let text = String::from_utf8(content)?;
            folder.write(&name, for_any_host(&text)?.as_bytes())?;
        } else {
            folder.write(&name, &content)?;
        }
    }
    Ok(())
}

/// The page, marked as one without a server, with its rules inside.
fn for_any_host(page: &str) -> anyhow::Result<String> {
    let (html, charset) = ("<html lang=\"en\">", "<meta charset=\"utf-8\">");
    ensure!(page.contains(html) && page.contains(charset), "index.html: expected {html} and {charset}");
    let rules = format!("{charset}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">");
    Ok(page.replacen(html, "<html lang=\"en\" data-site>", 1).replacen(charset, &rules, 1))
}

/// The script that keeps the page's files in the browser: with a version that changes with any of them, the names of those that the page
/// needs at once, and of the rest, but for the network's modules, of which a browser takes one.
fn offline(script: &[u8], folder: &Folder) -> Vec<u8> {
    let (at_once, rest): (Vec<_>, Vec<_>) = folder.names().into_iter().partition(|name| is_page(name));
    let later = rest.into_iter().filter(|name| !is_module(name) || name.starts_with(modules::PICTURES));
    let listed = |names: Vec<String>| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let head = format!(
        "const VERSION = \"lenet5 {}\";\nconst FILES = [\"./\", {}];\nconst LATER = [{}];\n",
        folder.digest(),
        listed(at_once),
        listed(later.collect())
    );
    [head.as_bytes(), script].concat()
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))
}
