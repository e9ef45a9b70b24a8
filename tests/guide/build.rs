//! Makes a Rust module of each block of Rust of the guide, and a list of all of them.
//!
//! The pages show no code that only a test needs. What surrounds a block is chosen by the words after its fence:
//!
//! * `support`, `security_ir`: a variable `client` is in scope;
//! * `blocking`: the block is not in an async function;
//! * `no_run`: it is only compiled;
//! * a following block `text,output` is what it prints.

// The script needs a part of it.
#[allow(dead_code, unreachable_pub)]
#[path = "src/page.rs"]
mod page;

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use page::Block;

const PAGES: &str = "../../docs/guide/src";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={PAGES}");
    let mut modules = String::new();
    let mut list = String::from("/// All blocks of Rust.\npub const EXAMPLES: &[Example] = &[\n");
    for name in page::names(Path::new(PAGES))? {
        let path = Path::new(PAGES).join(format!("{name}.md"));
        println!("cargo::rerun-if-changed={}", path.display());
        let page = page::read(&path)?;
        for (index, block) in page.blocks.iter().enumerate() {
            if block.language != "rust" {
                continue;
            }
            let module = format!("{}_{}", name.replace('-', "_"), block.line);
            write!(modules, "{}", wrapped(&module, &name, block))?;
            let output = page.blocks.get(index + 1).filter(|next| next.has("output"));
            writeln!(
                list,
                "Example {{ name: \"{name}.md:{}\", run: {module}::run, no_run: {}, output: {:?} }},",
                block.line,
                block.has("no_run"),
                output.map(|next| &next.code),
            )?;
        }
    }
    list.push_str("];\n");
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("blocks.rs"), modules + &list)?;
    Ok(())
}

/// A block as a module with a function `run`.
fn wrapped(module: &str, page: &str, block: &Block) -> String {
    let code = &block.code;
    let client = ["support", "security_ir"]
        .iter()
        .find(|service| block.has(service));
    let made = if block.has("blocking") {
        "from_env_blocking()"
    } else {
        "from_env().await"
    };
    let client = client.map_or_else(String::new, |service| {
        format!("let client = attache_{service}::Client::{made}?;\n")
    });
    let body = if code.contains("fn main()") {
        format!(
            "{code}\npub(super) fn run() -> Result<(), Box<dyn std::error::Error>> {{\n\
             let code = std::process::Termination::report(main());\n\
             if code == std::process::ExitCode::SUCCESS {{ Ok(()) }} else {{ Err(\"main failed\".into()) }}\n}}\n"
        )
    } else if block.has("blocking") {
        format!(
            "pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> {{\n{client}{code}\nOk(())\n}}\n"
        )
    } else {
        format!(
            "pub(super) fn run() -> Result<(), Box<dyn std::error::Error>> {{\n\
             tokio::runtime::Runtime::new()?.block_on(body())\n}}\n\
             async fn body() -> Result<(), Box<dyn std::error::Error>> {{\n{client}{code}\nOk(())\n}}\n"
        )
    };
    // A page shows parts of programs, so not everything that it declares is used.
    format!(
        "// docs/guide/src/{page}.md, line {}\n#[allow(unused, missing_docs, unreachable_pub, clippy::all)]\n\
         mod {module} {{\n{body}}}\n",
        block.line
    )
}
