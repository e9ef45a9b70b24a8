//! No text makes the reader use more than its limits.

use attache_runtime::plumbing::cbor::{DEPTH_LIMIT, Reader};

/// Arrays in arrays, of indefinite lengths.
fn nested(depth: usize) -> Vec<u8> {
    let mut bytes = vec![0x9f; depth];
    bytes.extend(vec![0xff; depth]);
    bytes
}

#[test]
fn values_nest_up_to_the_limit() {
    assert!(Reader::new(&nested(DEPTH_LIMIT)).skip().is_ok());
    assert!(Reader::new(&nested(DEPTH_LIMIT)).document().is_ok());
    for result in [
        Reader::new(&nested(DEPTH_LIMIT + 1)).skip(),
        Reader::new(&nested(1_000_000)).document().map(drop),
    ] {
        let error = result.expect_err("it nests too deep");
        assert!(error.message().contains("at most 128 deep"), "{error}");
    }
    // Tags are not nested values: they are skipped in a loop.
    let mut tags = vec![0xc1; 1_000_000];
    tags.push(0x01);
    assert!(Reader::new(&tags).document().is_ok());
}

#[test]
fn a_length_allocates_nothing() {
    for bytes in [
        &b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"[..],
        b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
    ] {
        assert!(Reader::new(bytes).document().is_err());
        assert!(Reader::new(bytes).skip().is_err());
    }
}

#[test]
fn values_use_no_more_memory_than_the_limit() {
    // A list of a million empty maps, each of which is a structure of 64 bytes.
    let mut bytes = vec![0x9a, 0, 0x0f, 0x42, 0x40];
    bytes.extend(vec![0xa0; 1_000_000]);
    let read = |limit: u64| {
        let mut reader = Reader::with_value_limit(&bytes, limit);
        reader.list(|reader| {
            let mut fields = reader.object()?;
            while reader.key(&mut fields)?.is_some() {
                reader.skip()?;
            }
            Ok([0_u64; 8])
        })
    };
    assert!(read(256 << 20).is_ok());
    let error = read(1 << 20).expect_err("it needs more");
    assert!(
        error.message().contains("1048576 bytes of memory"),
        "{error}"
    );
    // A text in chunks counts like any other.
    let chunks = [
        &b"\x7f"[..],
        &b"\x78\x40aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".repeat(1000),
        b"\xff",
    ]
    .concat();
    assert!(Reader::with_value_limit(&chunks, 1 << 20).string().is_ok());
    assert!(Reader::with_value_limit(&chunks, 1 << 10).string().is_err());
}
