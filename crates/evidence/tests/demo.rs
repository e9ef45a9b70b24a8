//! The demo, as `cargo xtask demo` runs it.

use std::process::Command;

#[test]
fn the_demo_reaches_its_end() {
    // Cargo builds the examples beside the tests, but not for `--test demo` alone.
    let mut path = std::env::current_exe().expect("this test is a file");
    path.pop();
    path.pop();
    let program = path
        .join("examples")
        .join(format!("demo{}", std::env::consts::EXE_SUFFIX));
    let output = Command::new(program)
        .output()
        .expect("`cargo test` built the demo; `--test demo` alone needs `--example demo` for that");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{text}");
    assert_eq!(text.matches("is the same").count(), 4, "{text}");
    for violation in [
        "  communication_body: 8001 characters, at most 8000\n",
        "  subject: missing\n",
        "  cc_email_addresses: 11 elements, at most 10\n",
    ] {
        assert!(text.contains(violation), "{text}");
    }
    assert!(text.contains("services after 3 requests"), "{text}");
}
