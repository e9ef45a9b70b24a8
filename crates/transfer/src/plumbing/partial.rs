//! The state of a download: what has arrived, and what is needed to fetch the rest.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::plumbing::fingerprint::Fingerprint;

/// A file of which a part has arrived. It is the part of a saved download that both services share.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PartialFile {
    /// Where the complete file will be.
    pub path: PathBuf,
    /// The name of the temporary file, which is in the same directory.
    pub temporary: String,
    /// What has arrived: the first bytes of the temporary file have this length and this hash.
    pub arrived: Fingerprint,
    /// The length of the complete file in bytes, where the storage has announced it.
    pub length: Option<u64>,
    /// The `ETag` of the object. Without one, the download begins again.
    pub etag: Option<String>,
    /// The hashes of the complete file that the storage has announced, by the names of their headers.
    pub hashes: BTreeMap<String, String>,
}

impl PartialFile {
    /// The fields that a saved state must bind together, besides what has arrived.
    #[doc(hidden)]
    pub fn fields(&self) -> Vec<String> {
        let mut fields = vec![
            self.path.to_string_lossy().into_owned(),
            self.temporary.clone(),
            self.length
                .map(|length| length.to_string())
                .unwrap_or_default(),
            self.etag.clone().unwrap_or_default(),
        ];
        let hashes = self.hashes.iter();
        fields.extend(hashes.flat_map(|(name, value)| [name.clone(), value.clone()]));
        fields
    }
}

/// Names of files may reveal details of an incident, so `Debug` hides them.
impl fmt::Debug for PartialFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PartialFile")
            .field("temporary", &self.temporary)
            .field("arrived", &self.arrived)
            .field("length", &self.length)
            .field("etag", &self.etag)
            .field("hashes", &self.hashes)
            .finish_non_exhaustive()
    }
}
