//! Writes the page as a folder of files that any host serves: `cargo run --release -p lenet5-site -- FOLDER`; with `relaxed` behind it, for
//! tests, without the module for plain vector instructions.
//!
//! It compiles the package `lenet5-web` twice, for WebAssembly with plain and with relaxed vector instructions, and copies the page and the weights of
//! its networks beside it. The page takes what the browser has.

mod folder;
mod modules;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use folder::Folder;

/// The repository, two folders above this package.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The networks whose weights are files of the page.
const WEIGHTS: [&str; 4] = ["lenet5", "lenet1", "modern", "strings"];

/// The rules of the page for a browser, as `lenet5 demo` sends them, and that WebAssembly may be compiled. A host cannot be asked to send them.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; object-src 'none'; \
                      base-uri 'none'; form-action 'none'";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (path, wanted) = match &arguments[..] {
        [path] => (path, &modules::MODULES[..]),
        [path, only] if only == "relaxed" => (path, &modules::MODULES[..1]),
        _ => anyhow::bail!("expected FOLDER, or FOLDER relaxed; found {arguments:?}"),
    };
    let root = Path::new(ROOT).canonicalize()?;
    let folder = Folder::create(&PathBuf::from(path))?;
    modules::build(&root, wanted, &folder)?;
    page(&root.join("web/page"), &folder)?;
    for name in WEIGHTS {
        let file = root.join("results/pretrained").join(name).with_extension("safetensors");
        folder.write(&format!("weights/{name}.safetensors"), &read(&file)?)?;
    }
    folder.write("offline.js", &offline(&read(&root.join("web/offline.js"))?, &folder))?;
    folder.finish()
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

/// The script that keeps the page's files in the browser: with their names, and a version that changes with any of them.
fn offline(script: &[u8], folder: &Folder) -> Vec<u8> {
    let at_once =
        |name: &str| [".html", ".css", ".js"].iter().any(|end| name.ends_with(end)) && !name.starts_with("lenet5-");
    let names: Vec<String> = folder.names().into_iter().filter(|name| at_once(name)).collect();
    let mut head = format!("const VERSION = \"lenet5 {}\";\n", folder.digest());
    head += &format!(
        "const FILES = [\"./\", {}];\n",
        names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    );
    [head.as_bytes(), script].concat()
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))
}
