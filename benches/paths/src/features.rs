//! The instructions that the processor offers, of those by which the code of our dependencies chooses what it runs:
//! `memchr`, `sha2`, `base64-simd` and the C library. Valgrind shows another processor than the real one.

/// Their names, in a fixed order.
#[cfg(target_arch = "x86_64")]
pub(crate) fn detected() -> Vec<&'static str> {
    macro_rules! detected {
        ($($name:tt),*) => {
            [$(($name, std::arch::is_x86_feature_detected!($name))),*]
        };
    }
    let all = detected!(
        "sse4.1", "sse4.2", "ssse3", "avx", "avx2", "avx512f", "bmi1", "bmi2", "sha", "aes"
    );
    all.into_iter()
        .filter_map(|(name, there)| there.then_some(name))
        .collect()
}

/// Their names, in a fixed order.
#[cfg(target_arch = "aarch64")]
pub(crate) fn detected() -> Vec<&'static str> {
    macro_rules! detected {
        ($($name:tt),*) => {
            [$(($name, std::arch::is_aarch64_feature_detected!($name))),*]
        };
    }
    let all = detected!("neon", "sha2", "sha3", "aes", "sve", "lse");
    all.into_iter()
        .filter_map(|(name, there)| there.then_some(name))
        .collect()
}

/// Nothing is chosen at run time on other processors, as far as we know.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) fn detected() -> Vec<&'static str> {
    Vec::new()
}
