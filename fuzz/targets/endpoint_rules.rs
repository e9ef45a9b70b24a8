//! Endpoint rules: any rule set compiles or is refused, and the functions that compiled rules call never panic.

#![no_main]

use std::collections::BTreeSet;

use attache_codegen::endpoint::endpoint_module;
use attache_runtime::plumbing::endpoint::{
    is_valid_host_label, parse_arn, parse_url, partition, substring, uri_encode,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(rules) = serde_json::from_str(text) {
        let _ = endpoint_module(&rules, None, &BTreeSet::new());
    }
    let _ = partition(text);
    let _ = parse_arn(text);
    let _ = parse_url(text);
    let _ = is_valid_host_label(text, true);
    let _ = uri_encode(text);
    for (start, stop) in [(0, 3), (2, 2), (0, text.len())] {
        let _ = substring(text, start, stop, false);
        let _ = substring(text, start, stop, true);
    }
});
