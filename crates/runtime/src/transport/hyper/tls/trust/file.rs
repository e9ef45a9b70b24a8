//! The file in which the platform keeps all certificates that it trusts.
//!
//! It must be one that `rustls-native-certs` reads as well, so that nothing is trusted which the verifier of all certificates
//! would not trust. What is not found or not understood here is left to that verifier.

use std::ffi::OsString;
use std::path::PathBuf;

use rustls::pki_types::CertificateDer;

use crate::environment::{self, ProcessEnvironment};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates of the file; none if there is no such file.
#[inline(never)]
pub(super) fn certificates() -> Vec<CertificateDer<'static>> {
    let path = path(|name| std::env::var_os(name), default_path);
    let text = path.and_then(|path| environment::read_file(&ProcessEnvironment, &path).ok());
    text.map_or_else(Vec::new, |text| parse(&text))
}

/// The file that `rustls-native-certs` reads: the one of the variable. If only the variable of folders is set, it reads
/// folders only, and if none is set, the file at the usual place.
fn path(
    variable: impl Fn(&str) -> Option<OsString>,
    default: impl Fn() -> Option<PathBuf>,
) -> Option<PathBuf> {
    if let Some(file) = variable("SSL_CERT_FILE") {
        return Some(file.into());
    }
    let folders = variable("SSL_CERT_DIR").unwrap_or_default();
    match std::env::split_paths(&folders).all(|folder| folder.as_os_str().is_empty()) {
        true => default(),
        false => None,
    }
}

fn default_path() -> Option<PathBuf> {
    openssl_probe::probe().cert_file
}

/// The certificates of a text in the format PEM. Those that cannot be read are left out.
fn parse(text: &[u8]) -> Vec<CertificateDer<'static>> {
    let mut certificates = Vec::new();
    let (mut body, mut inside) = (Vec::new(), false);
    // Lines of text are found faster than those of bytes.
    for line in str::from_utf8(text).unwrap_or_default().lines() {
        let line = line.trim_end();
        if line.starts_with("-----") {
            // Far faster than the reader of `rustls-pki-types`.
            if inside
                && line == END
                && let Ok(certificate) = base64_simd::forgiving_decode_to_vec(&body)
            {
                certificates.push(certificate.into());
            }
            inside = line == BEGIN;
            body.clear();
        } else if inside {
            body.extend_from_slice(line.as_bytes());
        }
    }
    certificates
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{parse, path};

    #[test]
    fn the_file_is_the_one_that_the_whole_verifier_reads() {
        let found = |variables: &[(&str, &str)]| {
            let variable = |name: &str| {
                let mut variables = variables.iter();
                let (_, value) = variables.find(|(variable, _)| *variable == name)?;
                Some((*value).into())
            };
            path(variable, || Some(PathBuf::from("/default")))
        };
        let (file, folder) = (("SSL_CERT_FILE", "/file"), ("SSL_CERT_DIR", "/one:/two"));
        assert_eq!(found(&[]), Some("/default".into()));
        assert_eq!(found(&[file]), Some("/file".into()));
        assert_eq!(found(&[file, folder]), Some("/file".into()));
        assert_eq!(found(&[folder]), None);
        assert_eq!(found(&[("SSL_CERT_DIR", ":")]), Some("/default".into()));
        // It is read, which fails, and then nothing is trusted by the file.
        assert_eq!(found(&[("SSL_CERT_FILE", "")]), Some("".into()));
    }

    #[test]
    fn sections_that_are_no_certificates_are_left_out() {
        let section = |body: &str| {
            format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
        };
        let read = |text: &str| -> Vec<Vec<u8>> {
            let certificates = parse(text.as_bytes());
            certificates.iter().map(|one| one.to_vec()).collect()
        };
        let (one, two) = (section("b25l"), section("dH\r\ndv"));
        let both = [b"one".to_vec(), b"two".to_vec()];
        assert_eq!(read(&format!("{one}{two}")), both);
        assert_eq!(read(&format!("# text\n{one}\n# more\n{two}# end")), both);
        let bad = section("!!!");
        assert_eq!(read(&format!("{bad}{one}{two}")), both);
        let key = "-----BEGIN PRIVATE KEY-----\nb25l\n-----END PRIVATE KEY-----\n";
        assert_eq!(read(&format!("{one}{key}{two}")), both);
        let trusted = one.replace("CERTIFICATE", "TRUSTED CERTIFICATE");
        assert_eq!(read(&format!("{trusted}{one}{two}")), both);
        assert_eq!(read(&format!("# {one}")), Vec::<Vec<u8>>::new());
        assert_eq!(read(&one.replace("END", "EN")), Vec::<Vec<u8>>::new());
        assert_eq!(parse(&[one.as_bytes(), b"\xFF\n"].concat()), []);
    }
}
