//! Makes a Rust module of each block of Rust of the guide, and a list of all of them.
//!
//! The pages show no code that only a test needs. What surrounds a block is chosen by the words after its fence:
//!
//! * `support`, `security_ir`: a variable `client` is in scope;
//! * `blocking`: the block is not in an async function;
//! * `no_run`: it is only compiled;
//! * the next block `text,output` is what it prints; commands may stand between the two.

// The script needs a part of it.
#[allow(dead_code, unreachable_pub)]
#[path = "src/page.rs"]
mod page;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use page::Block;

const PAGES: &str = "../../docs/guide/src";
/// Pages outside of the guide.
const FRONT_PAGES: [(&str, &str); 4] = [
    ("README", "../../README.md"),
    ("evidence_readme", "../../crates/evidence/README.md"),
    ("security_ir_readme", "../../crates/security-ir/README.md"),
    ("support_readme", "../../crates/support/README.md"),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={PAGES}");
    let mut modules = String::new();
    let mut list = String::from("/// All blocks of Rust.\npub const EXAMPLES: &[Example] = &[\n");
    let of_guide = page::names(Path::new(PAGES))?;
    let of_guide = of_guide.into_iter().map(|name| {
        let path = Path::new(PAGES).join(format!("{name}.md"));
        (name, path)
    });
    let front = FRONT_PAGES.map(|(name, path)| (name.to_owned(), PathBuf::from(path)));
    for (name, path) in of_guide.chain(front) {
        println!("cargo::rerun-if-changed={}", path.display());
        let page = page::read(&path)?;
        let mut shown = 0;
        for (index, block) in page.blocks.iter().enumerate() {
            if block.language != "rust" || block.has("ignore") {
                continue;
            }
            let module = format!("{}_{}", name.replace('-', "_").to_lowercase(), block.line);
            write!(modules, "{}", wrapped(&module, &name, block))?;
            let mut following = page.blocks[index + 1..].iter();
            let output = following
                .find(|next| next.language != "console")
                .filter(|next| next.has("output"));
            shown += usize::from(output.is_some());
            writeln!(
                list,
                "Example {{ name: \"{name}.md:{}\", run: {module}::run, no_run: {}, output: {:?} }},",
                block.line,
                block.has("no_run"),
                output.map(|next| &next.code),
            )?;
        }
        let outputs = page.blocks.iter().filter(|block| block.has("output"));
        if outputs.count() != shown {
            return Err(format!("{name}: an output without the code that prints it").into());
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
            "{code}\npub(super) fn run() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {{\n\
             let code = std::process::Termination::report(main());\n\
             if code == std::process::ExitCode::SUCCESS {{ Ok(()) }} else {{ Err(\"main failed\".into()) }}\n}}\n"
        )
    } else if block.has("blocking") {
        format!(
            "pub(super) fn run() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {{\n{client}{code}\nOk(())\n}}\n"
        )
    } else {
        format!(
            "pub(super) fn run() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {{\n\
             tokio::runtime::Runtime::new()?.block_on(body())\n}}\n\
             async fn body() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {{\n{client}{code}\nOk(())\n}}\n"
        )
    };
    // A page shows parts of programs, so not everything that it declares is used.
    format!(
        "// {page}, line {}\n#[allow(unused, missing_docs, unreachable_pub, clippy::all)]\n\
         mod {module} {{\n{body}}}\n",
        block.line
    )
}
