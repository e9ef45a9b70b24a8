//! What a form says that copies something from another region (`attache#presignedCopy`).

/// The parameters of a form that copies something from another region.
#[derive(Clone, Debug)]
pub struct PresignedCopy {
    /// The one that names the other region. A request without it copies nothing from there.
    pub source: &'static str,
    /// The one with the URL. A URL of the caller is kept.
    pub url: &'static str,
    /// The one of the URL that names the region of the client.
    pub destination: &'static str,
    /// Whether the request itself names both regions, too.
    pub names_regions: bool,
}
