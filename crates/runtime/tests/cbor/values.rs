//! The forms of values, and the errors with their places.

use attache_runtime::plumbing::cbor::{Reader, Result, Writer};
use attache_runtime::{BigDecimal, BigInteger, Document, Timestamp};

/// Reads all bytes.
fn all<T>(bytes: &[u8], read: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> Result<T> {
    let mut reader = Reader::new(bytes);
    let value = read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::with_capacity(16);
    write(&mut writer);
    writer.into_bytes()
}

fn message<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => "read".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_integer_is_read_in_every_form() {
    for bytes in [
        &b"\x0a"[..],
        b"\x18\x0a",
        b"\x1b\0\0\0\0\0\0\0\x0a",
        b"\xf9\x49\x00",
        b"\xfa\x41\x20\0\0",
        b"\xfb\x40\x24\0\0\0\0\0\0",
        b"\xc2\x41\x0a",
        b"\xc2\x43\0\0\x0a",
        b"\xc2\x5f\x40\x41\x0a\xff",
        b"\xc4\x82\x01\x01",
        b"\xc4\x82\x20\x18\x64",
        b"\xd9\xd9\xf7\x0a",
    ] {
        assert_eq!(
            all(bytes, |reader| reader.byte()).ok(),
            Some(10),
            "{bytes:x?}"
        );
    }
    assert_eq!(
        all(b"\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", |it| it.long()).ok(),
        Some(i64::MIN)
    );
    assert_eq!(all(b"\x20", |it| it.integer()).ok(), Some(-1));
    assert_eq!(all(b"\xc3\x40", |it| it.integer()).ok(), Some(-1));
}

#[test]
fn a_number_that_does_not_fit_is_refused() {
    for bytes in [
        &b"\x18\x80"[..],
        b"\x38\x80",
        b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xc2\x49\x01\0\0\0\0\0\0\0\0",
        b"\xfb\x7f\xf0\0\0\0\0\0\0",
        b"\xfb\x43\xe0\0\0\0\0\0\0",
        b"\xc4\x82\x18\x64\x01",
    ] {
        let message = message(all(bytes, |reader| reader.byte()));
        assert!(
            message.contains("expected an integer from -128 to 127"),
            "{bytes:x?}: {message}"
        );
    }
    for bytes in [&b"\xf9\x38\x00"[..], b"\xc4\x82\x20\x01"] {
        let message = message(all(bytes, |reader| reader.long()));
        assert!(message.contains("with a fraction"), "{bytes:x?}: {message}");
    }
    let message = message(all(b"\xfb\x7e\x37\xe4\x3c\x88\0\x75\x9c", |it| it.float()));
    assert!(message.contains("finite magnitude"), "{message}");
}

#[test]
fn floats_have_three_lengths() {
    for (bytes, expected) in [
        (&b"\xf9\x00\x01"[..], 5.960_464_5e-8),
        (b"\xf9\x04\x00", 0.000_061_035_156),
        (b"\xf9\x7b\xff", 65504.0),
        (b"\xf9\xc4\x00", -4.0),
        (b"\xf9\x7c\x00", f32::INFINITY),
        (b"\xf9\xfc\x00", f32::NEG_INFINITY),
        (b"\xfa\x47\xc3\x50\x00", 100_000.0),
        (b"\xfb\x3f\xf8\0\0\0\0\0\0", 1.5),
        (b"\x18\x2a", 42.0),
        (b"\xc4\x82\x21\x19\x6a\xb3", 273.15),
    ] {
        assert_eq!(
            all(bytes, |reader| reader.float()).ok(),
            Some(expected),
            "{bytes:x?}"
        );
        let double = all(bytes, |reader| reader.double()).expect("a double is longer");
        assert_eq!(double as f32, expected);
    }
    assert!(all(b"\xf9\x7e\x00", |it| it.double()).is_ok_and(f64::is_nan));
    assert_eq!(written(|it| it.float(1.5)), b"\xfa\x3f\xc0\0\0");
    assert_eq!(written(|it| it.double(1.5)), b"\xfb\x3f\xf8\0\0\0\0\0\0");
}

#[test]
fn texts_and_bytes_may_come_in_chunks() {
    assert_eq!(
        all(b"\x7f\x61a\x60\x62bc\xff", |it| it.string())
            .ok()
            .as_deref(),
        Some("abc")
    );
    assert_eq!(
        all(b"\x5f\x41a\x42bc\xff", |it| it.blob()).ok().as_deref(),
        Some(&b"abc"[..])
    );
    for (bytes, expected) in [
        (&b"\x62a"[..], "the end of the input in it"),
        (b"\x61\xff", "UTF-8"),
        (b"\x7f\x61a\x41b\xff", "found a byte string"),
        (b"\x7f\x7f\x61a\xff\xff", "found a string"),
        (b"\x7f\x61a", "the end of the input"),
        (
            b"\x7b\xff\xff\xff\xff\xff\xff\xff\xff",
            "the end of the input in it",
        ),
        (b"\x41a", "expected a string, found a byte string"),
        (b"\x1c", "a byte that begins none"),
        (b"\xff", "found a break"),
    ] {
        let message = message(all(bytes, |reader| reader.string()));
        assert!(message.contains(expected), "{bytes:x?}: {message}");
    }
}

#[test]
fn times_are_numbers_or_texts() {
    let moment = Timestamp::from_epoch(1_363_896_240, 500_000_000).expect("it is a time");
    for bytes in [
        &b"\xc1\xfb\x41\xd4\x52\xd9\xec\x20\x00\x00"[..],
        b"\xfb\x41\xd4\x52\xd9\xec\x20\x00\x00",
        b"\xc0\x76\x32\x30\x31\x33-03-21T20:04:00.5Z",
        b"\xc1\xc4\x82\x20\x1b\x00\x00\x00\x03\x2c\xc0\x4f\x65",
    ] {
        let read = all(bytes, |reader| reader.timestamp());
        match bytes[1] {
            0xc4 => assert!(read.is_ok(), "{read:?}"),
            _ => assert_eq!(read.ok(), Some(moment), "{bytes:x?}"),
        }
    }
    // A whole number is not rounded, also in 32 bits.
    let read = all(b"\xc1\xfa\x4e\xbf\xdc\xcd", |reader| reader.timestamp());
    assert_eq!(read.ok(), Timestamp::from_epoch(1_609_459_328, 0).ok());
    assert_eq!(
        written(|it| it.timestamp(moment)),
        b"\xc1\xfb\x41\xd4\x52\xd9\xec\x20\x00\x00"
    );
    for (seconds, nanoseconds) in [(0, 0), (-1, 500_000_000), (1_515_531_081, 123_000_000)] {
        let moment = Timestamp::from_epoch(seconds, nanoseconds).expect("it is a time");
        let bytes = written(|writer| writer.timestamp(moment));
        assert_eq!(all(&bytes, |reader| reader.timestamp()).ok(), Some(moment));
    }
    let secret = all(b"\x66secret", |reader| reader.timestamp());
    assert!(
        !message(secret).contains("secret"),
        "no error shows a value"
    );
    let far = message(all(b"\xfb\x7e\x37\xe4\x3c\x88\0\x75\x9c", |it| {
        it.timestamp()
    }));
    assert!(far.contains("year"), "{far}");
}

#[test]
fn numbers_of_any_length_are_written_and_read() {
    for text in [
        "0",
        "-1",
        "18446744073709551615",
        "18446744073709551616",
        "-18446744073709551616",
        "-18446744073709551617",
        "-340282366920938463463374607431768211456",
    ] {
        let number = BigInteger::new(text).expect("it is a number");
        let bytes = written(|writer| writer.big_integer(&number));
        assert_eq!(
            all(&bytes, |reader| reader.big_integer()).ok(),
            Some(number.clone()),
            "{text}"
        );
        // A reference writes the same bytes.
        if let Ok(value) = text.parse::<i128>() {
            let mut reference = Vec::new();
            ciborium::into_writer(&value, &mut reference).expect("it can be written");
            assert_eq!(bytes, reference, "{text}");
        }
    }
    let number = BigDecimal::new("-273.15").expect("it is a number");
    let bytes = written(|writer| writer.big_decimal(&number));
    assert_eq!(bytes, b"\xc4\x82\x21\x39\x6a\xb2");
    let read = all(&bytes, |reader| reader.big_decimal()).expect("it is a number");
    assert_eq!(read.as_str(), "-27315e-2");
    let read = all(b"\xfb\x3f\xf8\0\0\0\0\0\0", |it| it.big_decimal()).expect("it is a number");
    assert_eq!(read.as_str(), "1.5");
    let mut long = vec![0xc2, 0x59, 0x02, 0x01];
    long.extend([1; 513]);
    let refused = message(all(&long, |reader| reader.big_integer()));
    assert!(refused.contains("at most 512 bytes"), "{refused}");
}

#[test]
fn nulls_have_two_forms_and_may_have_tags() {
    for bytes in [&b"\xf6"[..], b"\xf7", b"\xc1\xf6"] {
        assert_eq!(
            all(bytes, |reader| reader.nullable(|it| it.string())).ok(),
            Some(None)
        );
    }
    let list = |reader: &mut Reader<'_>| reader.list(|reader| reader.integer());
    assert_eq!(all(b"\x83\x01\xf6\x02", list).ok(), Some(vec![1, 2]));
    let sparse = |reader: &mut Reader<'_>| reader.sparse_list(|reader| reader.integer());
    assert_eq!(
        all(b"\x9f\x01\xf6\x02\xff", sparse).ok(),
        Some(vec![Some(1), None, Some(2)])
    );
}

#[test]
fn a_structure_has_a_definite_length_however_many_members_it_has() {
    for count in [0, 1, 23, 24, 255, 256] {
        let bytes = written(|writer| {
            writer.array(2);
            writer.begin_object();
            for number in 0..count {
                writer.key(&format!("m{number:03}"));
                writer.begin_object();
                writer.key("n");
                writer.integer(number);
                writer.end_object();
            }
            writer.end_object();
            writer.boolean(true);
        });
        let value: ciborium::Value = ciborium::from_reader(bytes.as_slice()).expect("it is CBOR");
        let mut again = Vec::new();
        ciborium::into_writer(&value, &mut again).expect("it can be written");
        assert_eq!(bytes, again, "{count}");
        let map = value.as_array().and_then(|array| array[0].as_map());
        assert_eq!(map.map(Vec::len), usize::try_from(count).ok());
    }
}

#[test]
fn an_error_has_the_place_of_its_value() {
    // {"cases": [{"a/b": 1}, {"a/b": true}]}
    let bytes = b"\xa1\x65cases\x9f\xa1\x63a/b\x01\xbf\x63a/b\xf5\xff\xff";
    let mut reader = Reader::new(bytes);
    let result = (|| {
        let mut fields = reader.object()?;
        while reader.key(&mut fields)?.is_some() {
            reader.list(|reader| {
                let mut fields = reader.object()?;
                while reader.key(&mut fields)?.is_some() {
                    reader.integer()?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })();
    assert_eq!(
        message(result),
        "expected an integer, found a boolean at /cases/1/a~1b (byte 19)"
    );
    let list = |reader: &mut Reader<'_>| reader.list(|reader| reader.string());
    assert_eq!(
        message(all(b"\x82\x61a\x01", list)),
        "expected a string, found a number at /1 (byte 3)"
    );
}

#[test]
fn a_document_has_what_json_has() {
    let document = all(
        b"\xa5\x61a\x83\x01\x20\xfb\x3f\xf8\0\0\0\0\0\0\x61b\xf6\x61c\x42hi\x61d\xc2\x41\x07\x61e\xf5",
        |reader| reader.document(),
    );
    let expected = Document::from_iter([
        ("a", Document::from(vec![1.into(), (-1).into(), 1.5.into()])),
        ("b", Document::Null),
        ("c", "aGk=".into()),
        ("d", 7.0.into()),
        ("e", true.into()),
    ]);
    assert_eq!(document.ok(), Some(expected));
}

#[test]
fn what_is_skipped_must_be_valid() {
    for bytes in [
        &b"\x9f\xbf\x61a\x5f\x41b\xff\xff\x7f\xff\xff"[..],
        b"\xc1\x9f\xff",
        b"\xf8\xff",
    ] {
        assert!(all(bytes, |reader| reader.skip()).is_ok(), "{bytes:x?}");
    }
    for bytes in [
        &b"\x9f\x01"[..],
        b"\x82\x01",
        b"\x61\xff",
        b"\xf8\x1f",
        b"\xc1",
        b"\x9f\x1c\xff",
    ] {
        assert!(all(bytes, |reader| reader.skip()).is_err(), "{bytes:x?}");
    }
}
