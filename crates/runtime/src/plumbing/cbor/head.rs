//! The heads of data items (RFC 8949 section 3): what follows, and how much.

/// The head of a data item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Head {
    Unsigned(u64),
    /// The number is -1 minus the argument.
    Negative(u64),
    /// The lengths are `None` where they are indefinite.
    Bytes(Option<u64>),
    Text(Option<u64>),
    Array(Option<u64>),
    Map(Option<u64>),
    Tag(u64),
    /// `false`, `true`, `null`, `undefined` and values without a meaning.
    Simple(u8),
    Single(f32),
    Double(f64),
    Break,
}

pub(super) const FALSE: u8 = 20;
pub(super) const TRUE: u8 = 21;
pub(super) const NULL: u8 = 22;
pub(super) const UNDEFINED: u8 = 23;

/// The first byte of the break that ends an indefinite length.
pub(super) const BREAK: u8 = 0xff;

/// The major types.
pub(super) mod major {
    pub(in super::super) const UNSIGNED: u8 = 0;
    pub(in super::super) const NEGATIVE: u8 = 1;
    pub(in super::super) const BYTES: u8 = 2;
    pub(in super::super) const TEXT: u8 = 3;
    pub(in super::super) const ARRAY: u8 = 4;
    pub(in super::super) const MAP: u8 = 5;
    pub(in super::super) const TAG: u8 = 6;
    pub(in super::super) const SIMPLE: u8 = 7;
}

impl Head {
    /// What a message calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unsigned(_) | Self::Negative(_) | Self::Single(_) | Self::Double(_) => "a number",
            Self::Bytes(_) => "a byte string",
            Self::Text(_) => "a string",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
            Self::Tag(_) => "a tag",
            Self::Simple(FALSE | TRUE) => "a boolean",
            Self::Simple(NULL) => "null",
            Self::Simple(UNDEFINED) => "undefined",
            Self::Simple(_) => "a simple value without a meaning",
            Self::Break => "a break",
        }
    }
}

/// Why bytes are no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// The bytes end before the head does.
    End,
    /// The first byte has no meaning.
    Reserved,
}

/// The head at the beginning of `bytes`, and its length.
#[inline]
pub(super) fn parse(bytes: &[u8]) -> Result<(Head, usize), Malformed> {
    let first = *bytes.first().ok_or(Malformed::End)?;
    let (kind, information) = (first >> 5, first & 0x1f);
    let (argument, length) = match information {
        0..24 => (Some(u64::from(information)), 0),
        24 => (Some(u64::from(u8::from_be_bytes(following(bytes)?))), 1),
        25 => (Some(u64::from(u16::from_be_bytes(following(bytes)?))), 2),
        26 => (Some(u64::from(u32::from_be_bytes(following(bytes)?))), 4),
        27 => (Some(u64::from_be_bytes(following(bytes)?)), 8),
        31 => (None, 0),
        _ => return Err(Malformed::Reserved),
    };
    let head = match (kind, argument) {
        (major::UNSIGNED, Some(number)) => Head::Unsigned(number),
        (major::NEGATIVE, Some(number)) => Head::Negative(number),
        (major::BYTES, length) => Head::Bytes(length),
        (major::TEXT, length) => Head::Text(length),
        (major::ARRAY, length) => Head::Array(length),
        (major::MAP, length) => Head::Map(length),
        (major::TAG, Some(tag)) => Head::Tag(tag),
        (major::SIMPLE, None) => Head::Break,
        (major::SIMPLE, Some(argument)) => simple(information, argument)?,
        _ => return Err(Malformed::Reserved),
    };
    Ok((head, 1 + length))
}

/// The bytes behind the first one.
fn following<const LENGTH: usize>(bytes: &[u8]) -> Result<[u8; LENGTH], Malformed> {
    let bytes = bytes.get(1..1 + LENGTH);
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(Malformed::End)
}

/// A head of major type 7.
fn simple(information: u8, argument: u64) -> Result<Head, Malformed> {
    Ok(match information {
        25 => Head::Single(half(argument as u16)),
        26 => Head::Single(f32::from_bits(argument as u32)),
        27 => Head::Double(f64::from_bits(argument)),
        // The other values have a form of one byte, and this one is not well-formed.
        24 if argument < 32 => return Err(Malformed::Reserved),
        _ => Head::Simple(argument as u8),
    })
}

/// A float of 16 bits (RFC 8949 appendix D).
fn half(bits: u16) -> f32 {
    let exponent = i32::from(bits >> 10 & 0x1f);
    let mantissa = f32::from(bits & 0x3ff);
    let magnitude = match exponent {
        0 => mantissa * 2_f32.powi(-24),
        31 if mantissa == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (mantissa + 1024.0) * 2_f32.powi(exponent - 25),
    };
    if bits & 0x8000 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

/// Writes the shortest head with an argument.
pub(super) fn push(buffer: &mut Vec<u8>, kind: u8, argument: u64) {
    let (head, length) = encode(kind, argument);
    buffer.extend_from_slice(&head[..length]);
}

/// The shortest head with an argument, and its length.
pub(super) fn encode(kind: u8, argument: u64) -> ([u8; 9], usize) {
    let mut head = [0; 9];
    let bytes = argument.to_be_bytes();
    let (information, length) = match argument {
        0..24 => (argument as u8, 0),
        24..0x100 => (24, 1),
        0x100..0x1_0000 => (25, 2),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 8),
    };
    head[0] = kind << 5 | information;
    head[1..=length].copy_from_slice(&bytes[8 - length..]);
    (head, 1 + length)
}
