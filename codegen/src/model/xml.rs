//! How XML and forms hold a value (Smithy specification, "XML bindings" and "AWS query protocol").
//!
//! The facts are those of the traits, whatever the protocol: JSON and CBOR have no use for them.

/// The traits of a member of a structure, or of the element, key or value of a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Xml {
    /// Its name (`smithy.api#xmlName`), where it is not the default: the name of the member, `member`, `key`, `value`.
    pub name: Option<String>,
    /// Its name in forms of ec2 (`aws.protocols#ec2QueryName`).
    pub ec2_name: Option<String>,
    /// Whether it is an attribute of the element of its structure (`smithy.api#xmlAttribute`).
    pub attribute: bool,
    /// Whether the elements of the collection stand directly in the structure (`smithy.api#xmlFlattened`).
    pub flattened: bool,
    /// The namespace of its element.
    pub namespace: Option<XmlNamespace>,
}

/// A namespace that an element declares (`smithy.api#xmlNamespace`).
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct XmlNamespace {
    /// Its URI.
    pub uri: String,
    /// The prefix that the declaration binds; without one, it is the default namespace.
    pub prefix: Option<String>,
}
