//! Compiles `rules/*.rules` with the library's own front end: to the crepe programs of the compiled engine, and
//! to the list of files that the program carries with it.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[allow(dead_code, unused_imports, missing_docs, reason = "shared with the library, which uses all of it")]
#[path = "src/compiler/mod.rs"]
mod compiler;

use compiler::source::{Origin, Sources};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/compiler");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let files = rule_files(&root.join("rules"))?;
    let mut sources = Sources::default();
    let mut listing =
        String::from("/// The files of the built-in policy, by name.\npub const FILES: &[(&str, &str)] = &[\n");
    let mut ids = Vec::new();
    for name in &files {
        ids.push(sources.add(name.clone(), fs::read_to_string(root.join(name))?, Origin::BuiltIn));
        // Found when the library is compiled, so that a checkout may be moved.
        writeln!(listing, "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/\", {name:?}))),")?;
    }
    listing.push_str("];\n");
    let (program, diagnostics) = compiler::compile(&sources, &ids);
    for diagnostic in &diagnostics {
        println!("cargo::error={}", diagnostic.summary(&sources));
    }
    let program = program.ok_or("the built-in rules have errors")?;
    fs::write(out.join("built_in_files.rs"), listing)?;
    fs::write(out.join("built_in.rs"), compiler::crepe_source::crepe_source(&program))?;
    Ok(())
}

/// The names of the rule files, as people see them and from the root.
fn rule_files(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rules") {
            let name = path.file_name().ok_or("a file without a name")?.to_string_lossy().into_owned();
            files.push(format!("rules/{name}"));
        }
    }
    files.sort();
    Ok(files)
}
