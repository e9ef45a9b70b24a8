//! `cargo xtask`: the commands of attache on this workspace.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the folder of an xtask is in its workspace");
    attache_codegen::workspace::main("cargo xtask", workspace, std::env::args().skip(1))
}
