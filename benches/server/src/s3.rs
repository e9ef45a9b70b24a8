//! The fixed responses of S3.

use std::fmt::Write as _;

use bench_measure::{BUCKET, OBJECTS};

/// A page of objects, of about 330 bytes each.
pub(crate) fn objects() -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Name>{BUCKET}</Name><Prefix></Prefix><NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=\
         </NextContinuationToken><KeyCount>{OBJECTS}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>true</IsTruncated>"
    );
    for number in 0..OBJECTS {
        let _ = write!(
            text,
            "<Contents><Key>cases/{number:010}/logs/2026/02/28/trace-{number:06}.log.gz</Key>\
             <LastModified>2026-02-28T12:34:56.000Z</LastModified><ETag>&quot;{number:032x}&quot;</ETag>\
             <ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>\
             <Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>",
            number * 1_021
        );
    }
    text.push_str("</ListBucketResult>");
    text
}
